using Dum.Files;

namespace Dum.Folding;

/// <summary>A file or empty folder to fold, and the name it gets.</summary>
/// <param name="Path">Where it is; <see cref="StandardInput"/> for what comes through a pipe.</param>
/// <param name="Document">Name, kind, time and mode.</param>
/// <param name="Bytes">Its length now.</param>
public sealed record FoldInput(string Path, FoldedDocument Document, long Bytes)
{
    /// <summary>The path that means standard input; a file of that name has a full path here.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// Everything under the given files and folders, in ordinal order. A file is called by its own name, what lies in a
    /// folder by the folder's name and the way from there. Links to folders are not followed.
    /// </summary>
    /// <exception cref="DumException">A path is missing or unreadable, or two documents would have one name.</exception>
    public static List<FoldInput> Gather(IEnumerable<string> paths, Action<string> notice)
    {
        var found = new List<FoldInput>();
        foreach (string path in paths)
        {
            try
            {
                FileSystemInfo entry = FileTree.Find(path);
                if (entry is FileInfo && !FileKind.IsRegular(entry.FullName))
                    throw new DumException(Tongue.Say(
                        $"{path} is a pipe or a device: give a file, or use 'dum fold - < {path}'", $"{path} — канал или устройство: укажите файл или 'dum fold - < {path}'"));
                if (entry is DirectoryInfo folder)
                    AddFolder(folder, NameOf(folder), found, notice);
                else
                    AddFile((FileInfo)entry, entry.Name, found, notice);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileFault.Reading(path, e);
            }
        }
        RequireDifferent(found.Select(f => f.Document.Name));
        foreach (FoldInput input in found)
            DocumentName.Require(input.Document.Name);
        return found;
    }

    /// <exception cref="DumException">A name occurs twice.</exception>
    public static void RequireDifferent(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
            if (!seen.Add(name))
                throw new DumException(Tongue.Say(
                    $"two documents would be called '{name}': fold the folder they lie in, or rename one",
                    $"два документа назывались бы «{name}»: сверните их общую папку или переименуйте один"));
    }

    static string NameOf(DirectoryInfo folder) =>
        folder.Parent is null ? "root" : folder.Name;

    static void AddFolder(DirectoryInfo folder, string name, List<FoldInput> found, Action<string> notice)
    {
        FileSystemInfo[] inside = FileTree.Inside(folder);
        if (inside.Length == 0)
            found.Add(new FoldInput(folder.FullName, new FoldedDocument { Name = name, Kind = DocumentKind.EmptyFolder, Modified = folder.LastWriteTimeUtc }, 0));
        foreach (FileSystemInfo entry in inside)
        {
            string inner = $"{name}/{entry.Name}";
            if (entry is DirectoryInfo sub && entry.LinkTarget is null)
                AddFolder(sub, inner, found, notice);
            else if (SafeFile.IsLeftover(entry.Name))
                notice(Tongue.Say($"{inner} was left half-written by a program that was killed: left out", $"{inner} — недописанное прерванной программой: пропущено"));
            else if (entry is FileInfo file)
                AddFile(file, inner, found, notice);
            else
                notice(Tongue.Say($"{inner} is a link to a folder: left out", $"{inner} — ссылка на папку: пропущено"));
        }
    }

    static void AddFile(FileInfo file, string name, List<FoldInput> found, Action<string> notice)
    {
        if (file.LinkTarget is not null)
        {
            if (Leads(file) is not { } target)
            {
                notice(Tongue.Say($"{name} is a link to nowhere: left out", $"{name} — ссылка в никуда: пропущено"));
                return;
            }
            file = target;
        }
        if (!file.Exists)
            throw new DumException(name.Contains('\uFFFD')
                ? Tongue.Say($"the name of {name} is not valid UTF-8: rename it and fold again", $"имя {name} — не UTF-8: переименуйте файл и повторите")
                : Tongue.Say($"{name} is gone: fold again", $"{name} исчез: повторите"));
        if (!FileKind.IsRegular(file.FullName))
        {
            notice(Tongue.Say($"{name} is a pipe or a device: left out", $"{name} — канал или устройство: пропущено"));
            return;
        }
        int mode = OperatingSystem.IsWindows() ? 0 : (int)file.UnixFileMode;
        found.Add(new FoldInput(file.FullName, new FoldedDocument { Name = name, Modified = file.LastWriteTimeUtc, UnixMode = mode }, file.Length));
    }

    /// <summary>The file a link leads to at last; null when it leads nowhere or in a circle.</summary>
    static FileInfo? Leads(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
