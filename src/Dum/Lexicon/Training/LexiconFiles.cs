using System.Text;
using Dum.Corpus;
using Dum.Files;

namespace Dum.Lexicon;

/// <summary>Finds the text files under any mixture of files and folders, in ordinal order whatever the file system's own.</summary>
public static class LexiconFiles
{
    const int ProbeBytes = 4096;

    /// <summary>One source per text file. Folders are read through; a folder or file met twice through links counts once; a binary file is left out with a notice.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="notices">Told which files are left out, and why.</param>
    public static IReadOnlyList<LexiconSource> Collect(IEnumerable<string> paths, IProgress<TrainingProgress>? notices = null)
    {
        var found = new List<LexiconSource>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            FileSystemInfo entry = FileTree.Find(path);
            Add(entry, RealPath(entry, entry.FullName), seen, found, notices);
        }
        return found;
    }

    static void Add(FileSystemInfo entry, string real, HashSet<string> seen, List<LexiconSource> found, IProgress<TrainingProgress>? notices)
    {
        if (entry is DirectoryInfo folder)
            AddFolder(folder, real, seen, found, notices);
        else if (entry is FileInfo { Exists: true } file)
            AddFile(file, real, seen, found, notices);
    }

    static void AddFolder(DirectoryInfo folder, string real, HashSet<string> seen, List<LexiconSource> found, IProgress<TrainingProgress>? notices)
    {
        if (!seen.Add(real))
            return;
        foreach (FileSystemInfo entry in FileTree.Inside(folder))
            Add(entry, RealPath(entry, Path.Combine(real, entry.Name)), seen, found, notices);
    }

    static void AddFile(FileInfo file, string real, HashSet<string> seen, List<LexiconSource> found, IProgress<TrainingProgress>? notices)
    {
        if (!seen.Add(real))
            return;
        string path = file.FullName;
        byte[] head = Probe(path);
        Encoding? wide = head switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };
        if (wide is null && head.AsSpan().Contains((byte)0))
            notices?.Report(new TrainingProgress(
                Tongue.Say("looking for text", "ищу текст"), 0, Tongue.Say($"{path} is binary, not text: left out", $"{path} — не текст, а двоичный файл: пропущено")));
        else if (wide is null && ChatTextStream.Looks(head))
            found.Add(new LexiconSource(path, () => new ChatTextStream(Open(path, wide)), Length: file.Length));
        else
            found.Add(new LexiconSource(path, () => Open(path, wide), Length: file.Length));
    }

    static Stream Open(string path, Encoding? wide)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        if (wide is null)
        {
            // A byte order mark is not text.
            Span<byte> mark = stackalloc byte[3];
            if (file.ReadAtLeast(mark, 3, throwOnEndOfStream: false) < 3 || !mark.SequenceEqual("\uFEFF"u8))
                file.Position = 0;
            return file;
        }
        file.Position = 2;
        return Encoding.CreateTranscodingStream(file, wide, Encoding.UTF8);
    }

    static byte[] Probe(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] head = new byte[ProbeBytes];
            return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
    }

    static string RealPath(FileSystemInfo entry, string otherwise)
    {
        try
        {
            return entry.LinkTarget is null ? otherwise : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? otherwise;
        }
        catch (IOException)
        {
            // A link that leads in a circle or nowhere: it is its own name, and holds no file.
            return otherwise;
        }
    }
}
