using Dum.Files;
using Dum.Mind.Import;
using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Upkeep;

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

    /// <summary>New numbers of the pieces that are saved, by the old ones.</summary>
    readonly Dictionary<long, long> _pieces = [];

    readonly Dictionary<long, long> _sheets = [];
    List<OldConversation> _conversations = [];

    /// <summary>Conversations by their names: where their words were in the new memory already, and where they are still to be read from an original.</summary>
    readonly Dictionary<string, OldConversation> _kept = [], _torn = [];

    long _saved, _reread, _lost, _lostPieces, _lostBytes;

    /// <summary>Works in a folder beside <paramref name="into"/>, which takes that name when all of it is there.</summary>
    public static RepairReport Run(string damaged, string into, Action<string, double> progress, CancellationToken cancel)
    {
        string target = Target(damaged, into), work = target + ".repair";
        using DamagedStore old = DamagedStore.Open(damaged);
        // of one that was killed
        SqliteDb.Delete(work);
        if (Directory.Exists(work))
            throw new DumException(Tongue.Say($"{work} is needed for the work and holds something: move it away", $"{work} нужна для работы, но в ней что-то лежит: уберите её"));
        bool isDone = false;
        try
        {
            RepairReport report;
            using (MemoryStore store = MemoryStore.Open(work, create: true))
            {
                using IDisposable writing = store.Db.Write();
                report = store.Db.Guard(() => new Salvage(old, store, progress, cancel).Run());
            }
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(work, target);
            isDone = true;
            return report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make {into}: {FileFault.Reason(e)}", $"не создать {into}: {FileFault.Reason(e)}"), e);
        }
        finally
        {
            if (!isDone)
                SqliteDb.Delete(work);
        }
    }

    /// <exception cref="DumException">There is something in the folder, or it is that of the damaged memory, or no folder at all.</exception>
    static string Target(string damaged, string into)
    {
        if (PostgresDb.Is(into))
            throw new DumException(Tongue.Say("a memory is repaired into a folder: give one that is not there yet", "память чинят в папку: укажите такую, которой ещё нет"));
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(into));
        if (target == Path.TrimEndingDirectorySeparator(Path.GetFullPath(damaged)))
            throw new DumException(Tongue.Say($"{into} is the damaged memory itself, which stays as it is: give another folder", $"{into} — сама повреждённая память, её не трогают: укажите другую папку"));
        return File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            ? throw new DumException(Tongue.Say($"{into} is there already: give a folder that is not there yet, or an empty one", $"{into} уже существует: укажите папку, которой ещё нет, или пустую"))
            : target;
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
        List<(long Conversation, long Piece)> elders = [.. old.Rows("elder", "conversation, piece", r => (r.GetInt64(0), r.GetInt64(1)))];
        // an original with a state of what is torn is read though its own conversation is saved
        HashSet<long> torn = [.. _torn.Values.Select(c => c.Id)];
        read.ExceptWith(elders.Where(e => torn.Contains(e.Conversation)).Select(e => e.Piece));
        ReadAgain(writer, sources, parts, read);
        CopyElders(writer, elders);
        writer.Step(cancel);
        store.Db.Transaction(() => store.Join(all: false, cancel));
        CheckReport found = new Verification(store, progress, cancel).Run();
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
                _torn[c.Name] = c;
                continue;
            }
            read.Add(c.Piece);
            _kept[c.Name] = c;
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

    /// <summary>
    /// Originals whose words were lost are understood anew, as at their import. What a conversation holds that is saved already stays: this
    /// is another state of it; and of one that is not, the original of its own state goes before others.
    /// </summary>
    void ReadAgain(StoreWriter writer, List<OldSource> sources, ILookup<long, OldPart> parts, HashSet<long> read)
    {
        var rereading = new Rereading(store);
        long all = sources.Sum(s => parts[s.Id].LongCount()), done = 0;
        foreach (OldSource s in sources)
        {
            int number = 0;
            foreach (OldPart part in parts[s.Id].OrderBy(p => p.At))
            {
                int place = number++;
                progress(Tongue.Say("lost words, from originals", "утраченные слова, из подлинников"), (double)++done / all);
                if (part.Piece <= 0 || read.Contains(part.Piece) || !_pieces.TryGetValue(part.Piece, out long piece))
                    continue;
                cancel.ThrowIfCancellationRequested();
                int before = writer.Added;
                foreach (Chat chat in rereading.ChatsOf(piece, new PiecePlace(s.Id, s.Path, s.Format, s.Modified, s.Complete == 1, part.At, place)))
                    Take(writer, chat, s, part.Piece, piece);
                _reread += writer.Added - before;
                _saved += writer.Added - before;
                if (writer.IsFull)
                    writer.Step(cancel);
            }
        }
    }

    void Take(StoreWriter writer, Chat chat, OldSource source, long oldPiece, long piece)
    {
        string name = Db.Storable(chat.Key);
        if (_kept.TryGetValue(name, out OldConversation kept))
            writer.Keep(kept.Id, piece, _pieces.GetValueOrDefault(kept.Piece));
        else if (chat.Turns.Count > 0 && chat.Turns.All(t => (t.Flags & TurnMarks.Forgotten) != 0))
            return;
        else if (!_torn.TryGetValue(name, out OldConversation torn) || torn.Piece == oldPiece || !_pieces.ContainsKey(torn.Piece))
            writer.AddChat(chat, ReadyChat.Of(chat), source.Id, piece, source.Path);
    }

    /// <summary>Which pieces hold other states of which conversations.</summary>
    void CopyElders(StoreWriter writer, List<(long Conversation, long Piece)> elders)
    {
        writer.Step(cancel);
        var torn = _torn.Values.ToDictionary(c => c.Id, c => c.Name);
        HashSet<long> kept = [.. _kept.Values.Select(c => c.Id)];
        foreach ((long conversation, long oldPiece) in elders)
        {
            if (!_pieces.TryGetValue(oldPiece, out long piece))
                continue;
            long id = kept.Contains(conversation) ? conversation : torn.TryGetValue(conversation, out string? name) ? store.Db.Number("SELECT id FROM conversation WHERE name=@a", name) : 0;
            if (id > 0)
                writer.Keep(id, piece, store.Db.Number("SELECT piece FROM conversation WHERE id=@a", id));
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
