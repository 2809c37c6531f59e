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
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It may not be written.</exception>
    public static string File(string path, bool force, IEnumerable<string> read)
    {
        Reachable(path, read);
        return force || !System.IO.File.Exists(path) ? path : throw new DumException(Say(
            $"{path} exists: give --force to replace it, or another name with -o", $"{path} уже есть: --force заменит, или дайте другое имя через -o"));
    }

    /// <summary>A page for people; it may take the place of an earlier one.</summary>
    /// <param name="path">Where it goes; null for no page.</param>
    /// <param name="others">What the command reads, and what else it writes.</param>
    /// <returns><paramref name="path"/>.</returns>
    /// <exception cref="DumException">It may not be written.</exception>
    public static string? Page(string? path, IEnumerable<string> others)
    {
        if (path is null)
            return null;
        Reachable(path, others);
        return !System.IO.File.Exists(path) || IsPage(path) ? path : throw new DumException(Say(
            $"{path} exists and is no report of dum: give another name with --report", $"{path} уже есть, и это не отчёт dum: дайте другое имя через --report"));
    }

    /// <summary>Whether two names lead to one file, links followed.</summary>
    public static bool Same(string one, string other) => string.Equals(Target(one), Target(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

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

    static bool IsPage(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[HeadLength];
        string head = new(buffer, 0, reader.ReadBlock(buffer));
        return head.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) && head.Contains("dum", StringComparison.OrdinalIgnoreCase);
    }
}
