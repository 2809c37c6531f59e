using System.IO.Compression;
using System.Security.Cryptography;
using Dum.Files;
using Dum.Mind.Store;
using Dum.Mind.Turns;
using Dum.Numerics;

namespace Dum.Mind.Import;

/// <summary>What an import did with one file.</summary>
/// <param name="Path">The file; an entry of an archive is named behind a !.</param>
/// <param name="Format">json, jsonl, nexus, mbox, markdown, text, or unknown.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="TurnBytes">Bytes taken as turns.</param>
/// <param name="GapBytes">Bytes not understood; the rest is metadata.</param>
/// <param name="Gaps">Where they are.</param>
/// <param name="Skipped">True when nothing had changed since the last import.</param>
sealed record ImportedFile(string Path, string Format, long Bytes, long TurnBytes, long GapBytes, IReadOnlyList<Gap> Gaps, bool Skipped);

/// <summary>Imports files and folders into a memory: streaming, in whole steps, the same thing twice adding nothing.</summary>
sealed class ImportJob(MemoryStore store, Action<long> progress, CancellationToken cancel) : IDisposable
{
    /// <summary>Brackets, commas, white space, and the mark that some programs put before UTF-8.</summary>
    static readonly System.Buffers.SearchValues<byte> s_separators = System.Buffers.SearchValues.Create(" \t\r\n,[]{}\uFEFF"u8);

    readonly StoreWriter _writer = new(store);
    readonly Db _db = store.Db;
    long _read, _lastSource;

    public List<ImportedFile> Files { get; } = [];

    public StoreWriter Result => _writer;

    /// <summary>Imports everything named. A file that cannot be read is listed, and the rest goes on.</summary>
    /// <exception cref="DumException">A path does not exist.</exception>
    public void Run(IEnumerable<string> paths)
    {
        foreach (FileSystemInfo root in Find(paths))
            Walk(root, Path.GetDirectoryName(root.FullName.TrimEnd('/')) ?? "");
        _writer.Step(cancel);
        new Settling(store, _writer).Run(cancel);
        _db.Transaction(() => store.Join(all: false, cancel));
    }

    /// <summary>What is to be imported.</summary>
    /// <exception cref="DumException">A path does not exist, or holds no file with anything in it.</exception>
    public static List<FileSystemInfo> Find(IEnumerable<string> paths)
    {
        List<FileSystemInfo> roots = [.. paths.Select(FileTree.Find)];
        foreach (FileSystemInfo root in roots)
            if (!HoldsAnything(root))
                throw new DumException(root is FileInfo
                    ? Tongue.Say($"{root.FullName} is empty: there is nothing to import", $"{root.FullName} пуст: импортировать нечего")
                    : Tongue.Say($"{root.FullName} holds no files (hidden ones do not count): there is nothing to import", $"в {root.FullName} нет файлов (скрытые не в счёт): импортировать нечего"));
        return roots;
    }

    static bool HoldsAnything(FileSystemInfo at) => at is DirectoryInfo folder
        ? FileTree.Inside(folder).Any(inside => (inside is FileInfo || IsEntered((DirectoryInfo)inside)) && HoldsAnything(inside))
        : at.Exists && ((FileInfo)at).Length > 0 && FileKind.IsRegular(at.FullName);

    /// <summary>Hidden folders and links to folders are passed by.</summary>
    static bool IsEntered(DirectoryInfo folder) => folder.LinkTarget is null && !(folder.Name.StartsWith('.') && folder.Name.Length > 1);

    void Walk(FileSystemInfo at, string root)
    {
        cancel.ThrowIfCancellationRequested();
        if (at is DirectoryInfo folder)
        {
            if (IsEntered(folder))
                foreach (FileSystemInfo inside in FileTree.Inside(folder))
                    Walk(inside, root);
            return;
        }
        var file = (FileInfo)at;
        if (!FileKind.IsRegular(file.FullName))
            return;
        try
        {
            using FileStream stream = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
            long modified = new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds();
            Span<byte> magic = stackalloc byte[4];
            int n = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
            stream.Position = 0;
            if (n == 4 && magic.SequenceEqual("PK\u0003\u0004"u8))
                Archive(stream, file.FullName, modified);
            else
                One(stream, file.FullName, stream.Length, modified);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            long length = file.Exists ? file.Length : 0;
            Files.Add(new ImportedFile(file.FullName, FileFormat.Unknown, length, 0, length, [new Gap(0, length, e is InvalidDataException ? Tongue.Say("the archive is damaged", "архив повреждён") : FileFault.Reason(e))], false));
        }
    }

