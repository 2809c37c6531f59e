using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Dum.Files;
using Dum.Rhythm.Bytes;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary>The byte predictor behind the doors of <c>dum fold</c>, <c>dum unfold</c> and <c>dum rhythm bytes</c>: a .dumbyte file, known by its first bytes.</summary>
static class RhythmFold
{
    const string Extension = ".dumbyte";

    /// <summary><c>dum fold --rhythm</c>: one file, or standard input.</summary>
    /// <param name="paths">As they were given.</param>
    /// <param name="to">The folded file; null for the name with .dumbyte, here.</param>
    /// <param name="force">Replace it if it exists.</param>
    /// <param name="others">Options of the other coder that were given.</param>
    /// <param name="cancel">Stops within milliseconds.</param>
    public static int Fold(string[] paths, string? to, bool force, IEnumerable<Option> others, CancellationToken cancel)
    {
        if (others.FirstOrDefault() is { } other)
            throw new DumException(Say($"{other.Name} belongs to hyperwords and scenes: leave it out, or --rhythm", $"{other.Name} относится к гиперсловам и сценам: уберите его или --rhythm"));
        if (paths is not [var path] || Directory.Exists(path))
            throw new DumException(Say("--rhythm folds one file: name one, or fold a folder without it", "--rhythm сворачивает один файл: назовите один или сверните папку без него"));
        if (to is "-" || (to is null && path == "-"))
            throw new DumException(Say("--rhythm folds into a file: give its name with -o", "--rhythm сворачивает в файл: дайте имя через -o"));
        to ??= Path.GetFileName(path) + Extension;
        using Stream input = Shared.Input(path);
        return Write(input, OutputPath.File(to, force, [path]), verify: true, cancel);
    }

    /// <summary><c>dum unfold</c> of a .dumbyte file: into a folder under its name without the extension, to standard output, or only looked at.</summary>
    /// <param name="input">At its beginning.</param>
    /// <param name="name">As it was given; - for standard input.</param>
    /// <param name="to">A folder, or - for standard output; null for here.</param>
    /// <param name="force">Replace a file that exists.</param>
    /// <param name="list">Say what is inside, unfold nothing.</param>
    /// <param name="check">Check everything, write nothing.</param>
    /// <param name="cancel">Stops within milliseconds.</param>
    public static int Unfold(FileStream input, string name, string? to, bool force, bool list, bool check, CancellationToken cancel)
    {
        string shown = name == "-" ? Say("standard input", "стандартный ввод") : name, inside = name.EndsWith(Extension, StringComparison.Ordinal) ? Path.GetFileName(name)[..^Extension.Length] : Path.GetFileName(name) + ".unfolded";
        if (list)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ByteFold.Length(input, shown)} {Say("bytes", "байт")}  {Cli.Plain(inside)}"));
            return Cli.Ok;
        }
        if (check || to == "-" || (name == "-" && to is null))
        {
            using Stream output = check ? Stream.Null : StandardOutput.Open();
            using var progress = new Progress(check ? Say("checking", "проверяю") : Say("unfolding", "разворачиваю"));
            long bytes = ByteFold.Unfold(input, output, shown, done => progress.Bytes(done, 0), cancel);
            progress.Dispose();
            Told(bytes, check ? shown : null);
            return Cli.Ok;
        }
        if (name == "-" || inside.Length == 0)
            throw new DumException(Say("this file has no name inside: unfold it to standard output with -o -", "внутри нет имени: разверните в стандартный вывод через -o -"));
        string path = Path.Combine(to ?? ".", inside);
        if (OutputPath.Same(path, name))
            throw new DumException(Say($"{path} is the folded file itself: give another folder with -o", $"{path} — сам свёрнутый файл: укажите другую папку через -o"));
        if ((File.Exists(path) || Directory.Exists(path)) && !force)
            throw new DumException(Say($"{path} is there already: give another folder with -o, or --force to replace it", $"{path} уже есть: укажите другую папку через -o или --force, чтобы заменить"));
        Directory.CreateDirectory(to ?? ".");
        return Read(input, shown, path, cancel);
    }

    /// <summary>Folds a stream into a file.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="to">The file.</param>
    /// <param name="verify">Unfold what was written and compare it before it gets its name; takes as long again.</param>
    /// <param name="cancel">Stops within milliseconds.</param>
    public static int Write(Stream input, string to, bool verify, CancellationToken cancel)
    {
        (long raw, long folded) = (0, 0);
        SafeFile.Write(to, stream =>
        {
            using var progress = new Progress(Say("folding", "сворачиваю"));
            using SHA256 came = SHA256.Create(), back = SHA256.Create();
            using (var hashed = new CryptoStream(input, came, CryptoStreamMode.Read, leaveOpen: true))
                (raw, folded) = ByteFold.Fold(hashed, stream, done => progress.Bytes(done, input.CanSeek ? input.Length : 0), cancel: cancel);
            progress.Dispose();
            if (!verify)
                return;
            using var again = new Progress(Say("comparing", "сверяю"));
            stream.Position = 0;
            using (var hashed = new CryptoStream(Stream.Null, back, CryptoStreamMode.Write))
                ByteFold.Unfold(stream, hashed, to, done => again.Bytes(done, raw), cancel);
            if (!came.Hash.AsSpan().SequenceEqual(back.Hash))
                throw new DumException(Say("what was written reads back differently: check the disk", "записанное читается иначе: проверьте диск"));
        });
        string rate = raw == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {8.0 * folded / raw:0.000} {Say("bits per byte", "бит на байт")}");
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"→ {to}: {raw} → {folded} {Say("bytes", "байт")}{rate}{(verify ? Say("; unfolded again and compared", "; развёрнуто и сверено") : "")}"));
        return Cli.Ok;
    }

    /// <summary>Unfolds a stream into a file.</summary>
    public static int Read(Stream input, string name, string to, CancellationToken cancel)
    {
        using var progress = new Progress(Say("unfolding", "разворачиваю"));
        long bytes = 0;
        SafeFile.Write(to, stream => bytes = ByteFold.Unfold(input, stream, name, done => progress.Bytes(done, 0), cancel));
        progress.Dispose();
        Told(bytes, "→ " + to);
        return Cli.Ok;
    }

    static void Told(long bytes, string? what) => Console.Error.WriteLine((what is null ? "" : what + ": ") + Say($"{bytes} bytes, every checksum agrees", $"{bytes} байт, все контрольные суммы сходятся"));
}
