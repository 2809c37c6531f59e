using System.CommandLine;
using System.Globalization;
using Dum.Files;
using Dum.Models;
using Dum.Sigma.Answers;
using Dum.Sigma.Controls;
using Dum.Sigma.Formats;
using Dum.Sigma.Tap;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma tap</c>: the residuals of every operation of a running model.</summary>
static class SigmaTapCommand
{
    /// <summary>Residuals below which a histogram of 256 places says nothing.</summary>
    const int Least = 16_384;

    public static Command Create()
    {
        Argument<string> model = SigmaCommand.Model(), text = SigmaCommand.Text();
        var format = new Option<string>("--format") { Description = Say("what results are rounded to", "до чего округляются результаты"), DefaultValueFactory = _ => "bf16", HelpName = "NAME" };
        format.CompletionSources.Add([.. FloatFormat.All.Select(f => f.Name)]);
        var share = new Option<double>("--share") { Description = Say("share of the results that is looked at", "доля просматриваемых результатов"), DefaultValueFactory = _ => 0.01, HelpName = "0…1" };
        var state = new Option<bool>("--round-state") { Description = Say("really round every result, as hardware of that format does", "действительно округлять каждый результат, как железо этого формата") };
        Option<string?> tokenizer = SigmaCommand.Tokenizer();
        Option<int> tokens = SigmaCommand.Tokens(), threads = Shared.Threads();
        var operation = new Option<string?>("--operation") { Description = Say("one operation, for --dump", "одна операция, для --dump"), HelpName = "NAME" };
        var dump = new Option<string?>("--dump") { Description = Say("write its residuals as bytes for 'dum sigma battery'", "записать её остатки байтами для 'dum sigma battery'"), HelpName = "FILE" };
        Option<bool> force = Shared.Force();
        var command = new Command("tap", Say(
            "Residuals of every operation of a running model: exact less rounded, from the accumulator itself.",
            "Остатки каждой операции работающей модели: точное минус округлённое, прямо из накопителя."))
        {
            model, text, format, share, state, tokens, operation, dump, tokenizer, force, threads,
        };
        command.Shows("dum sigma tap default book.txt\ndum sigma tap default book.txt --round-state --share 1 --operation 'sum after decoder.layers.0.mlp.down_proj' --dump r.bin");
        command.Does((parsed, cancel) =>
        {
            FloatFormat rounding = FloatFormat.Of(parsed.GetValue(format)!);
            string? wanted = parsed.GetValue(operation), file = parsed.GetValue(dump);
            if ((wanted is null) != (file is null))
                throw new DumException(Say("--operation and --dump go together", "--operation и --dump нужны вместе"));
            if (file is not null)
                OutputPath.File(file, parsed.GetValue(force), SigmaCommand.Read(parsed.GetValue(model)!, parsed.GetValue(text), parsed.GetValue(tokenizer)), "--dump");
            var tap = new ResidualTap(new TapOptions { Format = rounding, Share = parsed.GetValue(share), RoundState = parsed.GetValue(state), Keep = file is null ? 0 : 1 << 26 });
            byte[] bytes = SigmaCommand.Beginning(parsed.GetValue(text)!, parsed.GetValue(tokens));
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!, tokenizer: parsed.GetValue(tokenizer));
            using (var progress = new Progress(Say("tap", "отвод")))
                TappedRun.Read(loaded, bytes, parsed.GetValue(tokens), tap, parsed.GetValue(threads), done => progress.Step(Say("reading", "чтение"), done, ""), cancel);
            if (file is not null)
                return Dump(tap, wanted!, rounding, file);
            Write(tap, rounding);
            return Cli.Ok;
        });
        return command;
    }

    static void Write(ResidualTap tap, FloatFormat format)
    {
        long most = tap.Records.Count == 0 ? 0 : Math.Min(tap.Records.Max(r => r.Sketch.Count), 1 << 22);
        Console.Out.WriteLine(Say(
            "residuals   bits of 8   exact    tie     mean    lag 1   above   lean   tilt, bits  accumulator  operation",
            "остатков    бит из 8    точно    пополам среднее лаг 1   сверху  крен   наклон, бит накопитель   операция"));
        foreach (TapRecord record in tap.Records)
        {
            ResidualSketch s = record.Sketch;
            if (s.Count > 0 && s.Count < Least)
            {
                Console.Out.WriteLine(Say($"{s.Count,9}   INSUFFICIENT: {Least} are needed; read more tokens or give a larger --share  {record.Operation}", $"{s.Count,9}   НЕДОСТАТОЧНО: нужно {Least}; прочитайте больше токенов или увеличьте --share  {record.Operation}"));
                continue;
            }
            if (s.Count == 0)
            {
                Console.Out.WriteLine(Say($"{0,9}   every result is infinite or not a number ({s.NotFinite})  {record.Operation}", $"{0,9}   все результаты бесконечны или не числа ({s.NotFinite})  {record.Operation}"));
                continue;
            }
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Line(s)} {record.AccumulatorError,11:0.0000}  {record.Operation}{(s.NotFinite > 0 ? Say($" ({s.NotFinite} not finite)", $" ({s.NotFinite} не конечных)") : "")}"));
        }
        if (most >= Least)
            Console.Out.WriteLine($"{Line(Placebo(most, format))} {"–",11}  {Say("PLACEBO: normal numbers made of a cipher", "ПЛАЦЕБО: нормальные числа из шифра")}");
    }

    static string Line(ResidualSketch s) => string.Create(CultureInfo.InvariantCulture,
        $"{s.Count,9} {s.Entropy,9:0.000} {(double)s.Exact / s.Count,9:0.0000} {(double)s.Ties / s.Count,8:0.0000} {s.Mean,8:+0.0000;-0.0000;0} {s.Correlation(1),8:+0.000;-0.000;0} {s.Above,7:+0.000;-0.000;0} {s.Coherence,6:0.00} {s.TiltBits,11:0.0e0}");

    /// <summary>As many normal numbers made of a cipher's bits: what is as near to an even distribution as this is no signal.</summary>
    static ResidualSketch Placebo(long count, FloatFormat format)
    {
        var (sketch, cipher, run) = (new ResidualSketch(format), new ChaCha20(1), new float[64]);
        for (long at = 0; at < count; at += run.Length)
        {
            // Box and Muller.
            for (int i = 0; i < run.Length; i += 2)
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - cipher.Unit()));
                (double sin, double cos) = Math.SinCos(2 * Math.PI * cipher.Unit());
                (run[i], run[i + 1]) = ((float)(radius * cos), (float)(radius * sin));
            }
            sketch.Add(run);
        }
        return sketch;
    }

    static int Dump(ResidualTap tap, string wanted, FloatFormat format, string file)
    {
        TapRecord record = tap.Records.FirstOrDefault(r => r.Operation == wanted) ?? throw new DumException(Say(
            $"there is no operation '{wanted}': run without --dump to see their names", $"операции '{wanted}' нет: имена видны без --dump"));
        byte[] bytes = SigmaAnswers.Bytes(record, format);
        SafeFile.Write(file, stream => stream.Write(bytes));
        Console.Error.WriteLine(Say($"{bytes.Length} residuals → {file}", $"остатков {bytes.Length} → {file}"));
        return Cli.Ok;
    }
}