    void Archive(Stream stream, string path, long modified)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            if (entry.Length > 0)
                try
                {
                    using Stream inside = entry.Open();
                    One(inside, $"{path}!{entry.FullName}", entry.Length, modified);
                }
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    Files.Add(new ImportedFile($"{path}!{entry.FullName}", FileFormat.Unknown, entry.Length, 0, entry.Length, [new Gap(0, entry.Length, Tongue.Say("the archive is damaged here", "архив здесь повреждён"))], false));
                }
    }

    void One(Stream stream, string path, long length, long modified)
    {
        if (_db.Number("SELECT count(*) FROM source WHERE path=@a AND bytes=@b AND modified=@c AND complete=1", path, length, modified) > 0)
        {
            Files.Add(new ImportedFile(path, "", length, 0, 0, [], true));
            progress(_read += length);
            return;
        }
        (byte[] head, Stream whole) = FileFormat.Peek(stream);
        FileFormat format = FileFormat.Detect(head, path);
        if (format.Name == FileFormat.Unknown)
        {
            Files.Add(new ImportedFile(path, FileFormat.Unknown, length, 0, length, [new Gap(0, length, Tongue.Say("no text in UTF-8", "не текст в UTF-8"))], false));
            progress(_read += length);
            return;
        }
        long id = Math.Max(store.Next("source"), _lastSource + 1);
        _lastSource = id;
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _writer.Later(() => _db.Run("INSERT INTO source VALUES(@a,@b,@c,@d,null,@e,@f,0,0,0)", id, path, format.Name, length, modified, now));
        var gaps = new List<Gap>();
        long turnBytes = 0, gapBytes = 0, bytes = 0, before = _read;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        OrderedWork.Run(Numbered(format.Cut(whole)), piece => Understand(format, piece.Piece, piece.Number, path, modified), done =>
        {
            (Piece piece, byte[] sha, PieceContent content, List<ReadyChat> ready, byte[]? woven) = done;
            hash.AppendData(piece.Before);
            hash.AppendData(piece.Bytes);
            bytes = piece.At + piece.Bytes.Length + (piece.Bytes.Length == 0 ? piece.Before.Length : 0);
            byte[]? allowed = _writer.Allowed(content.Chats, piece.Bytes, out List<Stretch> blanks);
            long number = piece.Bytes.Length == 0 ? 0 : allowed is null ? -1 : _writer.AddPiece(allowed, allowed == piece.Bytes ? sha : SHA256.HashData(allowed), blanks);
            if (piece.Bytes.Length + piece.Before.Length > 0)
            {
                byte[]? between = piece.Before.Length > 0 ? piece.Before : null;
                _writer.Later(() => _db.Run("INSERT INTO part VALUES(@a,@b,@c,@d)", id, piece.At, number, between));
            }
            for (int i = 0; i < content.Chats.Count; i++)
            {
                foreach (Turn turn in content.Chats[i].Turns)
                    turnBytes += turn.Bytes;
                _writer.AddChat(content.Chats[i], ready[i], id, number, path, allowed == piece.Bytes ? woven : null);
            }
            foreach (Gap gap in GapsOf(piece, content))
            {
                gapBytes += gap.Bytes;
                // what was cut for its length alone is one place
                if (gaps.Count > 0 && gaps[^1] is var last && last.At + last.Bytes == gap.At && last.Why == gap.Why)
                    gaps[^1] = last with { Bytes = last.Bytes + gap.Bytes };
                else
                    gaps.Add(gap);
                _writer.Later(() => _db.Run("INSERT INTO gap VALUES(@a,@b,@c,@d)", id, gap.At, gap.Bytes, gap.Why));
            }
            if (_writer.IsFull)
                _writer.Step(cancel);
            progress(_read = before + bytes);
        }, Math.Max(1, Environment.ProcessorCount - 1), cancel);
        byte[] whole256 = hash.GetHashAndReset();
        _writer.Later(() => Complete(id, path, bytes, whole256, turnBytes, gapBytes));
        if (_writer.IsFull)
            _writer.Step(cancel);
        Files.Add(new ImportedFile(path, format.Name, bytes, turnBytes, gapBytes, gaps, false));
    }

    /// <summary>The file is in as a whole: what it replaces goes. Conversations that it does not hold any more are settled when all files are in.</summary>
    void Complete(long id, string path, long bytes, byte[] sha, long turnBytes, long gapBytes)
    {
        foreach (long old in _db.Rows("SELECT id FROM source WHERE path=@a AND id<>@b", r => r.GetInt64(0), path, id))
        {
            _db.Run("UPDATE conversation SET source=@a WHERE source=@b", Settling.NoSource, old);
            List<long> pieces = store.RemoveSource(old);
            _writer.DropAfter(pieces);
            foreach (long piece in pieces)
                _db.Run("UPDATE conversation SET source=@a WHERE piece=@b AND NOT EXISTS(SELECT 1 FROM part WHERE piece=@b)", Settling.NoSource, piece);
        }
        _db.Run("UPDATE source SET complete=1, bytes=@a, sha=@b, turn_bytes=@c, gap_bytes=@d WHERE id=@e", bytes, sha, turnBytes, gapBytes, id);
    }

    /// <summary>What was not understood, with places in the file: also what stands between the records and is more than brackets and commas.</summary>
    static IEnumerable<Gap> GapsOf(Piece piece, PieceContent content)
    {
        if (piece.Before.AsSpan().IndexOfAnyExcept(s_separators) >= 0)
            yield return new Gap(piece.Bytes.Length > 0 ? piece.At - piece.Before.Length : piece.At, piece.Before.Length, JsonImport.Unknown);
        foreach (Gap gap in content.Gaps)
            yield return gap with { At = piece.At + gap.At };
    }

    public void Dispose() => _writer.Dispose();

    static (Piece Piece, byte[] Sha, PieceContent Content, List<ReadyChat> Ready, byte[]? Woven) Understand(FileFormat format, Piece piece, int number, string path, long modified)
    {
        if (piece.Bytes.Length == 0)
            return (piece, [], new PieceContent(), [], null);
        PieceContent content = format.Understand(piece, number, path, modified);
        Repair.RepairStep.Apply(content.Chats);
        return (piece, SHA256.HashData(piece.Bytes), content, [.. content.Chats.Select(ReadyChat.Of)], content.Chats.Count == 1 ? Weave.Of(piece.Bytes, content.Chats[0].Turns) : null);
    }

    static IEnumerable<(Piece Piece, int Number)> Numbered(IEnumerable<Piece> pieces)
    {
        int n = 0;
        foreach (Piece piece in pieces)
            yield return (piece, n++);
    }
}
