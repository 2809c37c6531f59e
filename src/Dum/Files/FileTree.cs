namespace Dum.Files;

/// <summary>Files and folders as a user names them.</summary>
public static class FileTree
{
    /// <summary>What stands under a path: a <see cref="FileInfo"/> or a <see cref="DirectoryInfo"/>.</summary>
    /// <exception cref="DumException">Nothing does.</exception>
    public static FileSystemInfo Find(string path)
    {
        if (path.Length == 0)
            throw new DumException(Tongue.Say("an empty path: give files or folders", "пустой путь: укажите файлы или папки"));
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? new FileInfo(full)
            : Directory.Exists(full) ? new DirectoryInfo(full)
            : throw new DumException(path.StartsWith('-')
                ? Tongue.Say($"{path} is neither an option nor a file: see --help", $"{path} — не параметр и не файл: смотрите --help")
                : Tongue.Say($"{path} does not exist: give files or folders", $"{path} не существует: укажите файлы или папки"));
    }

    /// <summary>What lies in a folder, in ordinal order of names whatever the file system's own.</summary>
    /// <exception cref="DumException">The folder cannot be read.</exception>
    public static FileSystemInfo[] Inside(DirectoryInfo folder)
    {
        try
        {
            FileSystemInfo[] inside = folder.GetFileSystemInfos();
            Array.Sort(inside, (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return inside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(folder.FullName, e);
        }
    }
}
