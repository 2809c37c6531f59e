using System.Globalization;
using System.Text;
using static Dum.Tongue;

namespace Dum.Host.Fit;

/// <summary>The fit in words: a table of known models, or one model's arithmetic line by line.</summary>
public static class FitReport
{
    /// <summary>
    /// How many tokens of text one position of a scene model is meant to hold. A prediction, from the design;
    /// the ledger has to measure it, and until then every line built on it says so.
    /// </summary>
    public const int TokensPerScene = 10;

    const int AdapterRank = 16, TrainingContext = 2048;

    /// <summary>One row of the table: a model, its needs at the asked context, the largest context that fits, expected speed.</summary>
    /// <param name="Name">The model.</param>
    /// <param name="Mebibytes">Memory at the asked context.</param>
    /// <param name="LargestContext">Tokens; 0 when the model does not fit.</param>
    /// <param name="Writing">Tokens a second, or null.</param>
    public sealed record Row(string Name, double Mebibytes, int LargestContext, double? Writing);

    /// <summary>Every model of the table on a device; a context longer than a model's own is cut to it.</summary>
    public static IReadOnlyList<Row> Rows(Device device, FitRequest request) =>
        [.. ModelTable.All.Select(shape =>
        {
            FitRequest asked = device.Fill(request with { Context = shape.Context > 0 ? Math.Min(request.Context, shape.Context) : request.Context });
            FitEstimate fit = FitCalculator.Estimate(shape, asked);
            int context = FitCalculator.LargestContext(shape, asked, device.Budget);
            return new Row(shape.Name, fit.Total, context, context > 0 ? device.Writing(shape, fit) : null);
        })];

    /// <summary>The rows that fit. A model that fits only with a shorter context than asked does not.</summary>
    internal static IEnumerable<Row> Fitting(Device device, FitRequest request) =>
        Rows(device, request).Where(r => r.LargestContext > 0 && r.Mebibytes <= device.Budget);

    /// <summary>The models that fit, largest first.</summary>
    public static string Table(Device device, FitRequest request, int most = 12)
    {
        var text = new StringBuilder();
        string from = device.Bandwidth is null ? "" : device.Measured
            ? Say($"; {N(device.Bandwidth)} GB/s measured here", $"; {N(device.Bandwidth)} ГБ/с, измерено здесь")
            : Say($"; {N(device.Bandwidth)} GB/s by its data sheet", $"; {N(device.Bandwidth)} ГБ/с по паспорту");
        text.Append(Say(
            $"Models in {request.Weights.Name} on {device.Name} ({Gib(device.Budget)} GiB to use{from}):",
            $"Модели в {request.Weights.Name} на {device.Name} (можно занять {Gib(device.Budget)} ГиБ{from}):")).Append('\n');
        Row[] fitting = [.. Fitting(device, request).Reverse()];
        int width = fitting.Take(most).Select(r => r.Name.Length).DefaultIfEmpty(0).Max();
        foreach (Row row in fitting.Take(most))
        {
            text.Append("  ").Append(row.Name.PadRight(width)).Append("  ").Append(Gib(row.Mebibytes).PadLeft(5)).Append(Say(" GiB", " ГиБ"))
                .Append(Say("  context up to ", "  контекст до ")).Append(FitCalculator.Count(row.LargestContext).PadLeft(7))
                .Append(row.Writing is { } speed ? Say($"  about {Rate(speed)} tokens/s", $"  около {Rate(speed)} токенов/с") : "").Append('\n');
        }
        if (fitting.Length > most)
            text.Append("  ").Append(Say($"and {fitting.Length - most} smaller ones: dum check --models", $"и ещё {fitting.Length - most} поменьше: dum check --models")).Append('\n');
        if (fitting.Length == 0)
            text.Append("  ").Append(Say("none of the known models", "ни одна из известных моделей")).Append('\n');
        return text.ToString();
    }

