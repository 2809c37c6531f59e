using System.Security.Cryptography;
using Dum.Folding;
using Dum.Lexicon;

namespace Dum.Bench;

/// <summary>Size and speed of folding any files, beside the compressors found on the machine.</summary>
static class FoldBench
{
    public const string Usage = "FILE… [--lexicon L] [--passes N] [--json] [--save]";

    // Below this a speed says more about starting than about folding.
    const int LeastForSpeed = 100_000;

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--lexicon", "--passes");
        LexiconFile lexicon = arguments.One("--lexicon") is { } path ? LexiconFile.Load(path) : LexiconFile.Default;
        Compressor[] peers = [.. Compressor.Known.Where(c => c.Find())];
        int passes = arguments.Number("--passes", 3);

        var sizes = new Table($"Size; lexicon {lexicon.Id}",
            [("file", ""), ("bytes", "0"), ("folded", "0"), ("bits/byte", "0.000"), .. peers.SelectMany(p => ((string, string)[])[(p.Name, "0"), ($"fold/{p.Short}", "0.000")])]);
        var speeds = new Table("MB/s per core, processor time: there, and back",
            [("file", ""), ("fold, not verified", "0.00"), ("fold", "0.00"), ("unfold", "0.00"), .. peers.SelectMany(p => ((string, string)[])[(p.Name, "0.00"), ($"{p.Short} back", "0.0")])]);
        var all = new long[2 + peers.Length];
        var spent = new double[3 + 2 * peers.Length];
        foreach (string file in files)
        {
            byte[] text = File.ReadAllBytes(file);
            if (text.Length == 0)
                throw new DumException($"{file} is empty");
            using var work = new FoldWork(lexicon, Path.GetFileName(file), text);
            PackedFile[] packed = [.. peers.Select(p => p.Pack(file, SHA256.HashData(text)))];
            var rounds = new Rounds(text.Length < LeastForSpeed ? 1 : passes);
            rounds.Add(() => work.Fold(verify: false));
            rounds.Add(() => work.Fold(verify: true));
            rounds.Add(() => work.Unfold(Stream.Null));
            foreach (PackedFile peer in packed)
            {
                rounds.Add(peer.PackSeconds);
                rounds.Add(peer.UnpackSeconds);
            }
            double[] seconds = rounds.Run();
            long[] bytes = [text.Length, work.Folded, .. packed.Select(p => p.Bytes)];
            for (int i = 0; i < all.Length; i++)
                all[i] += bytes[i];
            for (int i = 0; i < spent.Length; i++)
                spent[i] += seconds[i];
            sizes.Add([Path.GetFileName(file), .. Sizes(bytes)]);
            if (text.Length >= LeastForSpeed)
                speeds.Add([Path.GetFileName(file), .. Speeds(text.Length, seconds)]);
            foreach (PackedFile peer in packed)
                peer.Dispose();
            Console.Error.WriteLine($"{Path.GetFileName(file)}: {text.Length} to {work.Folded}");
        }
        if (files.Count > 1)
        {
            sizes.Add(["all, each alone", .. Sizes(all)]);
            speeds.Add(["all, each alone", .. Speeds(all[0], spent)]);
        }
        var report = new Report(arguments);
        report.Add(sizes);
        report.Add(speeds);
        report.Note("Each file is folded to a .dum of its own, as it is; unfolding and every peer's unpacking gave the original back (SHA-256).");
        report.Note("MB/s: 10^6 bytes for each second of processor time, one thread; median of interleaved rounds in one run. " +
            $"Ours without the start of the process and the reading of the lexicon; a peer's time is that of its program less its start on an empty file. Files below {LeastForSpeed} bytes are in the sum only.");
        foreach (Compressor peer in Compressor.Known)
            report.Note(peers.Contains(peer) ? $"{peer.Name}: `{peer.CommandLine}`" : $"{peer.Name} is missing: {peer.Program} (Debian package {peer.Package}) is not there.");
        return report.Finish();
    }

    static IEnumerable<object?> Sizes(long[] bytes) =>
        [bytes[0], bytes[1], bytes[0] == 0 ? null : 8.0 * bytes[1] / bytes[0], .. bytes.Skip(2).SelectMany(b => (object?[])[b, (double)bytes[1] / b])];

    static IEnumerable<object?> Speeds(long bytes, double[] seconds) => seconds.Select(s => (object?)(bytes / s / 1e6));
}

/// <summary>Folding and unfolding one text in memory, on one thread.</summary>
sealed class FoldWork : IDisposable
{
    readonly LexiconFile _lexicon;
    readonly string _name;
    readonly byte[] _text;
    readonly MemoryStream _folded = new();

    public FoldWork(LexiconFile lexicon, string name, byte[] text)
    {
        (_lexicon, _name, _text) = (lexicon, name, text);
        Fold(verify: false);
        using var back = new MemoryStream();
        Unfold(back);
        if (!SHA256.HashData(back.GetBuffer().AsSpan(0, (int)back.Length)).AsSpan().SequenceEqual(SHA256.HashData(text)))
            throw new DumException($"{name} did not come back as it was");
    }

    public long Folded => _folded.Length;

    public void Fold(bool verify)
    {
        _folded.SetLength(0);
        var writer = new FoldWriter(_folded, _lexicon, new FoldOptions { Threads = 1, Verify = verify });
        writer.Add(new FoldedDocument { Name = _name }, new MemoryStream(_text));
        writer.Finish();
    }

    public void Dispose() => _folded.Dispose();

    public void Unfold(Stream output)
    {
        _folded.Position = 0;
        var reader = new FoldReader(_folded, _name, _lexicon, threads: 1);
        reader.Unfold(reader.Documents[0], output);
    }
}
