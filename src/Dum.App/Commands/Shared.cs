using System.CommandLine;
using Dum.Files;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Sigma.Replay;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary>Options that several commands have in common.</summary>
static class Shared
{
    public static Option<bool> Json() => new("--json") { Description = Say("print the result as JSON, for programs", "вывести результат как JSON, для программ") };

    public static Option<string?> Lexicon() => new("--lexicon") { Description = Say("a lexicon of your own (default: the one that ships with dum)", "свой лексикон (по умолчанию тот, что идёт с dum)"), HelpName = "FILE" };

    public static Option<string?> Model(string description) => new("--model") { Description = description, HelpName = "MODEL" };

    public static Option<int> Threads() => new("--threads")
    {
        Description = Say("work on this many threads; the result does not depend on it", "число потоков; результат от него не зависит"),
        DefaultValueFactory = _ => Environment.ProcessorCount,
        HelpName = "N",
    };

    /// <summary>Steps to train; 0, which nobody may ask for, where none were given.</summary>
    /// <exception cref="DumException">Fewer than one was asked for.</exception>
    public static int Steps(int? asked) => asked is null or >= 1 ? asked ?? 0 : throw new DumException(Say("--steps: give 1 to 100,000,000", "--steps: от 1 до 100 000 000"));

    public static Option<bool> Force() => new("--force") { Description = Say("replace the output if it exists", "заменить выходной файл, если он есть") };

    public static Option<string?> Draws() => new("--draws") { Description = Say("keep a log of where every random number was drawn, for 'dum sigma replay'", "записать, где взято каждое случайное число, для 'dum sigma replay'"), HelpName = "FILE" };

    /// <summary>Writes the log of what was drawn, where one was asked for; also after a run that ended early.</summary>
    /// <exception cref="DumException">It cannot be written.</exception>
    public static void Keep(DrawRecorder? draws, string? path)
    {
        if (draws is not null && path is not null)
            DrawLog.Of(draws).Save(path);
    }

    /// <summary>A file, or standard input for -.</summary>
    /// <exception cref="DumException">The file cannot be read.</exception>
    public static Stream Input(string path) => path == "-" ? Console.OpenStandardInput() : Open(path);

    /// <exception cref="DumException">The file cannot be read.</exception>
    public static FileStream Open(string path, FileShare share = FileShare.ReadWrite)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, share);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
    }

    /// <summary>The beginning of a file.</summary>
    /// <exception cref="DumException">The file cannot be read.</exception>
    public static byte[] Beginning(string path, long bytes)
    {
        using FileStream stream = Open(path);
        var read = new byte[Math.Min(Math.Min(stream.Length, bytes), Array.MaxLength)];
        stream.ReadExactly(read);
        return read;
    }

    public static LexiconFile Load(string? path) => path is null ? LexiconFile.Default : LexiconFile.Load(path);
}
