using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>Gathers what an import brings and puts it into the store in whole steps: after a kill the last whole step stands.</summary>
sealed class StoreWriter(MemoryStore store) : IDisposable
{
    /// <summary>A step ends at so many turns or bytes of originals.</summary>
    const int StepTurns = 20_000;

    const long StepBytes = 12 << 20;

    readonly Db _db = store.Db;
    readonly Forgotten _forgotten = new(store.Db);
    readonly List<Action> _work = [];
    readonly MemoryStream _pack = new();
    readonly Dictionary<Key, long> _fresh = [];
    readonly Dictionary<string, (long Id, byte[] Hash, long Updated)> _pending = [];
    SegmentBuilder _segment = new();
    long _packId = store.Next("pack"), _pieceId = store.Next("piece"), _conversationId = store.Next("conversation"), _turn = store.NextTurn(), _bytes;

    readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public Key(byte[] sha) : this(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha.AsSpan(16)))
        {
        }
    }

    public int Added { get; private set; }

    public int Changed { get; private set; }

    public int Same { get; private set; }

    /// <summary>Older than what the memory holds already, or forgotten on purpose.</summary>
    public int Older { get; private set; }

    public long Turns { get; private set; }

    /// <summary>Keeps a piece once; returns its number.</summary>
    public long AddPiece(byte[] bytes, byte[] sha)
    {
        var key = new Key(sha);
        if (_fresh.TryGetValue(key, out long id))
            return id;
        id = _db.Number("SELECT id FROM piece WHERE sha=@a", sha);
        if (id > 0)
            return id;
        id = _pieceId++;
        _fresh[key] = id;
        long pack = _packId, at = _pack.Length;
        _pack.Write(bytes);
        _bytes += bytes.Length;
        _work.Add(() => _db.Run("INSERT INTO piece VALUES(@a,@b,@c,@d,@e)", id, sha, pack, at, bytes.Length));
        if (_pack.Length >= Pack.Enough)
            ClosePack();
        return id;
    }

    /// <summary>The bytes of a piece that may be kept; null for none.</summary>
    public byte[]? Allowed(IReadOnlyList<Chat> chats, byte[] bytes) => _forgotten.Without(chats, bytes);

    void ClosePack()
    {
        if (_pack.Length == 0)
            return;
        long id = _packId++, raw = _pack.Length;
        byte[] data = Pack.Squeeze(_pack.GetBuffer().AsSpan(0, (int)raw));
        _pack.SetLength(0);
        if (_pack.Capacity > 8 * Pack.Enough)
            _pack.Capacity = Pack.Enough;
        _work.Add(() => _db.Run("INSERT INTO pack VALUES(@a,@b,@c,@d)", id, Pack.Quick, raw, data));
    }

    public void Later(Action work) => _work.Add(work);

    /// <summary>Adds a conversation, or replaces what the memory holds under its key when it differs.</summary>
    /// <param name="chat">As it was read.</param>
    /// <param name="sheets">Its turns, packed; made beside on another thread.</param>
    /// <param name="source">The file it came from.</param>
    /// <param name="piece">The piece that holds it.</param>
    public void AddChat(Chat chat, ReadyChat sheets, long source, long piece)
    {
        string key = Db.Storable(chat.Key);
        if (_forgotten.Without(chat) is { } left && left != chat)
            (chat, sheets) = (left, ReadyChat.Of(left));
        List<(long Id, byte[] Hash, long Updated)> known = _db.Rows("SELECT id, hash, updated FROM conversation WHERE name=@a", r => (r.GetInt64(0), (byte[])r.GetValue(1), r.GetInt64(2)), key);
        if (_pending.TryGetValue(key, out (long Id, byte[] Hash, long Updated) pending))
            known = [pending];
        if (known is [var (same, hash, _)] && hash.AsSpan().SequenceEqual(sheets.Hash))
        {
            Same++;
            _work.Add(() => _db.Run("UPDATE conversation SET source=@a, piece=@b WHERE id=@c", source, piece, same));
            return;
        }
        if ((known is [var (_, _, updated)] && chat.Updated > 0 && updated > chat.Updated) || _forgotten.HasConversation(key))
        {
            Older++;
            return;
        }
        long id = known.Count > 0 ? known[0].Id : _conversationId++, first = _turn;
        _pending[key] = (id, sheets.Hash, chat.Updated);
        _turn += chat.Turns.Count;
        Turns += chat.Turns.Count;
        if (known.Count > 0)
            Changed++;
        else
            Added++;
        for (int e = 0; e < sheets.Episodes.Count; e++)
        {
            (int start, int count, long began, long _, string _) = sheets.Episodes[e];
            _segment.BeginEpisode(first + start, count, began / 60000);
            for (int i = start; i < start + count; i++)
            {
                Turn turn = chat.Turns[i];
                bool silent = (turn.Flags & (TurnMarks.Hidden | TurnMarks.Healed)) != 0;
                _segment.AddTurn(silent ? "" : turn.Text, silent ? "" : turn.Speaker);
            }
        }
        long at = first;
        _work.Add(() =>
        {
            if (known.Count > 0)
                store.RemoveConversation(id);
            _db.Run("INSERT INTO conversation VALUES(@a,@b,@c,@d,@e,@f,@g,@h,@i,@j,@k,@l,@m)", id, key, chat.Format, chat.Title, sheets.Gist, source, piece, sheets.Hash, sheets.Began, sheets.Ended, chat.Updated, at, chat.Turns.Count);
            foreach ((int start, int count, byte[] data) in sheets.Sheets)
                _db.Run("INSERT INTO sheet VALUES(@a,@b,@c,@d)", at + start, id, count, data);
            foreach ((int start, int count, long began, long ended, string gist) in sheets.Episodes)
                // the only episode of a conversation has its gist
                _db.Run("INSERT INTO episode VALUES(@a,@b,@c,@d,@e,@f)", at + start, id, count, began, ended, sheets.Episodes.Count > 1 ? gist : "");
        });
    }

    public void Dispose() => _pack.Dispose();

    public bool IsFull => _segment.Meta.Slots >= StepTurns || _bytes >= StepBytes || _work.Count > 100_000;

    /// <summary>Puts everything gathered into the store, as a whole.</summary>
    public void Step(CancellationToken cancel)
    {
        ClosePack();
        if (_work.Count == 0)
            return;
        cancel.ThrowIfCancellationRequested();
        _db.Transaction(StepWithin);
    }

    /// <summary>The same, as a part of a transaction that is open already.</summary>
    public void StepWithin()
    {
        ClosePack();
        foreach (Action work in _work)
            work();
        store.Write(_segment);
        _work.Clear();
        _fresh.Clear();
        _pending.Clear();
        _segment = new SegmentBuilder();
        _bytes = 0;
    }
}
