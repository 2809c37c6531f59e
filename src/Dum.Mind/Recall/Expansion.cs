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
/// <param name="Marks">Hidden, branch, repaired, healed, forgotten.</param>
public sealed record ExpandedTurn(string Id, string SourceId, string Speaker, DateTimeOffset? Time, string Text, string Marks);

/// <summary>Turns of a conversation, and the exact bytes they were read from.</summary>
/// <param name="Title">Of the conversation.</param>
/// <param name="Format">chatgpt, claude, nexus, …</param>
/// <param name="Source">The file.</param>
/// <param name="Gist">A sentence of the conversation.</param>
/// <param name="Turns">In order.</param>
/// <param name="Original">The bytes of these turns as they stood in the file, without what was forgotten.</param>
/// <param name="Sha256">Of those bytes; the record they lie in has been checked against its hash.</param>
/// <param name="ForgottenTurns">How many of the turns were forgotten: nothing of them is here.</param>
/// <param name="ForgottenBytes">How many bytes were forgotten between the first and the last of <paramref name="Original"/>.</param>
public sealed record Expanded(string Title, string Format, string Source, string Gist, IReadOnlyList<ExpandedTurn> Turns, byte[] Original, string Sha256, int ForgottenTurns, long ForgottenBytes)
{
    internal static Expanded Read(MindMemory memory, string id)
    {
        List<Expanded> parts = [.. Address.Parse(memory.Store.Db, id).Select(a => Read(memory, a))];
        if (parts.Count == 1)
            return parts[0];
        // a period: its episodes one after the other
        byte[] original = [.. parts.SelectMany(p => p.Original)];
        return new Expanded(id, Same(parts.Select(p => p.Format)), Same(parts.Select(p => p.Source)), "", [.. parts.SelectMany(p => p.Turns)], original, Convert.ToHexStringLower(SHA256.HashData(original)),
            parts.Sum(p => p.ForgottenTurns), parts.Sum(p => p.ForgottenBytes));
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
        List<Turn> all = memory.Store.TurnsOf(address.Conversation);
        var turns = new List<ExpandedTurn>();
        (int from, int to, int forgotten) = (int.MaxValue, 0, 0);
        for (int number = address.First; number < all.Count && number <= address.Last; number++)
        {
            Turn turn = all[number];
            turns.Add(new ExpandedTurn($"{address.Conversation}.{number}", turn.Id, turn.Speaker.Length > 0 ? turn.Speaker : Packer.Name(turn.Role), Packer.Moment(turn.Time), turn.Text, turn.Flags == 0 ? "" : turn.Flags.ToString()));
            forgotten += (turn.Flags & TurnMarks.Forgotten) != 0 ? 1 : 0;
            if (turn.Bytes > 0)
                (from, to) = (Math.Min(from, turn.At), Math.Max(to, turn.At + turn.Bytes));
        }
        if (turns.Count == 0 && (all.Count > 0 || !address.IsWhole))
            throw new DumException(Tongue.Say($"conversation {address.Conversation} has turns 0 to {all.Count - 1}", $"в беседе {address.Conversation} реплики от 0 до {all.Count - 1}"));
        // a record of its own is given as a whole, with what stands around the turns
        byte[] bytes = piece > 0 ? memory.Store.ReadPiece(piece) : [];
        if (address.IsWhole && db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) == 1)
            (from, to) = (0, bytes.Length);
        // the words of a repaired memory may be all that is left
        (from, to) = piece > 0 ? (Math.Min(from, to), to) : (0, 0);
        if (from < 0 || to > bytes.Length)
            throw Damage.Of("the place of a turn lies outside its record", "место реплики вне её записи");
        byte[] original = Kept(bytes, from, to, db.Rows("SELECT at, bytes FROM blank WHERE piece=@a ORDER BY at", r => new Stretch(r.GetInt64(0), r.GetInt64(1)), piece));
        return new Expanded(title, format, source, gist, turns, original, Convert.ToHexStringLower(SHA256.HashData(original)), forgotten, to - from - original.Length);
    }

    /// <summary>The bytes of a stretch without those that were forgotten.</summary>
    static byte[] Kept(byte[] bytes, int from, int to, List<Stretch> blanks)
    {
        var kept = new List<byte>(to - from);
        foreach (Stretch blank in blanks)
        {
            int end = (int)Math.Clamp(blank.At, from, to);
            kept.AddRange(bytes.AsSpan(from, end - from));
            from = (int)Math.Clamp(blank.At + blank.Bytes, from, to);
        }
        kept.AddRange(bytes.AsSpan(from, to - from));
        return [.. kept];
    }
}
