using System.Collections.Concurrent;

namespace Dum.Files;

/// <summary>Writes a file so that either the whole of it stands under its name, or what stood there before.</summary>
public static class SafeFile
{
    const string Beginning = ".dum-", Ending = ".part";

    /// <summary>How long nobody has written to a file that a killed process left behind.</summary>
    static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(10);

    static readonly ConcurrentDictionary<string, bool> s_open = new(), s_swept = new();
    static int s_count;

    /// <summary>Lets <paramref name="write"/> fill a file beside <paramref name="path"/>, makes it durable, and renames it over <paramref name="path"/>. A link is followed: what it leads to is replaced.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="write">Writes the content; may seek.</param>
    /// <exception cref="DumException">The folder is missing or not writable, the disk is full, or a folder, pipe or device stands under the name.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string full = Target(path);
        if (Directory.Exists(full))
            throw new DumException(Tongue.Say($"{path} is a folder: give a file name", $"{path} — папка: укажите имя файла"));
        FileKind.Require(path);
        // A short name of its own: the final name may already be as long as the file system allows.
        string beside = Path.Combine(Path.GetDirectoryName(full) ?? ".", $"{Beginning}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}{Ending}");
        if (s_swept.TryAdd(Path.GetDirectoryName(full) ?? ".", true))
            Sweep(Path.GetDirectoryName(full) ?? ".");
        s_open[beside] = true;
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = FileFault.Reason(e);
            throw new DumException(Tongue.Say($"cannot write {path}: {why}; nothing was changed", $"не записать {path}: {why}; ничего не изменено"), e);
        }
        finally
        {
            s_open.TryRemove(beside, out _);
            TryDelete(beside);
        }
    }

    /// <summary>Whether a name is that of a file that was half-written when its process was killed.</summary>
    public static bool IsLeftover(string name) => name.StartsWith(Beginning, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>Takes away what is half-written, before the process ends without having finished.</summary>
    public static void Abandon()
    {
        foreach (string path in s_open.Keys)
            TryDelete(path);
    }

    /// <summary>Where a name leads to in the end.</summary>
    internal static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full; // a link in a circle: writing will say so
        }
    }

    /// <summary>Takes away what killed processes of this machine have left in a folder.</summary>
    static void Sweep(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, $"{Beginning}*{Ending}"))
                if (int.TryParse(Path.GetFileName(path)[Beginning.Length..].Split('-')[0], out int id) && !IsAlive(id) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > s_forgotten)
                    TryDelete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Writing itself will say what is wrong with the folder.
        }
    }

    static bool IsAlive(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The leftover carries a name of its own and is in nobody's way: fold passes it by, a later write sweeps it up.
        }
    }
}
