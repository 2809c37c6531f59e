using System.Diagnostics;
using System.Globalization;
using Dum.Folding.Deep;
using Dum.Models;

namespace Dum.Bench;

/// <summary>Deep folding.</summary>
static class DeepFoldBench
{
    public const string Usage = "MODEL FILE… [--lanes N] [--keep N] [--kb N] [--threads N]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--lanes", "--keep", "--threads", "--alone", "--kb", "--decode", "--bytes");
        using LanguageModel model = LanguageModel.Open(files[0]);
        foreach (string alone in new[] { "0", "1" })
        {
            if (arguments.One("--alone") is { } only && only != alone) continue;
            using var coder = new DeepCoder(model, arguments.Number("--threads", 2)) { Alone = alone == "1" };
            double total = 0, bytes = 0;
            foreach (string file in files.Skip(1))
            {
                byte[] text = File.ReadAllBytes(file);
                if (arguments.One("--bytes") is not null)
                    text = text[..Math.Min(text.Length, arguments.Number("--bytes", 0))];
                int[] ids = model.Lexicon!.Vocabulary.Encoder.Encode(text);
                int lanes = arguments.Number("--lanes", Math.Clamp(ids.Length / 4096, 1, 32));
                var shape = new DeepShape(lanes, coder.Window, arguments.Number("--keep", coder.Window / 4));
                var clock = Stopwatch.StartNew();
                byte[] coded = coder.Encode(ids, shape);
                double seconds = clock.Elapsed.TotalSeconds;
                double modelBits = coder.ModelBits, statistics = coder.StatisticsBits;
                clock.Restart();
                string back = "";
                if (arguments.One("--decode") == "1")
                {
                    var decoded = new int[ids.Length];
                    coder.Decode(coded, decoded, shape);
                    back = decoded.AsSpan().SequenceEqual(ids) ? "same" : "DIFFERENT";
                    back += $" {text.Length / 1e3 / clock.Elapsed.TotalSeconds:0.0} KB/s";
                }
                total += coded.Length * 8.0; bytes += text.Length;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file),-24} alone={alone} lanes={lanes} keep={shape.Keep} {text.Length} B {(double)text.Length / ids.Length:0.00} B/u: {coded.Length * 8.0 / text.Length:0.0000} bpb; model {modelBits / text.Length:0.0000}, stats {statistics / text.Length:0.0000}; {text.Length / 1e3 / seconds:0.0} KB/s {back}"));
            }
        }
        return 0;
    }
}
