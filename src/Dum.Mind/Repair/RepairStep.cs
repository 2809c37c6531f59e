using Dum.Mind.Turns;

namespace Dum.Mind.Repair;

/// <summary>Puts wrongly decoded turns right on their way into a memory; a conversation is judged as a whole.</summary>
static class RepairStep
{
    public static void Apply(IEnumerable<Chat> chats)
    {
        foreach (Chat chat in chats)
        {
            string[] texts = [.. chat.Turns.Select(t => t.Text)];
            if (texts.All(t => System.Text.Ascii.IsValid(t)) || Mojibake.Judge(texts) is null)
                continue;
            for (int i = 0; i < chat.Turns.Count; i++)
                if (Mojibake.Repair(texts[i], texts) is { Edits.Count: > 0 } repaired)
                    chat.Turns[i] = chat.Turns[i] with { Text = repaired.Text, Flags = chat.Turns[i].Flags | TurnMarks.Repaired };
        }
    }
}
