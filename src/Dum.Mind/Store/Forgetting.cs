using System.Security.Cryptography;
using System.Text;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>
/// Forgetting for good: turns, originals and every word of them in the index are gone from the files when it returns.
/// Only the hash of a conversation's key stays, so that the next import of the same file does not bring it back.
/// </summary>
static class Forgetting
{
    public static byte[] NameOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes("forgotten\n" + key));

    /// <param name="store">The memory.</param>
    /// <param name="conversations">Which conversations.</param>
    /// <param name="cancel">Looked at before anything is changed.</param>
    /// <returns>Turns forgotten.</returns>
    public static long Forget(MemoryStore store, IReadOnlyList<long> conversations, CancellationToken cancel)
    {
        Db db = store.Db;
        long turns = 0;
        db.Transaction(() =>
        {
            var pieces = new HashSet<long>();
            foreach (long id in conversations)
            {
                cancel.ThrowIfCancellationRequested();
                foreach ((string key, long piece, long count) in db.Rows("SELECT name, piece, turns FROM conversation WHERE id=@a", r => (r.GetString(0), r.GetInt64(1), r.GetInt64(2)), id))
                {
                    db.Run("INSERT INTO forgotten VALUES(@a) ON CONFLICT(name) DO NOTHING", NameOf(key));
                    Blank(store, id, piece);
                    pieces.Add(piece);
                    turns += count;
                }
                store.RemoveConversation(id);
            }
            foreach (long piece in pieces)
                if (db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) == 0)
                {
                    // The file's map keeps the place; the bytes are gone.
                    db.Run("UPDATE part SET piece=-1 WHERE piece=@a", piece);
                    store.DropPieces([piece]);
                }
            store.Join(all: true, cancel);
        });
        db.Purge();
        return turns;
    }

    /// <summary>Where a piece holds other conversations too, only the bytes of this one's turns are wiped out.</summary>
    static void Blank(MemoryStore store, long conversation, long piece)
    {
        Db db = store.Db;
        if (piece <= 0 || db.Number("SELECT count(*) FROM conversation WHERE piece=@a AND id<>@b", piece, conversation) == 0)
            return;
        byte[] bytes = store.ReadPiece(piece);
        foreach (byte[] sheet in db.Rows("SELECT data FROM sheet WHERE conversation=@a", r => (byte[])r.GetValue(0), conversation))
            foreach (Turn turn in Sheet.Read(sheet))
                bytes.AsSpan(turn.At, turn.Bytes).Fill((byte)' ');
        (long pack, long at) = db.Rows("SELECT pack, at FROM piece WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), piece)[0];
        byte[] raw = store.OpenPack(pack);
        bytes.CopyTo(raw, at);
        db.Run("UPDATE pack SET codec=@a, raw=@b, data=@c WHERE id=@d", Pack.Quick, raw.Length, Pack.Squeeze(raw), pack);
        db.Run("UPDATE piece SET sha=@a WHERE id=@b", SHA256.HashData(bytes), piece);
    }
}