    /// <summary>One model, line by line: memory, the largest context, speed, scenes, training.</summary>
    public static string Explain(ModelShape shape, FitRequest request, Device device, string format)
    {
        FitRequest asked = device.Fill(request);
        FitEstimate fit = FitCalculator.Estimate(shape, asked);
        int largest = FitCalculator.LargestContext(shape, asked, device.Budget);
        var text = new StringBuilder();
        text.Append(shape.Name).Append(": ").Append(FitCalculator.Big(shape.Parameters)).Append(Say(" parameters", " параметров"))
            .Append(format.Length > 0 ? ", " + format : "").Append(Say($", context {FitCalculator.Count(asked.Context)}", $", контекст {FitCalculator.Count(asked.Context)}")).Append('\n');
        if (shape.Context > 0 && asked.Context > shape.Context)
            text.Append(Say($"  the model was trained for {FitCalculator.Count(shape.Context)} tokens; beyond them it needs rope scaling\n", $"  модель обучена на {FitCalculator.Count(shape.Context)} токенов; дальше нужно растяжение позиций\n"));
        Lines(text, fit);
        Total(text, fit.Total, device);
        text.Append("  ").Append(largest > 0
            ? Say($"largest context that fits: {FitCalculator.Count(largest)} tokens", $"наибольший контекст, который поместится: {FitCalculator.Count(largest)} токенов")
            : Say("no context fits", "не поместится ни с каким контекстом")).Append('\n');
        if (device.Writing(shape, fit) is { } writing && device.Reading(shape) is { } reading)
            text.Append("  ").Append(Say(
                $"expected: {Rate(writing)} tokens/s written, {Rate(reading)} tokens/s of prompt read",
                $"ожидается: {Rate(writing)} токенов/с на ответе, {Rate(reading)} токенов/с на чтении вопроса"))
                .Append(device.Measured ? Say(" (from rates measured here)", " (по измеренным здесь скоростям)") : Say(" (from the card's data sheet)", " (по паспорту карты)")).Append('\n');
        Scenes(text, shape, asked, fit, largest);
        text.Append(Say("\nTraining at 2 048 tokens:\n", "\nОбучение на 2 048 токенах:\n"));
        WeightFormat base16 = WeightFormat.Find("BF16")!, base4 = WeightFormat.Find("INT4")!;
        Training(text, Say($"LoRA rank {AdapterRank}, 16-bit base", $"LoRA ранга {AdapterRank}, основа 16 бит"), TrainingFit.Adapter(shape, base16, AdapterRank, TrainingContext), device);
        Training(text, Say($"LoRA rank {AdapterRank}, 4-bit base", $"LoRA ранга {AdapterRank}, основа 4 бита"), TrainingFit.Adapter(shape, base4, AdapterRank, TrainingContext), device);
        Training(text, Say("all weights, Adam", "все веса, Adam"), TrainingFit.Full(shape, TrainingContext), device);
        return text.ToString();
    }

    static void Lines(StringBuilder text, FitEstimate fit)
    {
        int part = fit.Lines.Max(l => l.Part.Length), arithmetic = fit.Lines.Max(l => l.Arithmetic.Length);
        foreach (FitLine line in fit.Lines)
            text.Append("  ").Append(line.Part.PadRight(part)).Append("  ").Append(line.Arithmetic.PadRight(arithmetic)).Append("  = ").Append(M(line.Mebibytes).PadLeft(9)).Append(Say(" MiB", " МиБ")).Append('\n');
    }

    static void Total(StringBuilder text, double total, Device device) => text.Append("  ").Append(Say(
        $"sum {M(total)} MiB; {device.Name} has {M(device.Budget)} MiB to use: {(total <= device.Budget ? "fits" : "does not fit")}",
        $"всего {M(total)} МиБ; на {device.Name} можно занять {M(device.Budget)} МиБ: {(total <= device.Budget ? "поместится" : "не поместится")}")).Append('\n');

    // A scene takes one position of the cache where plain text takes one for each token.
    static void Scenes(StringBuilder text, ModelShape shape, FitRequest request, FitEstimate fit, int largest)
    {
        double perToken = FitCalculator.CacheBytes(shape, request) / request.Context / 1024;
        text.Append(Say(
            $"  as scenes (predicted, not yet measured by the ledger): {TokensPerScene} tokens of text a position\n",
            $"  сценами (предсказание, журнал ещё не измерил): {TokensPerScene} токенов текста на позицию\n"));
        text.Append("    ").Append(Say(
            $"cache {M(fit.Cache)} MiB → {M(fit.Cache / TokensPerScene)} MiB for the same text; {perToken:0.0} KiB a scene instead of {perToken * TokensPerScene:0.0} KiB for its tokens; {FitCalculator.Count((long)largest * TokensPerScene)} tokens of text fit",
            $"кэш {M(fit.Cache)} МиБ → {M(fit.Cache / TokensPerScene)} МиБ на тот же текст; {perToken:0.0} КиБ на сцену вместо {perToken * TokensPerScene:0.0} КиБ на её токены; поместится {FitCalculator.Count((long)largest * TokensPerScene)} токенов текста")).Append('\n');
    }

    static void Training(StringBuilder text, string name, FitEstimate fit, Device device)
    {
        text.Append(name).Append('\n');
        Lines(text, fit);
        Total(text, fit.Total, device);
    }

    static string Gib(double mebibytes) => (mebibytes / 1024).ToString("0.0", CultureInfo.InvariantCulture);
    static string M(double mebibytes) => mebibytes.ToString("0", CultureInfo.InvariantCulture);
    static string N(double? value) => value?.ToString("0", CultureInfo.InvariantCulture) ?? "?";
    static string Rate(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
