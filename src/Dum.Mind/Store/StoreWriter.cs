using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>Gathers what an import brings and puts it into the store in whole steps: after a kill the last whole step stands.</summary>
sealed class StoreWriter(MemoryStore store) : IDisposable
{
    /// <summary>A step ends at so many turns or bytes of originals; the first ones sooner, so that an import that is cut off at once has something to show.</summary>
    const int StepTurns = 20_000, FirstTurns = 250;

    const long StepBytes = 12 << 20;

    readonly Db _db = store.Db;
    readonly Forgotten _forgotten = new(store.Db);
    readonly List<Action> _work = [];
    readonly List<long> _left = [];
    readonly MemoryStream _pack = new();
    readonly Dictionary<Key, long> _fresh = [];
    readonly Dictionary<string, Known> _pending = [];
    int _stepTurns = FirstTurns;
    OpenPiece? _open;
    SegmentBuilder _segment = new();
    long _packId = store.Next("pack"), _pieceId = store.Next("piece"), _conversationId = store.Next("conversation"), _turn = store.NextTurn(), _bytes;

    /// <summary>A piece that is not in a pack yet: the conversation read from it may hold its words.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Bytes">All of them.</param>
    /// <param name="Sha">Their SHA-256.</param>
    /// <param name="Woven">The same without the words; null while no conversation holds them.</param>
    /// <param name="Conversation">The one that does.</param>
    readonly record struct OpenPiece(long Id, byte[] Bytes, byte[] Sha, byte[]? Woven = null, long Conversation = 0);

    readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public Key(byte[] sha) : this(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(sha.AsSpan(16)))
        {
        }
    }

    /// <summary>The state of a conversation that is in the memory, or on its way there.</summary>
    /// <param name="Id">Of the conversation.</param>
    /// <param name="Hash">Of what was said.</param>
    /// <param name="Source">The file it came from.</param>
    /// <param name="Piece">Where its bytes are.</param>
    /// <param name="Path">The name of that file.</param>
    /// <param name="Updated">When it was changed; 0 when not known for certain.</param>
    /// <param name="Chat">What was said, while it is not in the store yet.</param>
    readonly record struct Known(long Id, byte[] Hash, long Source, long Piece, string Path, long Updated, Chat? Chat = null);

    public int Added { get; private set; }

    public int Changed { get; private set; }

    public int Same { get; private set; }

    /// <summary>Older than what the memory holds already, or forgotten on purpose.</summary>
    public int Older { get; private set; }

    public long Turns { get; private set; }

    /// <summary>Keeps a piece once; returns its number.</summary>
    /// <param name="bytes">Of the piece.</param>
    /// <param name="sha">Their SHA-256.</param>
    /// <param name="blanks">Where spaces stand for what was forgotten.</param>
    public long AddPiece(byte[] bytes, byte[] sha, IReadOnlyList<Stretch> blanks)
    {
        var key = new Key(sha);
        if (_fresh.TryGetValue(key, out long id))
            return id;
        id = _db.Number("SELECT id FROM piece WHERE sha=@a", sha);
        if (id > 0)
            return id;
        id = _pieceId++;
        _fresh[key] = id;
        PutOpen();
        _open = new OpenPiece(id, bytes, sha);
        _bytes += bytes.Length;
        foreach (Stretch blank in blanks)
            _work.Add(() => _db.Run("INSERT INTO blank VALUES(@a,@b,@c) ON CONFLICT(piece, at) DO NOTHING", id, blank.At, blank.Bytes));
        return id;
    }

    /// <summary>Puts the piece added last into the pack, without the words that its conversation holds if that is known by now.</summary>
    void PutOpen()
    {
        if (_open is not { } open)
            return;
        _open = null;
        long pack = _packId, at = _pack.Length;
        byte[] kept = open.Woven ?? open.Bytes;
        _pack.Write(kept);
        _work.Add(() => _db.Run("INSERT INTO piece VALUES(@a,@b,@c,@d,@e)", open.Id, open.Sha, pack, at, kept.Length));
        if (open.Woven is not null)
            _work.Add(() => _db.Run("INSERT INTO weave VALUES(@a,@b)", open.Id, open.Conversation));
        if (_pack.Length >= Pack.Enough)
            SealPack();
    }

    /// <summary>The bytes of a piece that may be kept; null for none.</summary>
    public byte[]? Allowed(IReadOnlyList<Chat> chats, byte[] bytes, out List<Stretch> blanks) => _forgotten.Without(chats, bytes, out blanks);

    void ClosePack()
    {
        PutOpen();
        SealPack();
    }

    void SealPack()
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

    /// <summary>The number the next new conversation gets, if it is higher than those before.</summary>
    public void NumberFrom(long conversation) => _conversationId = Math.Max(_conversationId, conversation);

    public void Later(Action work) => _work.Add(work);

    /// <summary>Drops pieces at the end of the step, unless something in it turns out to need them: another file may hold now what this one held.</summary>
    public void DropAfter(IEnumerable<long> pieces) => _left.AddRange(pieces);

    /// <summary>Adds a conversation, or replaces what the memory holds under its key when it differs and is not the newer state.</summary>
    /// <param name="chat">As it was read.</param>
    /// <param name="sheets">Its turns, packed; made beside on another thread.</param>
    /// <param name="source">The file it came from.</param>
    /// <param name="piece">The piece that holds it.</param>
    /// <param name="path">The name of that file; null where this state is known to follow the one in the memory.</param>
    /// <param name="woven">The piece without the words of this conversation; null to keep it as it is.</param>
    public void AddChat(Chat chat, ReadyChat sheets, long source, long piece, string? path = null, byte[]? woven = null)
    {
        string key = Db.Storable(chat.Key);
        if (_forgotten.Without(chat) is { } left && left != chat)
            (chat, sheets, woven) = (left, ReadyChat.Of(left), null);
        Known? known = Find(key);
        bool isSame = known is { } it && it.Hash.AsSpan().SequenceEqual(sheets.Hash);
        // a file that is read again keeps no piece of its former state for what says the same as before; the places of the turns move with it
        bool moves = isSame && known!.Value is var now && now.Piece != piece && (path is null || (now.Path == path && now.Source != source));
        if (known is { } same && isSame && !moves)
        {
            Same++;
            // the places of the turns are those in the piece they were read from
            long stays = same.Piece > 0 ? same.Piece : piece;
            Keep(same.Id, piece, stays);
            _work.Add(() => _db.Run("UPDATE conversation SET source=@a, piece=@b WHERE id=@c", source, stays, same.Id));
            return;
        }
        if (_forgotten.HasConversation(key))
        {
            Older++;
            return;
        }
        // a file that was read again replaces its own former state whatever that was
        if (known is { } other && path is not null && (other.Source == source || other.Path != path)
            && Succession.IsOlder(chat, other.Updated, () => other.Chat?.Turns ?? store.TurnsOf(other.Id)))
        {
            Older++;
            Keep(other.Id, piece, other.Piece);
            return;
        }
        // what it follows has to be in the store: pieces may lean on its words
        if (known is { Chat: not null })
            Step(CancellationToken.None);
        long id = known?.Id ?? _conversationId++, first = _turn;
        _pending[key] = new Known(id, sheets.Hash, source, piece, path ?? "", chat.Updated, chat);
        if (woven is not null && _open is { } open && open.Id == piece)
            _open = open with { Woven = woven, Conversation = id };
        _turn += chat.Turns.Count;
        Turns += isSame ? 0 : chat.Turns.Count;
        if (known is { } before)
        {
            (Changed, Same) = isSame ? (Changed, Same + 1) : (Changed + 1, Same);
            Keep(id, before.Piece, piece);
            // its file may have let go of it a step before
            _work.Add(() => DropAfter([before.Piece]));
        }
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
            if (known is not null)
                store.RemoveState(id);
            _db.Run("INSERT INTO conversation VALUES(@a,@b,@c,@d,@e,@f,@g,@h,@i,@j,@k,@l,@m)", id, key, chat.Format, chat.Title, sheets.Gist, source, piece, sheets.Hash, sheets.Began, sheets.Ended, chat.Updated, at, chat.Turns.Count);
            foreach ((int start, int count, byte[] data) in sheets.Sheets)
                _db.Run("INSERT INTO sheet VALUES(@a,@b,@c,@d)", at + start, id, count, data);
            foreach ((int start, int count, long began, long ended, string gist) in sheets.Episodes)
                // the only episode of a conversation has its gist
                _db.Run("INSERT INTO episode VALUES(@a,@b,@c,@d,@e,@f)", at + start, id, count, began, ended, sheets.Episodes.Count > 1 ? gist : "");
        });
    }

    Known? Find(string key)
    {
        if (_pending.TryGetValue(key, out Known pending))
            return pending;
        List<Known> rows = _db.Rows("SELECT c.id, c.hash, c.source, c.piece, coalesce(s.path,''), c.updated FROM conversation c LEFT JOIN source s ON s.id=c.source WHERE c.name=@a",
            r => new Known(r.GetInt64(0), (byte[])r.GetValue(1), r.GetInt64(2), r.GetInt64(3), r.GetString(4), r.GetInt64(5)), key);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Keeps in mind that a piece holds another state of a conversation than the one that is shown: forgetting has to know.</summary>
    /// <param name="conversation">Its number.</param>
    /// <param name="elder">The piece with the other state; 0 for none.</param>
    /// <param name="piece">The piece with the state that is shown.</param>
    public void Keep(long conversation, long elder, long piece)
    {
        if (elder > 0 && elder != piece)
            _work.Add(() => _db.Run("INSERT INTO elder VALUES(@a,@b) ON CONFLICT(conversation, piece) DO NOTHING", conversation, elder));
    }

    public void Dispose() => _pack.Dispose();

    public bool IsFull => _segment.Meta.Slots >= _stepTurns || _bytes >= StepBytes * _stepTurns / StepTurns || _work.Count > 100_000;

    /// <summary>Puts everything gathered into the store, as a whole.</summary>
    public void Step(CancellationToken cancel)
    {
        ClosePack();
        if (_work.Count == 0)
            return;
        cancel.ThrowIfCancellationRequested();
        _db.Transaction(StepWithin);
        _stepTurns = Math.Min(StepTurns, 2 * _stepTurns);
    }

    /// <summary>The same, as a part of a transaction that is open already.</summary>
    public void StepWithin()
    {
        ClosePack();
        foreach (Action work in _work)
            work();
        store.Write(_segment);
        store.DropPieces(_left);
        _left.Clear();
        _work.Clear();
        _fresh.Clear();
        _pending.Clear();
        _segment = new SegmentBuilder();
        _bytes = 0;
    }
}
