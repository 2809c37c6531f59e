using Dum.Mind.Turns;

namespace Dum.Mind.Repair;

/// <summary>Puts wrongly decoded turns right on their way into a memory; a conversation is judged as a whole.</summary>
static class RepairStep
{
    public static void Apply(IEnumerable<Chat> chats)
    {
        foreach (Chat chat in chats)
        {
            IReadOnlyList<(Codec, bool)> layers = Mojibake.Layers([.. chat.Turns.Select(t => t.Text)]);
            for (int i = 0; i < chat.Turns.Count && layers.Count > 0; i++)
                if (Mojibake.Repair(chat.Turns[i].Text, layers) is { Edits.Count: > 0 } repaired)
                    chat.Turns[i] = chat.Turns[i] with { Text = repaired.Text, Flags = chat.Turns[i].Flags | TurnMarks.Repaired };
        }
    }
}
