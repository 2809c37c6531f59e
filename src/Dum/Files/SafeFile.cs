namespace Dum.Files;

/// <summary>Writes a file so that either the whole of it stands under its name, or what stood there before.</summary>
public static class SafeFile
{
    /// <summary>Lets <paramref name="write"/> fill a file beside <paramref name="path"/>, makes it durable, and renames it over <paramref name="path"/>.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="write">Writes the content; may seek.</param>
    /// <exception cref="DumException">The folder is missing or not writable, or the disk is full.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string full = Path.GetFullPath(path);
        string beside = Path.Combine(Path.GetDirectoryName(full) ?? ".", $".{Path.GetFileName(full)}.{Environment.ProcessId}.part");
        if (Directory.Exists(full))
            throw new DumException(Tongue.Say($"{path} is a folder: give a file name", $"{path} — папка: укажите имя файла"));
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
            throw new DumException(Tongue.Say(
                $"cannot write {path}: {e.Message.TrimEnd('.')}; nothing was changed", $"не записать {path}: {e.Message.TrimEnd('.')}; ничего не изменено"), e);
        }
        finally
        {
            TryDelete(beside);
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
            // The leftover carries a name of its own and is overwritten by the next attempt of the same process.
        }
    }
}
