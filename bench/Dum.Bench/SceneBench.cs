using System.Globalization;
using Dum.Ledger;
using Dum.Models;

namespace Dum.Bench;

/// <summary>Trained models side by side on one text: bytes a second of conversations, and what their caches hold.</summary>
static class SceneBench
{
    public const string Usage = "MODEL MODEL… --text FILE [--batch 1,64] [--bytes N] [--rounds N] [--threads N] [--json] [--save]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> models = arguments.Files("--text", "--batch", "--bytes", "--rounds", "--threads");
        byte[] text = File.ReadAllBytes(arguments.One("--text") ?? throw new DumException("--text FILE: what is read and written"));
        int rounds = arguments.Number("--rounds", 3), threads = arguments.Number("--threads", 1);
        (int most, int least) = Conversation.Lengths(text.Length, arguments.Number("--bytes", 8000));
        var report = new Report(arguments);
        foreach (int batch in (arguments.One("--batch") ?? "1,64").Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture)))
        {
            var table = new Table($"{batch} conversations at once, bytes a second", ("model", ""), ($"{least} read, {most} written", "0"), ("against the last", "0.00 ×"), ($"{most} read, {least} written", "0"), ("against the last ", "0.00 ×"), ("cache, bytes for each of text", "0.0"));
            double[][] written = [.. models.Select(_ => new double[rounds])], read = [.. models.Select(_ => new double[rounds])];
            double[] cache = new double[models.Count];
            for (int round = 0; round < rounds; round++)
                for (int i = 0; i < models.Count; i++)
                {
                    using LanguageModel model = LanguageModel.Open(models[i]);
                    written[i][round] = Conversation.Rate(model, text, batch, least, most, threads);
                    read[i][round] = Conversation.Rate(model, text, batch, most, least, threads);
                    cache[i] = Cache(model, text.AsSpan(0, most));
                }
            for (int i = 0; i < models.Count; i++)
                table.Add(Path.GetFileName(models[i].TrimEnd('/')), Median(written[i]), Median(written[i]) / Median(written[^1]), Median(read[i]), Median(read[i]) / Median(read[^1]), cache[i]);
            report.Add(table);
        }
        report.Note($"Medians of {rounds} interleaved rounds, {threads} threads; one thread by processor time, more by the clock. Keys and values as f32.");
        return report.Finish();
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    static double Cache(LanguageModel model, ReadOnlySpan<byte> text)
    {
        int[] ids = model.Tokenizer.Encode(text);
        using LanguageSession session = model.NewSession(1, context: ids.Length);
        int sequence = session.Open(ids.Length);
        session.Append(sequence, ids);
        return (double)session.CacheBytes(sequence) / text.Length;
    }
}
