using Dum.Mind.Store;

namespace Dum.Mind.Recall;

/// <summary>A conversation as a list shows it.</summary>
public sealed record ConversationRow(long Id, string Title, string Format, DateTimeOffset? Began, long Turns, string Gist);

/// <summary>An episode as a list shows it.</summary>
public sealed record EpisodeRow(string Id, DateTimeOffset? Began, long Turns, string Gist);

/// <summary>A scene as a list shows it: turns of one episode that are about one thing.</summary>
/// <param name="Id">Its address.</param>
/// <param name="Episode">The address of the episode it is part of.</param>
/// <param name="Began">When its first turn was said.</param>
/// <param name="Turns">How many.</param>
/// <param name="Gist">The sentence of it that says most of what it repeats.</param>
public sealed record SceneRow(string Id, string Episode, DateTimeOffset? Began, int Turns, string Gist);

/// <summary>A month and what was in it.</summary>
/// <param name="Month">Its first day; null for conversations without a time.</param>
/// <param name="Conversations">How many began in it.</param>
/// <param name="Turns">Their turns.</param>
/// <param name="Gist">The words that set it apart from other months; titles where nothing was said twice.</param>
public sealed record PeriodRow(DateTimeOffset? Month, int Conversations, long Turns, string Gist);

/// <summary>What is in a memory.</summary>
/// <param name="Files">Files imported.</param>
/// <param name="OriginalBytes">Their bytes.</param>
/// <param name="Conversations">How many.</param>
/// <param name="Episodes">How many.</param>
/// <param name="Turns">How many.</param>
/// <param name="StoreBytes">The size of the memory on disk.</param>
/// <param name="UnknownBytes">Bytes that were not understood.</param>
/// <param name="Formats">Conversations by format.</param>
/// <param name="Periods">Months, the earliest first.</param>
public sealed record Overview(long Files, long OriginalBytes, long Conversations, long Episodes, long Turns, long StoreBytes, long UnknownBytes,
    IReadOnlyDictionary<string, long> Formats, IReadOnlyList<PeriodRow> Periods)
{
    internal static Overview Read(MemoryStore store)
    {
        Db db = store.Db;
        var formats = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string format, long count) in db.Rows("SELECT format, count(*) FROM conversation GROUP BY format", r => (r.GetString(0), r.GetInt64(1))))
            formats[format] = count;
        var months = new SortedDictionary<DateTimeOffset, List<ConversationRow>>();
        foreach (ConversationRow row in ReadConversations(store))
        {
            DateTimeOffset month = row.Began is { } t ? new DateTimeOffset(t.Year, t.Month, 1, 0, 0, 0, TimeSpan.Zero) : DateTimeOffset.MinValue;
            if (!months.TryGetValue(month, out List<ConversationRow>? rows))
                months[month] = rows = [];
            rows.Add(row);
        }
        ILookup<long, string> gists = db.Rows("SELECT conversation, gist FROM episode WHERE gist<>''", r => (r.GetInt64(0), r.GetString(1))).ToLookup(g => g.Item1, g => g.Item2);
        var topics = new Topics();
        foreach (List<ConversationRow> rows in months.Values)
            topics.Add(rows.SelectMany(r => gists[r.Id].Append(r.Title).Append(r.Gist)));
        List<PeriodRow> periods = [.. months.Select((m, i) => new PeriodRow(m.Key == DateTimeOffset.MinValue ? null : m.Key, m.Value.Count, m.Value.Sum(r => r.Turns),
            topics.Of(i) is { Length: > 0 } words ? words : string.Join(" · ", m.Value.Select(r => r.Title).Where(t => t.Length > 0).Distinct().Take(3))))];
        return new Overview(db.Number("SELECT count(*) FROM source WHERE complete=1"), db.Number("SELECT coalesce(sum(bytes),0) FROM source WHERE complete=1"),
            db.Number("SELECT count(*) FROM conversation"), db.Number("SELECT count(*) FROM episode"), db.Number("SELECT coalesce(sum(turns),0) FROM conversation"),
            db.Bytes, db.Number("SELECT coalesce(sum(gap_bytes),0) FROM source WHERE complete=1"), formats, periods);
    }

    internal static List<ConversationRow> ReadConversations(MemoryStore store) => store.Db.Rows("SELECT id, title, format, began, turns, gist FROM conversation ORDER BY began, id",
        r => new ConversationRow(r.GetInt64(0), r.GetString(1), r.GetString(2), Moment(r.GetInt64(3)), r.GetInt64(4), r.GetString(5)));

    internal static List<EpisodeRow> ReadEpisodes(MemoryStore store, long conversation) => store.Db.Rows(
        "SELECT e.first-c.first, e.turns, e.began, CASE WHEN e.gist='' THEN c.gist ELSE e.gist END FROM episode e JOIN conversation c ON c.id=e.conversation WHERE c.id=@a ORDER BY e.first",
        r => new EpisodeRow($"{conversation}.{r.GetInt64(0)}-{r.GetInt64(0) + r.GetInt64(1) - 1}", Moment(r.GetInt64(2)), r.GetInt64(1), r.GetString(3)), conversation);

    static DateTimeOffset? Moment(long ms) => ms > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(ms, 253402300799999)) : null;
}
