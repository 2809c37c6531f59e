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
/// <param name="Month">Its first day; null for episodes without a time.</param>
/// <param name="Conversations">How many were going on in it.</param>
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
        List<PeriodRow> periods = ReadPeriods(store);
        return new Overview(db.Number("SELECT count(*) FROM source WHERE complete=1"), db.Number("SELECT coalesce(sum(bytes),0) FROM source WHERE complete=1"),
            db.Number("SELECT count(*) FROM conversation"), db.Number("SELECT count(*) FROM episode"), db.Number("SELECT coalesce(sum(turns),0) FROM conversation"),
            db.Bytes, db.Number("SELECT coalesce(sum(gap_bytes),0) FROM source WHERE complete=1"), formats, periods);
    }

    static List<PeriodRow> ReadPeriods(MemoryStore store)
    {
        Dictionary<long, ConversationRow> conversations = ReadConversations(store).ToDictionary(c => c.Id);
        var months = new SortedDictionary<DateTimeOffset, List<(long Conversation, long Turns, string Gist)>>();
        foreach ((long conversation, DateTimeOffset? began, long turns, string gist) in store.Db.Rows("SELECT conversation, began, turns, gist FROM episode ORDER BY first", r => (r.GetInt64(0), Moment(r.GetInt64(1)), r.GetInt64(2), r.GetString(3))))
        {
            DateTimeOffset month = MonthOf(began) ?? DateTimeOffset.MinValue;
            if (!months.TryGetValue(month, out List<(long, long, string)>? rows))
                months[month] = rows = [];
            rows.Add((conversation, turns, gist));
        }
        var topics = new Topics();
        foreach (List<(long Conversation, long Turns, string Gist)> rows in months.Values)
            topics.Add(rows.Select(r => r.Gist).Concat(rows.Select(r => r.Conversation).Distinct().SelectMany(id => new[] { conversations[id].Title, conversations[id].Gist })));
        return [.. months.Select((m, i) => new PeriodRow(m.Key == DateTimeOffset.MinValue ? null : m.Key, m.Value.Select(r => r.Conversation).Distinct().Count(), m.Value.Sum(r => r.Turns),
            topics.Of(i) is { Length: > 0 } words ? words : string.Join(" · ", m.Value.Select(r => conversations[r.Conversation].Title).Where(t => t.Length > 0).Distinct().Take(3))))];
    }

    /// <summary>The first moment of a month, UTC; null for no time.</summary>
    internal static DateTimeOffset? MonthOf(DateTimeOffset? time) => time is { } t ? new DateTimeOffset(t.Year, t.Month, 1, 0, 0, 0, TimeSpan.Zero) : null;

    internal static List<ConversationRow> ReadConversations(MemoryStore store) => store.Db.Rows("SELECT id, title, format, began, turns, gist FROM conversation ORDER BY began, id",
        r => new ConversationRow(r.GetInt64(0), r.GetString(1), r.GetString(2), Moment(r.GetInt64(3)), r.GetInt64(4), r.GetString(5)));

    internal static List<EpisodeRow> ReadEpisodes(MemoryStore store, long conversation) => store.Db.Rows(
        "SELECT e.first-c.first, e.turns, e.began, CASE WHEN e.gist='' THEN c.gist ELSE e.gist END FROM episode e JOIN conversation c ON c.id=e.conversation WHERE c.id=@a ORDER BY e.first",
        r => new EpisodeRow($"{conversation}.{r.GetInt64(0)}-{r.GetInt64(0) + r.GetInt64(1) - 1}", Moment(r.GetInt64(2)), r.GetInt64(1), r.GetString(3)), conversation);

    static DateTimeOffset? Moment(long ms) => ms > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(ms, 253402300799999)) : null;
}
