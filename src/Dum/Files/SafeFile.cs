using System.Collections.Concurrent;

namespace Dum.Files;

/// <summary>Writes a file so that either the whole of it stands under its name, or what stood there before.</summary>
public static class SafeFile
{
    static readonly ConcurrentDictionary<string, bool> s_open = new();
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
        if (File.Exists(full) && !FileKind.IsRegular(full))
            throw new DumException(Tongue.Say($"{path} is a pipe or a device: give the name of a file", $"{path} — канал или устройство: укажите имя файла"));
        // A short name of its own: the final name may already be as long as the file system allows.
        string beside = Path.Combine(Path.GetDirectoryName(full) ?? ".", $".dum-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}.part");
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
            string why = Reason(e);
            throw new DumException(Tongue.Say($"cannot write {path}: {why}; nothing was changed", $"не записать {path}: {why}; ничего не изменено"), e);
        }
        finally
        {
            s_open.TryRemove(beside, out _);
            TryDelete(beside);
        }
    }

    /// <summary>Takes away what is half-written, before the process ends without having finished.</summary>
    public static void Abandon()
    {
        foreach (string path in s_open.Keys)
            TryDelete(path);
    }

    /// <summary>The system's own words without the path it adds, which may be that of the file beside.</summary>
    internal static string Reason(Exception e)
    {
        string text = e.Message;
        int quote = text.IndexOf(" '", StringComparison.Ordinal);
        return (quote > 0 ? text[..quote] : text).TrimEnd('.', ' ', ':');
    }

    static string Target(string path)
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

    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The leftover carries a name of its own and is in nobody's way.
        }
    }
}
