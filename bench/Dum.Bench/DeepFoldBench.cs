using System.Diagnostics;
using System.Security.Cryptography;
using Dum.Coding;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Models;

namespace Dum.Bench;

/// <summary>Size and speed of folding with a language model, beside its own cross-entropy, the fast coder and the compressors found on the machine.</summary>
static class DeepFoldBench
{
    public const string Usage = "MODEL FILE… [--bytes N] [--threads N] [--lanes N] [--window N] [--keep N] [--alone yes] [--no-prior yes] [--decode no] [--json] [--save]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--bytes", "--threads", "--lanes", "--window", "--keep", "--alone", "--no-prior", "--decode");
        using LanguageModel model = LanguageModel.Open(files[0]);
        LexiconFile lexicon = model.Lexicon ?? throw new DumException($"{files[0]} has no lexicon");
        Compressor[] peers = [.. Compressor.Known.Where(c => c.Find())];
        bool alone = arguments.One("--alone") == "yes", decode = arguments.One("--decode") != "no";
        CoderPrior prior = arguments.One("--no-prior") == "yes" ? WithoutTables(lexicon.Prior) : lexicon.Prior;
        using var coder = new DeepCoder(model.NewSession(arguments.Number("--threads", Environment.ProcessorCount)), prior) { Alone = alone };
        var table = new Table($"{Path.GetFileName(files[0])}{(alone ? ", the model alone" : "")}, bits per byte; KB/s on the wall",
            [("file", ""), ("bytes", "0"), ("lanes", "0"), ("deep", "0.0000"), ("model's cross-entropy", "0.0000"), ("statistics", "0.0000"), ("fast fold", "0.0000"), ("there", "0.0"), ("back", "0.0"), .. peers.Select(p => (p.Name, "0.000"))]);
        var sums = new double[4 + peers.Length];
        foreach (string file in files.Skip(1))
        {
            byte[] text = File.ReadAllBytes(file);
            text = text[..Math.Min(text.Length, arguments.Number("--bytes", text.Length))];
            int[] ids = lexicon.Vocabulary.Encoder.Encode(text);
            var shape = DeepShape.For(ids.Length, coder.Context);
            int window = arguments.Number("--window", shape.Window);
            shape = new DeepShape(arguments.Number("--lanes", shape.Lanes), window, arguments.Number("--keep", arguments.One("--window") is null ? shape.Keep : window / 4));
            var clock = Stopwatch.StartNew();
            byte[] coded = coder.Encode(ids, shape);
            double there = clock.Elapsed.TotalSeconds;
            clock.Restart();
            if (decode)
            {
                var again = new int[ids.Length];
                coder.Decode(coded, again, shape);
                if (!again.AsSpan().SequenceEqual(ids))
                    throw new DumException($"{file} did not come back as it was");
            }
            double back = decode ? clock.Elapsed.TotalSeconds : double.NaN, perByte = 1.0 / text.Length;
            double[] sizes = [8 * coded.Length * perByte, coder.Spent.Model * perByte, coder.Spent.Statistics * perByte,
                8 * new BlockCoder(prior).Encode(ids).Length * perByte, .. peers.Select(p => 8 * Packed(p, text) * perByte)];
            for (int i = 0; i < sizes.Length; i++)
                sums[i] += sizes[i] / (files.Count - 1);
            table.Add([Path.GetFileName(file), text.Length, shape.Lanes, .. Boxed(sizes[..4]), text.Length / 1e3 / there, text.Length / 1e3 / back, .. Boxed(sizes[4..])]);
            Console.Error.WriteLine($"{Path.GetFileName(file)}: {text.Length} to {coded.Length}");
        }
        table.Add(["mean", null, null, .. Boxed(sums[..4]), null, null, .. Boxed(sums[4..])]);
        var report = new Report(arguments);
        report.Add(table);
        report.Note("Deep and fast are the coded hyperwords, without the container's some 300 bytes and without the model and the lexicon. Cross-entropy is what the model alone would spend, statistics what the fast coder's share of the mixture would.");
        return report.Finish();
    }

    static IEnumerable<object?> Boxed(double[] values) => values.Select(v => (object?)v);

    static double Packed(Compressor peer, byte[] text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, text);
            using PackedFile packed = peer.Pack(file, SHA256.HashData(text));
            return packed.Bytes;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The same tree and tuning without n-gram statistics: what a lexicon of some hundred kilobytes would have.</summary>
    static CoderPrior WithoutTables(CoderPrior prior) => new()
    {
        Tree = prior.Tree,
        UnigramLevels = prior.UnigramLevels,
        Tables = [NgramTable.Empty, NgramTable.Empty, NgramTable.Empty],
        State = prior.State,
    };
}
