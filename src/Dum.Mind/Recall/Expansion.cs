using System.Security.Cryptography;
using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Recall;

/// <summary>A turn with everything known of it.</summary>
/// <param name="Id">Its address.</param>
/// <param name="SourceId">The id it has in its source.</param>
/// <param name="Speaker">Who said it.</param>
/// <param name="Time">When; null when not known.</param>
/// <param name="Text">The words.</param>
/// <param name="Marks">Hidden, branch, repaired, healed.</param>
public sealed record ExpandedTurn(string Id, string SourceId, string Speaker, DateTimeOffset? Time, string Text, string Marks);

/// <summary>Turns of a conversation, and the exact bytes they were read from.</summary>
/// <param name="Title">Of the conversation.</param>
/// <param name="Format">chatgpt, claude, nexus, …</param>
/// <param name="Source">The file.</param>
/// <param name="Gist">A sentence of the conversation.</param>
/// <param name="Turns">In order.</param>
/// <param name="Original">The bytes of these turns as they stood in the file.</param>
/// <param name="Sha256">Of those bytes; the record they lie in has been checked against the hash kept at import.</param>
public sealed record Expanded(string Title, string Format, string Source, string Gist, IReadOnlyList<ExpandedTurn> Turns, byte[] Original, string Sha256)
{
    internal static Expanded Read(MindMemory memory, string id)
    {
        List<Expanded> parts = [.. Address.Parse(memory.Store.Db, id).Select(a => Read(memory, a))];
        if (parts.Count == 1)
            return parts[0];
        // a period: its episodes one after the other
        byte[] original = [.. parts.SelectMany(p => p.Original)];
        return new Expanded(id, Same(parts.Select(p => p.Format)), Same(parts.Select(p => p.Source)), "", [.. parts.SelectMany(p => p.Turns)], original, Convert.ToHexStringLower(SHA256.HashData(original)));
    }

    static string Same(IEnumerable<string> names) => string.Join(", ", names.Distinct().Take(5));

    static Expanded Read(MindMemory memory, Address address)
    {
        Db db = memory.Store.Db;
        var rows = db.Rows("SELECT c.title, c.format, coalesce(s.path,''), c.gist, c.piece FROM conversation c LEFT JOIN source s ON s.id=c.source WHERE c.id=@a",
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt64(4)), address.Conversation);
        if (rows.Count == 0)
            throw new DumException(Tongue.Say($"there is no conversation {address.Conversation} in this memory", $"беседы {address.Conversation} в этой памяти нет"));
        (string title, string format, string source, string gist, long piece) = rows[0];
        var turns = new List<ExpandedTurn>();
        int number = 0, from = int.MaxValue, to = 0;
        foreach (byte[] data in db.Rows("SELECT data FROM sheet WHERE conversation=@a ORDER BY first", r => (byte[])r.GetValue(0), address.Conversation))
            foreach (Turn turn in Sheet.Read(data))
            {
                if (number >= address.First && number <= address.Last)
                {
                    turns.Add(new ExpandedTurn($"{address.Conversation}.{number}", turn.Id, turn.Speaker.Length > 0 ? turn.Speaker : Packer.Name(turn.Role),
                        turn.Time > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(turn.Time, 253402300799999)) : null, turn.Text, turn.Flags == 0 ? "" : turn.Flags.ToString()));
                    if (turn.Bytes > 0)
                        (from, to) = (Math.Min(from, turn.At), Math.Max(to, turn.At + turn.Bytes));
                }
                number++;
            }
        if (turns.Count == 0)
            throw new DumException(Tongue.Say($"conversation {address.Conversation} has turns 0 to {number - 1}", $"в беседе {address.Conversation} реплики от 0 до {number - 1}"));
        byte[] bytes = memory.Store.ReadPiece(piece);
        byte[] original = address.IsWhole || to == 0 ? bytes : from >= 0 && to <= bytes.Length ? bytes[from..to] : throw new DumException(Tongue.Say("the place of a turn lies outside its record: the memory is damaged", "место реплики вне её записи: память повреждена"));
        return new Expanded(title, format, source, gist, turns, original, Convert.ToHexStringLower(SHA256.HashData(original)));
    }
}
