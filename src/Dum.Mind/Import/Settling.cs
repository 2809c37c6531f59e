using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>
/// What becomes of conversations whose state no file holds any more, after an edit of the one it came from: another file may hold them in
/// the same words or older ones. That state is shown from then on; what no file holds goes. An import that was cut off before leaves them
/// to the next one.
/// </summary>
sealed class Settling(MemoryStore store, StoreWriter writer)
{
    /// <summary>Stands for the file of a conversation until it is settled.</summary>
    public const long NoSource = 0;

    readonly Db _db = store.Db;
    readonly Rereading _rereading = new(store);

    readonly record struct Lost(long Id, string Key, long Piece);

    readonly record struct State(Chat Chat, long Piece, long Source);

    public void Run(CancellationToken cancel)
    {
        foreach (Lost lost in _db.Rows("SELECT id, name, piece FROM conversation WHERE source=@a ORDER BY piece, id", r => new Lost(r.GetInt64(0), r.GetString(1), r.GetInt64(2)), NoSource))
        {
            cancel.ThrowIfCancellationRequested();
            Settle(lost);
            if (writer.IsFull)
                writer.Step(cancel);
        }
        writer.Step(cancel);
    }

    void Settle(Lost lost)
    {
        if (Find(lost.Piece, lost.Key) is { } same)
        {
            writer.Later(() => _db.Run("UPDATE conversation SET source=@a WHERE id=@b", same.Source, lost.Id));
            return;
        }
        List<long> elders = _db.Rows("SELECT piece FROM elder WHERE conversation=@a AND piece<>@b ORDER BY piece", r => r.GetInt64(0), lost.Id, lost.Piece);
        State? best = null;
        foreach (long elder in elders)
            if (Find(elder, lost.Key) is { } state && (best is not { } other || !Succession.IsOlder(state.Chat, other.Chat.Updated, () => other.Chat.Turns)))
                best = state;
        writer.Later(() => writer.DropAfter([lost.Piece]));
        if (best is { } found)
            writer.AddChat(found.Chat, ReadyChat.Of(found.Chat), found.Source, found.Piece);
        else
            writer.Later(() =>
            {
                // what cannot be read here may be read from its file, at the next import
                foreach (long elder in elders)
                    _db.Run("UPDATE source SET modified=0 WHERE id IN (SELECT source FROM part WHERE piece=@a)", elder);
                store.RemoveConversation(lost.Id);
            });
    }

    /// <summary>The conversation of that key in a piece, as the file imported last holds it; null where none does.</summary>
    State? Find(long piece, string key)
    {
        foreach (PiecePlace place in _rereading.PlacesOf(piece).Where(p => p.IsComplete).Reverse())
            try
            {
                if (_rereading.ChatsOf(piece, place).Find(c => Db.Storable(c.Key) == key) is { } chat)
                    return new State(chat, piece, place.Source);
            }
            catch (DumException)
            {
                // damaged: as good as not there
            }
        return null;
    }
}
