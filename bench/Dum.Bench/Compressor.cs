using System.Security.Cryptography;

namespace Dum.Bench;

/// <summary>A compressor on this machine, on one thread.</summary>
/// <param name="Name">With the settings that matter.</param>
/// <param name="Short">Its name alone.</param>
/// <param name="Program">What is run.</param>
/// <param name="Package">The Debian package that has it.</param>
/// <param name="PackArguments">{in} and {out} stand for files; without {out} the result is standard output.</param>
/// <param name="UnpackArguments">{in} stands for the packed file; the result is standard output.</param>
sealed record Compressor(string Name, string Short, string Program, string Package, string[] PackArguments, string[] UnpackArguments)
{
    public static IReadOnlyList<Compressor> Known { get; } =
    [
        new("xz -9e", "xz", "xz", "xz-utils", ["-9e", "-T1", "-k", "-c", "{in}"], ["-d", "-c", "{in}"]),
        new("brotli -q 11", "brotli", "brotli", "brotli", ["-q", "11", "--lgwin=24", "-k", "-c", "{in}"], ["-d", "-c", "{in}"]),
        new("zstd -19 --long", "zstd", "zstd", "zstd", ["-19", "--long=27", "--single-thread", "-q", "-k", "-c", "{in}"], ["-d", "--long=27", "-q", "-c", "{in}"]),
        new("7z PPMd", "PPMd", "7z", "p7zip-full", ["a", "-bd", "-mmt=1", "-m0=PPMd:o16:mem=256m", "{out}", "{in}"], ["x", "-bd", "-mmt=1", "-so", "{in}"]),
    ];

    double _packStart, _unpackStart;

    public string CommandLine => $"{Program} {string.Join(' ', PackArguments)}";

    /// <summary>True when the program is there; measures how long it takes to do nothing.</summary>
    public bool Find()
    {
        string nothing = Path.GetTempFileName();
        try
        {
            using var packed = new PackedFile(this, nothing);
            if (!packed.TryPack(out _))
                return false;
            double[] starts = [.. Enumerable.Range(0, 5).Select(_ => packed.PackSeconds())];
            double[] ends = [.. Enumerable.Range(0, 5).Select(_ => packed.UnpackSeconds())];
            (_packStart, _unpackStart) = (Rounds.Median(starts), Rounds.Median(ends));
            return true;
        }
        finally
        {
            File.Delete(nothing);
        }
    }

    /// <summary>Packs a file and makes sure that it comes back.</summary>
    public PackedFile Pack(string file, byte[] hash)
    {
        var packed = new PackedFile(this, file) { PackStart = _packStart, UnpackStart = _unpackStart };
        if (!packed.TryPack(out _) || !SHA256.HashData(packed.Unpack().Output).AsSpan().SequenceEqual(hash))
            throw new DumException($"{Program} did not give {Path.GetFileName(file)} back as it was");
        return packed;
    }
}

/// <summary>A file packed by a compressor, and the time that it takes.</summary>
sealed class PackedFile(Compressor compressor, string original) : IDisposable
{
    // The ending matters to 7z, which adds one where there is none.
    readonly string _packed = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".packed");

    public double PackStart { get; init; }

    public double UnpackStart { get; init; }

    public long Bytes => new FileInfo(_packed).Length;

    public bool TryPack(out double seconds)
    {
        File.Delete(_packed);
        seconds = 0;
        if (Child.Run(compressor.Program, compressor.PackArguments.Select(a => a.Replace("{in}", original).Replace("{out}", _packed))) is not var (output, spent))
            return false;
        if (!compressor.PackArguments.Contains("{out}"))
            File.WriteAllBytes(_packed, output);
        seconds = spent;
        return true;
    }

    public double PackSeconds() => TryPack(out double seconds) ? Math.Max(seconds - PackStart, 0) : throw new DumException($"{compressor.Program} failed");

    public (byte[] Output, double Seconds) Unpack() =>
        Child.Run(compressor.Program, compressor.UnpackArguments.Select(a => a.Replace("{in}", _packed))) ?? throw new DumException($"{compressor.Program} failed");

    public double UnpackSeconds() => Math.Max(Unpack().Seconds - UnpackStart, 0);

    public void Dispose() => File.Delete(_packed);
}
