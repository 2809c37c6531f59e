using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>
/// Copies what can be read of a damaged memory into a new one. Originals count when they match their SHA-256. The words of a conversation
/// come from its sheets, else from its original, read anew; the index is made anew. What was forgotten stays forgotten.
/// </summary>
sealed class Salvage(DamagedStore old, MemoryStore store, Action<string, double> progress, CancellationToken cancel)
{
    readonly record struct OldPiece(long Id, byte[] Sha, long Pack, long At, long Bytes);

    readonly record struct OldSource(long Id, string Path, string Format, long Bytes, byte[]? Sha, long Modified, long Imported, int Complete, long TurnBytes, long GapBytes);

    readonly record struct OldPart(long Source, long At, long Piece, byte[]? Before);

    readonly record struct OldConversation(long Id, string Name, string Format, string Title, long Source, long Piece, long Began, long Updated, long First, long Turns);

    readonly Dictionary<long, long> _pieces = [];
    readonly Dictionary<long, long> _sheets = [];
    List<OldConversation> _conversations = [];
    long _saved, _reread, _lost, _lostPieces, _lostBytes;

    public static RepairReport Run(string damaged, string into, Action<string, double> progress, CancellationToken cancel)
    {
        using DamagedStore old = DamagedStore.Open(damaged);
        using MemoryStore store = MemoryStore.Open(into, create: true);
        if (store.Db.Guard(() => store.Db.Number("SELECT count(*) FROM source") + store.Db.Number("SELECT count(*) FROM piece")) > 0)
            throw new DumException(Tongue.Say($"there is a memory in {store.Db.Name} already: give a folder without one", $"в {store.Db.Name} уже есть память: укажите папку без неё"));
        using IDisposable writing = store.Db.Write();
        return store.Db.Guard(() => new Salvage(old, store, progress, cancel).Run());
    }

