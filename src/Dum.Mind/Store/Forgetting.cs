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
                if (_db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) == 0)
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
        // where the piece holds other conversations too, only the bytes of this one's turns go
        if (head.Piece > 0 && _db.Number("SELECT count(*) FROM conversation WHERE piece=@a AND id<>@b", head.Piece, head.Id) > 0)
            Wipe(head.Piece, TurnsOf(head.Id));
        _pieces.Add(head.Piece);
        store.RemoveConversation(head.Id);
        return head.Turns;
    }

    long Part(ConversationHead head, int first, int last)
    {
        List<Turn> turns = TurnsOf(head.Id), gone = [];
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
        if (head.Piece > 0)
            Wipe(head.Piece, gone);
        using var writer = new StoreWriter(store);
        writer.AddChat(chat, ReadyChat.Of(chat), head.Source, head.Piece);
        writer.StepWithin();
        return gone.Count;
    }

    List<Turn> TurnsOf(long conversation) => [.. _db.Rows("SELECT data FROM sheet WHERE conversation=@a ORDER BY first", r => (byte[])r.GetValue(0), conversation).SelectMany(Sheet.Read)];

    void Wipe(long piece, List<Turn> turns)
    {
        byte[] bytes = store.ReadPiece(piece);
        foreach (Turn turn in turns)
            Forgotten.Wipe(bytes, turn);
        (long pack, long at) = _db.Rows("SELECT pack, at FROM piece WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), piece)[0];
        byte[] raw = store.OpenPack(pack);
        bytes.CopyTo(raw, at);
        _db.Run("UPDATE pack SET codec=@a, raw=@b, data=@c WHERE id=@d", Pack.Quick, raw.Length, Pack.Squeeze(raw), pack);
        _db.Run("UPDATE piece SET sha=@a WHERE id=@b", SHA256.HashData(bytes), piece);
    }
}
