using System.Security.Cryptography;
using Dum.Mind.Import;
using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Upkeep;

/// <summary>
/// Forgetting for good: turns, originals and every word of them in the index are gone from the files when it returns.
/// Only hashes stay, so that the next import of the same file does not bring them back. What goes from an original is what that import
/// would leave out of it: every piece with a state of a conversation is read again, and the same filter looks at it.
/// </summary>
sealed class Forgetting(MemoryStore store, CancellationToken cancel)
{
    readonly Db _db = store.Db;
    readonly Forgotten _forgotten = new(store.Db);
    readonly Rereading _rereading = new(store);

    /// <summary>Pieces to be looked through, and what is known to go from them as the files of those numbers hold them.</summary>
    readonly SortedDictionary<long, List<(long Source, Stretch Gone)>> _pieces = [];

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
            foreach ((long piece, List<(long, Stretch)> known) in _pieces)
                Clean(piece, known);
            store.Join(all: true, cancel);
        });
        _db.Purge();
        return turns;
    }

    readonly record struct ConversationHead(long Id, string Key, string Format, string Title, long Source, long Piece, long Updated, long Turns);

    long Whole(ConversationHead head)
    {
        _forgotten.AddConversation(head.Key);
        Note(head, store.TurnsOf(head.Id));
        store.RemoveConversation(head.Id);
        return head.Turns;
    }

    long Part(ConversationHead head, int first, int last)
    {
        List<Turn> turns = store.TurnsOf(head.Id);
        for (int i = first; i < turns.Count && i <= last; i++)
            if ((turns[i].Flags & TurnMarks.Forgotten) == 0)
                _forgotten.AddTurn(head.Key, turns[i]);
        Chat left = _forgotten.Without(new Chat { Key = head.Key, Format = head.Format, Title = head.Title, Updated = head.Updated, Turns = turns });
        // also turns without an id that say the same, which no import could tell from these
        List<Turn> gone = [.. turns.Where((t, i) => (left.Turns[i].Flags & ~t.Flags & TurnMarks.Forgotten) != 0)];
        Note(head, gone);
        using var writer = new StoreWriter(store);
        writer.AddChat(left, ReadyChat.Of(left), head.Source, head.Piece);
        writer.StepWithin();
        return gone.Count;
    }

    /// <summary>Every piece with a state of the conversation has to be looked through; in that of the state that is shown the places of the turns are known.</summary>
    void Note(ConversationHead head, List<Turn> gone)
    {
        foreach (long elder in _db.Rows("SELECT piece FROM elder WHERE conversation=@a", r => r.GetInt64(0), head.Id))
            _pieces.TryAdd(elder, []);
        if (head.Piece <= 0)
            return;
        _pieces.TryAdd(head.Piece, []);
        _pieces[head.Piece].AddRange(gone.Where(t => t.Bytes > 0).Select(t => (head.Source, new Stretch(t.At, t.Bytes))));
    }

    /// <summary>Takes out of a piece what every file that holds it has to leave out: the same bytes may be another conversation in another file.</summary>
    void Clean(long piece, List<(long Source, Stretch Gone)> known)
    {
        if (_db.Number("SELECT count(*) FROM piece WHERE id=@a", piece) == 0)
            return;
        List<Stretch>? blanks = null;
        bool isRead = false;
        foreach (PiecePlace place in _rereading.PlacesOf(piece))
        {
            List<Stretch>? here = _forgotten.In(_rereading.ChatsOf(piece, place));
            here?.AddRange(known.Where(k => k.Source == place.Source).Select(k => k.Gone));
            (blanks, isRead) = (!isRead ? here : blanks is null ? here : here is null ? blanks : Both(blanks, here), true);
        }
        if (isRead && blanks is null)
        {
            // The files' maps keep the place; the bytes are gone.
            _db.Run("UPDATE part SET piece=-1 WHERE piece=@a", piece);
            store.DropPieces([piece]);
        }
        else if ((blanks ?? [.. known.Select(k => k.Gone)]) is { Count: > 0 } gone)
            Wipe(piece, gone);
        // no file holds it any more
        if (!isRead)
            store.DropPieces([piece]);
    }

    /// <summary>What two lists of stretches have in common.</summary>
    static List<Stretch> Both(List<Stretch> one, List<Stretch> two)
    {
        var both = new List<Stretch>();
        foreach (Stretch a in one)
            foreach (Stretch b in two)
                if (Math.Max(a.At, b.At) is var from && Math.Min(a.At + a.Bytes, b.At + b.Bytes) is var to && from < to)
                    both.Add(new Stretch(from, to - from));
        return both;
    }

    /// <summary>Puts spaces in place of what is forgotten.</summary>
    void Wipe(long piece, List<Stretch> blanks)
    {
        byte[] bytes = Forgotten.Wiped(store.ReadPiece(piece), blanks), sha = SHA256.HashData(bytes);
        long kept = piece;
        if (_db.Number("SELECT coalesce(max(id),0) FROM piece WHERE sha=@a AND id<>@b", sha, piece) is > 0 and long twin)
        {
            kept = twin;
            _db.Run("UPDATE part SET piece=@a WHERE piece=@b", twin, piece);
            _db.Run("UPDATE conversation SET piece=@a WHERE piece=@b", twin, piece);
            _db.Run("INSERT INTO elder SELECT conversation, CAST(@a AS BIGINT) FROM elder WHERE piece=@b ON CONFLICT(conversation, piece) DO NOTHING", twin, piece);
            _db.Run("INSERT INTO blank SELECT CAST(@a AS BIGINT), at, bytes FROM blank WHERE piece=@b ON CONFLICT(piece, at) DO NOTHING", twin, piece);
            store.DropPieces([piece]);
        }
        else
        {
            if (_db.Number("SELECT count(*) FROM weave WHERE piece=@a", piece) > 0)
                store.Unweave(piece);
            (long pack, long at) = _db.Rows("SELECT pack, at FROM piece WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), piece)[0];
            byte[] raw = store.OpenPack(pack);
            bytes.CopyTo(raw, at);
            store.Refill(pack, raw);
            _db.Run("UPDATE piece SET sha=@a WHERE id=@b", sha, piece);
        }
        foreach (Stretch blank in blanks)
            _db.Run("INSERT INTO blank VALUES(@a,@b,@c) ON CONFLICT(piece, at) DO UPDATE SET bytes=CASE WHEN blank.bytes<excluded.bytes THEN excluded.bytes ELSE blank.bytes END", kept, blank.At, blank.Bytes);
    }
}