    RepairReport Run()
    {
        // first of all, so that nothing forgotten comes back
        List<byte[]> forgotten = [.. old.Rows("forgotten", "name", r => (byte[])r.GetValue(0))];
        store.Db.Transaction(() =>
        {
            foreach (byte[] name in forgotten)
                store.Db.Run("INSERT INTO forgotten VALUES(@a) ON CONFLICT(name) DO NOTHING", name);
        });
        using var writer = new StoreWriter(store);
        List<OldSource> sources = [.. old.Rows("source", "id, path, format, bytes, sha, modified, imported, complete, turn_bytes, gap_bytes", r =>
            new OldSource(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.IsDBNull(4) ? null : (byte[])r.GetValue(4), r.GetInt64(5), r.GetInt64(6), r.GetInt32(7), r.GetInt64(8), r.GetInt64(9))).DistinctBy(s => s.Id)];
        ILookup<long, OldPart> parts = old.Rows("part", "source, at, piece, before", r => new OldPart(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.IsDBNull(3) ? null : (byte[])r.GetValue(3))).DistinctBy(p => (p.Source, p.At)).ToLookup(p => p.Source);
        foreach ((long first, long row) in old.Rows("sheet", "first", r => (r.GetInt64(0), r.GetInt64(1))))
            _sheets[first] = row;
        _conversations = [.. old.Rows("conversation", "id, name, format, title, source, piece, began, updated, first, turns", r =>
            new OldConversation(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), r.GetInt64(9))).DistinctBy(c => c.Id).OrderBy(c => c.Id)];
        CopyPieces(writer);
        CopySources(writer, sources, parts);
        HashSet<long> read = CopyConversations(writer);
        writer.Step(cancel);
        ReadAgain(writer, sources, parts, read);
        writer.Step(cancel);
        store.Db.Transaction(() => store.Join(all: false, cancel));
        CheckReport found = new Verification(store, (_, _) => { }, cancel).Run();
        // a file with a loss has no time of its own: the next import of it reads it anew
        store.Db.Transaction(() =>
        {
            foreach (string path in found.Broken)
                store.Db.Run("UPDATE source SET modified=0 WHERE path=@a", path);
        });
        return new RepairReport(_saved, _reread, Math.Max(0, _lost - _reread), _lostPieces, _lostBytes, found);
    }

    void CopyPieces(StoreWriter writer)
    {
        ILookup<long, Stretch> blanks = old.Rows("blank", "piece, at, bytes", r => (Piece: r.GetInt64(0), new Stretch(r.GetInt64(1), r.GetInt64(2)))).ToLookup(b => b.Piece, b => b.Item2);
        ILookup<long, OldPiece> pieces = old.Rows("piece", "id, sha, pack, at, bytes", r => new OldPiece(r.GetInt64(0), (byte[])r.GetValue(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4))).DistinctBy(p => p.Id).ToLookup(p => p.Pack);
        var holders = _conversations.ToDictionary(c => c.Id);
        var woven = new Dictionary<long, OldConversation>();
        foreach ((long piece, long conversation) in old.Rows("weave", "piece, conversation", r => (r.GetInt64(0), r.GetInt64(1))))
            woven[piece] = holders.GetValueOrDefault(conversation);
        long all = pieces.Sum(p => p.Count()), done = 0;
        foreach ((long id, int codec, long raw, byte[] data) in old.Rows("pack", "id, codec, raw, data", r => (r.GetInt64(0), r.GetInt32(1), r.GetInt64(2), (byte[])r.GetValue(3))))
        {
            cancel.ThrowIfCancellationRequested();
            byte[] bytes = Try(() => Pack.Open(codec, raw, data)) ?? [];
            foreach (OldPiece piece in pieces[id])
            {
                progress(Tongue.Say("originals", "подлинники"), (double)++done / all);
                List<Turn>? turns = woven.TryGetValue(piece.Id, out OldConversation holder) ? TurnsOf(holder) ?? [] : null;
                if (!_pieces.ContainsKey(piece.Id) && Try(() => MemoryStore.Checked(bytes, piece.At, piece.Bytes, turns, piece.Sha)) is { } whole)
                    _pieces[piece.Id] = writer.AddPiece(whole, piece.Sha, [.. blanks[piece.Id]]);
            }
            if (writer.IsFull)
                writer.Step(cancel);
        }
        foreach (OldPiece piece in pieces.SelectMany(p => p))
            if (!_pieces.ContainsKey(piece.Id))
                (_lostPieces, _lostBytes) = (_lostPieces + 1, _lostBytes + piece.Bytes);
    }

    void CopySources(StoreWriter writer, List<OldSource> sources, ILookup<long, OldPart> parts)
    {
        foreach (OldSource s in sources)
        {
            writer.Later(() => store.Db.Run("INSERT INTO source VALUES(@a,@b,@c,@d,@e,@f,@g,@h,@i,@j)", s.Id, s.Path, s.Format, s.Bytes, s.Sha, s.Modified, s.Imported, s.Complete, s.TurnBytes, s.GapBytes));
            foreach (OldPart p in parts[s.Id])
                writer.Later(() => store.Db.Run("INSERT INTO part VALUES(@a,@b,@c,@d)", s.Id, p.At, p.Piece < 0 ? p.Piece : _pieces.GetValueOrDefault(p.Piece), p.Before));
        }
        HashSet<long> known = [.. sources.Select(s => s.Id)];
        foreach ((long source, long at, long bytes, string why) in old.Rows("gap", "source, at, bytes, why", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetString(3))))
            if (known.Contains(source))
                writer.Later(() => store.Db.Run("INSERT INTO gap VALUES(@a,@b,@c,@d)", source, at, bytes, why));
    }

    /// <returns>Old numbers of the pieces all of whose conversations are saved.</returns>
    HashSet<long> CopyConversations(StoreWriter writer)
    {
        var read = new HashSet<long>();
        var torn = new HashSet<long>();
        for (int i = 0; i < _conversations.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            progress(Tongue.Say("words", "слова"), (i + 1.0) / _conversations.Count);
            OldConversation c = _conversations[i];
            List<Turn>? turns = TurnsOf(c);
            if (turns is null)
            {
                _lost++;
                torn.Add(c.Piece);
                continue;
            }
            read.Add(c.Piece);
            writer.NumberFrom(c.Id);
            var chat = new Chat { Key = c.Name, Format = c.Format, Title = c.Title, Created = c.Began, Updated = c.Updated, Turns = turns };
            writer.AddChat(chat, ReadyChat.Of(chat), c.Source, _pieces.GetValueOrDefault(c.Piece));
            _saved++;
            if (writer.IsFull)
                writer.Step(cancel);
        }
        if (_conversations.Count > 0)
            writer.NumberFrom(_conversations[^1].Id + 1);
        read.ExceptWith(torn);
        return read;
    }

    List<Turn>? TurnsOf(OldConversation c)
    {
        var turns = new List<Turn>();
        while (turns.Count < c.Turns)
        {
            if (!_sheets.TryGetValue(c.First + turns.Count, out long row) || old.Blob("sheet", "data", row) is not { } data || Try(() => Sheet.Read(data)) is not { Length: > 0 } sheet)
                return null;
            turns.AddRange(sheet);
        }
        return turns;
    }

    /// <summary>Originals whose words were lost are understood anew, as at their import.</summary>
    void ReadAgain(StoreWriter writer, List<OldSource> sources, ILookup<long, OldPart> parts, HashSet<long> read)
    {
        foreach (OldSource s in sources)
        {
            int number = 0;
            foreach (OldPart part in parts[s.Id].OrderBy(p => p.At))
            {
                int place = number++;
                if (part.Piece <= 0 || read.Contains(part.Piece) || !_pieces.TryGetValue(part.Piece, out long piece))
                    continue;
                cancel.ThrowIfCancellationRequested();
                PieceContent content = FileFormat.Of(s.Format).Understand(new Piece(part.At, [], store.ReadPiece(piece)), place, s.Path, s.Modified);
                Repair.RepairStep.Apply(content.Chats);
                int before = writer.Added;
                foreach (Chat chat in content.Chats)
                    writer.AddChat(chat, ReadyChat.Of(chat), s.Id, piece, s.Path);
                _reread += writer.Added - before;
                _saved += writer.Added - before;
                if (writer.IsFull)
                    writer.Step(cancel);
            }
        }
    }

    static T? Try<T>(Func<T?> work) where T : class
    {
        try
        {
            return work();
        }
        catch (DumException)
        {
            return null;
        }
    }
}
