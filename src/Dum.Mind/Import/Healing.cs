using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>
/// Heals notes from exports: the importer that wrote a note has taken words out of it, and the export of the same
/// conversation has them. The note's turn gets the export's exact text; the note's own bytes stay what they were.
/// </summary>
static class Healing
{
    public static int Heal(MemoryStore store, StoreWriter writer, CancellationToken cancel)
    {
        Db db = store.Db;
        int healed = 0;
        List<(long Id, string Key, long Source, long Piece, string Title, long Updated)> notes = db.Rows(
            "SELECT n.id, n.name, n.source, n.piece, n.title, n.updated FROM conversation n WHERE n.format='nexus' AND EXISTS(SELECT 1 FROM conversation e WHERE e.name=substr(n.name,7))",
            r => (r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetString(4), r.GetInt64(5)));
        foreach ((long id, string key, long source, long piece, string title, long updated) in notes)
        {
            cancel.ThrowIfCancellationRequested();
            var exact = new Dictionary<string, string>();
            foreach (Turn turn in store.TurnsOf(db.Number("SELECT id FROM conversation WHERE name=@a", key[6..])))
                exact.TryAdd(turn.Id, turn.Text);
            var chat = new Chat { Key = key, Format = "nexus", Title = title, Updated = updated };
            int now = 0;
            foreach (Turn turn in store.TurnsOf(id))
            {
                bool heals = turn.Id.Length > 0 && exact.TryGetValue(turn.Id, out string? text) && (turn.Flags & TurnMarks.Healed) == 0;
                now += heals ? 1 : 0;
                chat.Turns.Add(heals ? turn with { Text = exact[turn.Id], Flags = turn.Flags | TurnMarks.Healed } : turn);
            }
            if (now == 0)
                continue;
            healed += now;
            writer.AddChat(chat, ReadyChat.Of(chat), source, piece);
        }
        writer.Step(cancel);
        return healed;
    }
}
