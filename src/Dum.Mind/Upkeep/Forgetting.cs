using System.Security.Cryptography;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>
/// Forgetting for good: turns, originals and every word of them in the index are gone from the files when it returns.
/// Only hashes stay, so that the next import of the same file does not bring them back.
/// </summary>
sealed class Forgetting(MemoryStore store, CancellationToken cancel)
{
    readonly Db _db = store.Db;
    readonly Forgotten _forgotten = new(store.Db);
    readonly HashSet<long> _pieces = [];

    /// <param name="stretches">Conversations, and the first and last turn of each.</param>
    /// <returns>Turns forgotten.</returns>
    public long Forget(IReadOnlyList<(long Conversation, int First, int Last)> stretches)
    {
        long turns = 0;
        _db.Transaction(() =>
        {
            foreach ((long id, int first, int last) in stretches)
            {
                cancel.ThrowIfCancellationRequested();
                foreach (ConversationHead head in _db.Rows("SELECT name, format, title, source, piece, updated, turns FROM conversation WHERE id=@a", r => new ConversationHead(id, r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6)), id))
                    turns += first == 0 && last >= head.Turns - 1 ? Whole(head) : Part(head, first, last);
            }
            foreach (long piece in _pieces)
                if (piece > 0 && _db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) == 0)
                {
                    // The file's map keeps the place; the bytes are gone.
                    _db.Run("UPDATE part SET piece=-1 WHERE piece=@a", piece);
                    store.DropPieces([piece]);
                }
            store.Join(all: true, cancel);
        });
        _db.Purge();
        return turns;
    }

    readonly record struct ConversationHead(long Id, string Key, string Format, string Title, long Source, long Piece, long Updated, long Turns);

    long Whole(ConversationHead head)
    {
        _forgotten.AddConversation(head.Key);
        List<Turn> turns = store.TurnsOf(head.Id);
        // where the piece holds other conversations too, only the bytes of this one's turns go
        if (head.Piece > 0 && _db.Number("SELECT count(*) FROM conversation WHERE piece=@a AND id<>@b", head.Piece, head.Id) > 0)
            Wipe(head.Piece, [.. turns.Select(t => new Stretch(t.At, t.Bytes))]);
        ForgetElders(head, turns, all: true);
        _pieces.Add(head.Piece);
        store.RemoveConversation(head.Id);
        return head.Turns;
    }

    long Part(ConversationHead head, int first, int last)
    {
        List<Turn> turns = store.TurnsOf(head.Id), gone = [];
        var chat = new Chat { Key = head.Key, Format = head.Format, Title = head.Title, Updated = head.Updated };
        for (int i = 0; i < turns.Count; i++)
        {
            bool goes = i >= first && i <= last && (turns[i].Flags & TurnMarks.Forgotten) == 0;
            if (goes)
                gone.Add(turns[i]);
            chat.Turns.Add(goes ? Forgotten.Blank(turns[i]) : turns[i]);
        }
        foreach (Turn turn in gone)
            _forgotten.AddTurn(head.Key, turn);
        ForgetElders(head, gone, all: false);
        long piece = head.Piece > 0 ? Wipe(head.Piece, [.. gone.Select(t => new Stretch(t.At, t.Bytes))]) : head.Piece;
        using var writer = new StoreWriter(store);
        writer.AddChat(chat, ReadyChat.Of(chat), head.Source, piece);
        writer.StepWithin();
        return gone.Count;
    }

    /// <summary>Other states of a conversation, in other files: the same bytes go there. A state that has a turn in other bytes goes as a whole.</summary>
    void ForgetElders(ConversationHead head, List<Turn> gone, bool all)
    {
        byte[] kept = head.Piece > 0 ? store.ReadPiece(head.Piece) : [];
        foreach (long piece in _db.Rows("SELECT piece FROM elder WHERE conversation=@a AND piece<>@b", r => r.GetInt64(0), head.Id, head.Piece))
        {
            if (_db.Number("SELECT count(*) FROM piece WHERE id=@a", piece) == 0)
                continue;
            bool isShared = _db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) + _db.Number("SELECT count(*) FROM elder WHERE piece=@a AND conversation<>@b", piece, head.Id) > 0;
            byte[] bytes = store.ReadPiece(piece);
            var found = new List<Stretch>();
            foreach (Turn turn in gone)
                if (turn.Bytes > 0 && turn.At + turn.Bytes <= kept.Length && bytes.AsSpan().IndexOf(kept.AsSpan(turn.At, turn.Bytes)) is >= 0 and int at)
                    found.Add(new Stretch(at, turn.Bytes));
            if (!isShared && (all || found.Count < gone.Count))
                _pieces.Add(piece);
            else
                Wipe(piece, found);
        }
    }

    /// <summary>Puts spaces in place of what is forgotten.</summary>
    /// <returns>The piece that has those bytes now: another one where that was there already.</returns>
    long Wipe(long piece, List<Stretch> blanks)
    {
        byte[] bytes = store.ReadPiece(piece);
        foreach (Stretch blank in blanks)
            bytes.AsSpan((int)blank.At, (int)blank.Bytes).Fill((byte)' ');
        byte[] sha = SHA256.HashData(bytes);
        if (_db.Number("SELECT coalesce(max(id),0) FROM piece WHERE sha=@a AND id<>@b", sha, piece) is > 0 and long twin)
        {
            _db.Run("UPDATE part SET piece=@a WHERE piece=@b", twin, piece);
            _db.Run("UPDATE conversation SET piece=@a WHERE piece=@b", twin, piece);
            store.DropPieces([piece]);
            return twin;
        }
        if (_db.Number("SELECT count(*) FROM weave WHERE piece=@a", piece) > 0)
            store.Unweave(piece);
        (long pack, long at) = _db.Rows("SELECT pack, at FROM piece WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), piece)[0];
        byte[] raw = store.OpenPack(pack);
        bytes.CopyTo(raw, at);
        store.Refill(pack, raw);
        _db.Run("UPDATE piece SET sha=@a WHERE id=@b", sha, piece);
        foreach (Stretch blank in blanks)
            _db.Run("INSERT INTO blank VALUES(@a,@b,@c) ON CONFLICT(piece, at) DO UPDATE SET bytes=excluded.bytes", piece, blank.At, blank.Bytes);
        return piece;
    }
}
