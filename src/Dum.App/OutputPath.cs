using System.Text;
using Dum.App.Commands;
using Dum.Files;
using Dum.Sigma.Replay;
using static Dum.Tongue;

namespace Dum.App;

/// <summary>Whether a file may be written, asked before any work begins: what stands there is never replaced unasked.</summary>
static class OutputPath
{
    const int HeadLength = 2048;

    /// <summary>A file of ours.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="force">Whether what stands there may be replaced.</param>
    /// <param name="read">What the command reads; none of it may be written over, force or not.</param>
    /// <param name="option">How the name was given.</param>
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It may not be written.</exception>
    public static string File(string path, bool force, IEnumerable<string> read, string option = "-o")
    {
        Reachable(path, read);
        return force || !System.IO.File.Exists(path) ? path : throw new DumException(Say(
            $"{path} exists: give --force to replace it, or another name with {option}", $"{path} уже есть: --force заменит, или дайте другое имя через {option}"));
    }

    /// <summary>A page for people; it may take the place of an earlier one.</summary>
    /// <param name="path">Where it goes; null for no page.</param>
    /// <param name="others">What the command reads, and what else it writes.</param>
    /// <param name="option">How the name was given.</param>
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It may not be written.</exception>
    public static string? Page(string? path, IEnumerable<string> others, string option = "--report") => path is null ? null
        : Again(path, others, head => head.StartsWith("<!doctype html"u8) && head.IndexOf("dum"u8) + head.IndexOf("DUM"u8) > -2, option, "report", "отчёт");

    /// <summary>A log of random draws; it may take the place of an earlier one.</summary>
    /// <inheritdoc cref="Page"/>
    public static string? Draws(string? path, IEnumerable<string> others) => path is null ? null : Again(path, others, DrawLog.Begins, "--draws", "log of draws", "журнал случайных чисел");

    /// <summary>Another file of ours that all runs of a command write anew; it may take the place of an earlier one.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="others">What the command reads, and what else it writes.</param>
    /// <param name="begins">How all of its kind begin.</param>
    /// <param name="option">How the name was given.</param>
    /// <param name="english">What it is.</param>
    /// <param name="russian">The same in Russian.</param>
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It may not be written.</exception>
    public static string Kind(string path, IEnumerable<string> others, string begins, string option, string english, string russian) =>
        Again(path, others, head => head.StartsWith(Encoding.UTF8.GetBytes(begins)), option, english, russian);

    /// <summary>A file that is read where it is there and saved at the end: looked at before any work.</summary>
    /// <param name="path">Where it is or will be; null for none.</param>
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It could not be written.</exception>
    public static string? Kept(string? path)
    {
        if (path is null)
            return null;
        Reachable(path, []);
        if (System.IO.File.Exists(path) && !FileKind.IsRegular(path))
            throw new DumException(Say($"{path} is a pipe or a device: give the name of a file", $"{path} — канал или устройство: укажите имя файла"));
        return path;
    }

    /// <summary>Whether two names lead to one file, links followed.</summary>
    public static bool Same(string one, string other) => string.Equals(Target(one), Target(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    static string Again(string path, IEnumerable<string> others, Func<ReadOnlySpan<byte>, bool> isOurs, string option, string english, string russian)
    {
        Reachable(path, others);
        if (System.IO.File.Exists(path))
        {
            var head = new byte[HeadLength];
            using FileStream stream = Shared.Open(path);
            if (!isOurs(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))))
                throw new DumException(Say($"{path} exists and is no {english} of dum: give another name with {option}", $"{path} уже есть, и это не {russian} dum: дайте другое имя через {option}"));
        }
        return path;
    }

    static void Reachable(string path, IEnumerable<string> others)
    {
        if (path.Length == 0 || Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new DumException(Say($"'{path}' cannot be written: give a file name in a folder that exists", $"«{path}» не записать: укажите имя файла в существующей папке"));
        if (others.FirstOrDefault(other => other.Length > 0 && Same(path, other)) is { } taken)
            throw new DumException(Say($"{path} would be written over {taken}, which this command uses: give another name", $"{path} легло бы поверх {taken}, с которым работает команда: дайте другое имя"));
    }

    static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return System.IO.File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full; // nothing there, or a link in a circle
        }
    }
}
