using Dum.Folding.Deep;

namespace Dum.Folding;

/// <summary>
/// Where everything in a folded file is, found through its footer; or, where footer or directory is damaged, by walking
/// from record to record.
/// </summary>
sealed class FoldLayout
{
    const int SmallHead = 4096;

    readonly Stream _input;
    readonly string _name;
    readonly List<FoldedDocument> _documents = [];
    readonly List<string> _damages = [];

    FoldLayout(Stream input, string name) => (_input, _name) = (input, name);

    public required FoldHeader Header { get; init; }

    public FoldDirectory Directory { get; private set; } = null!;

    public IReadOnlyList<FoldedDocument> Documents => _documents;

    public IReadOnlyList<string> Damages => _damages;

    public long RecordsEnd { get; private set; }

    /// <exception cref="DumException">No folded file, or of another version.</exception>
    public static FoldLayout Read(Stream input, string name)
    {
        var start = new byte[FoldHeader.Length];
        input.Position = 0;
        int length = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        FoldHeader? header = FoldHeader.Parse(start.AsSpan(0, length));
        long at = FoldDirectory.FindBy(input);
        FoldDirectory? directory = at > 0 && FoldRecord.TryRead(input, at, out RecordKind kind, out byte[] head) && kind == RecordKind.Directory
            && at + FoldRecord.Overhead + head.Length + FoldDirectory.FooterLength == input.Length
            ? FoldDirectory.FromHead(head) : null;
        if ((header ?? directory?.Header) is not { } known)
            throw new DumException(length == 0
                ? Tongue.Say($"{name} is empty: it is not a folded file", $"{name} пуст: это не свёрнутый файл")
                : Tongue.Say($"{name} is not a folded file of 40kDUM, or its start is torn off", $"{name} — не свёрнутый файл 40kDUM, или начало его потеряно"));
        var layout = new FoldLayout(input, name) { Header = known };
        if (header is null)
            layout.Damage("the header; its copy in the directory is used", "заголовок; взята его копия из оглавления");
        if (directory is not null)
            layout.Follow(directory, at);
        else
        {
            layout.Damage("the directory or the footer; documents were found by searching", "оглавление или концовка; документы найдены поиском");
            layout.Search();
        }
        return layout;
    }

    void Damage(string english, string russian) => _damages.Add(Tongue.Say($"{_name}: {english}", $"{_name}: повреждено: {russian}"));

    void Follow(FoldDirectory directory, long at)
    {
        (Directory, RecordsEnd) = (directory, at);
        foreach ((long offset, string document) in directory.Documents)
            if (TryDocument(offset) is { } found && found.Name == document)
                _documents.Add(found);
            else
                Damage($"document '{document}': its record", $"документ «{document}»: его запись");
    }

    void Search()
    {
        var found = new List<(long, string)>();
        long at = FoldHeader.Length, whole = at;
        int orphans = 0;
        // False markers may announce long heads: after as many bytes as the file has, only short ones are believed.
        long budget = _input.Length + (1 << 20);
        while (at < _input.Length)
        {
            if (!FoldRecord.TryRead(_input, at, out RecordKind kind, out byte[] head, budget > 0 ? FoldRecord.MostHead : SmallHead))
            {
                budget -= _input.Position - at;
                at = NextMarker(at + 1);
                continue;
            }
            long end = at + FoldRecord.Overhead + head.Length;
            // Files put one behind the other: each ends with a directory, and the search goes on behind it.
            if (kind == RecordKind.Directory)
            {
                at = whole = end;
                continue;
            }
            if (kind == RecordKind.Block)
            {
                orphans++;
                end += PayloadLength(() => FoldBlock.FromHead(head).PayloadLength);
            }
            else if (kind == RecordKind.Group)
                end += PayloadLength(() => FoldGroup.FromHead(head).PayloadLength);
            else if (TryDocument(at) is { } document)
            {
                _documents.Add(document);
                found.Add((at, document.Name));
                orphans = 0;
            }
            whole = end;
            at = end;
        }
        if (orphans > 0)
            Damage($"{orphans} blocks at the end belong to a document whose record is missing", $"{orphans} блоков в конце принадлежат документу без записи");
        (Directory, RecordsEnd) = (new FoldDirectory(Header, found), whole);
    }

    static int PayloadLength(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (DumException)
        {
            return 0; // the walk goes on at the next marker
        }
    }

    FoldedDocument? TryDocument(long offset)
    {
        if (!FoldRecord.TryRead(_input, offset, out RecordKind kind, out byte[] head) || kind != RecordKind.Document)
            return null;
        try
        {
            FoldedDocument document = FoldedDocument.FromHead(head);
            // The record of a folded file that lies inside a damaged document says another place, and is no document of this file.
            return document.Offset == offset && DocumentName.Fault(document.Name) is null ? document : null;
        }
        catch (DumException)
        {
            return null;
        }
    }

    /// <summary>The next place at or after <paramref name="from"/> where a marker stands, or the end.</summary>
    long NextMarker(long from)
    {
        var buffer = new byte[1 << 16];
        while (from < _input.Length)
        {
            _input.Position = from;
            int length = _input.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            int at = buffer.AsSpan(0, length).IndexOf(FoldRecord.Marker);
            if (at >= 0)
                return from + at;
            if (length < buffer.Length)
                break;
            from += length - 3;
        }
        return _input.Length;
    }
}
