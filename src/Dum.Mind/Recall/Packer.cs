using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Recall;

/// <summary>
/// Fills a budget with what was found: the best turns in full, then a sentence of the episodes around, then a map of the
/// conversations that were not opened. Every line carries where it is from.
/// </summary>
sealed class Packer(MindMemory memory)
{
    /// <summary>Share of the budget that goes to turns in full; the rest is gists and map.</summary>
    const double FullShare = 0.92;

    /// <summary>Turns looked at for a budget: more never fit.</summary>
    const int Most = 400;

    /// <summary>Below this share of the question's words, nothing fits.</summary>
    const float Least = 0.12f;

    readonly Dictionary<long, (string Title, string Source)> _conversations = [];

    public Recollection Pack(string question, int budget, DateTimeOffset now)
    {
        Hit[] hits = memory.Search(question, Math.Clamp(budget / 8, 40, Most), now, out float coverage);
        double confidence = Confidence(coverage);
        if (hits.Length == 0 || coverage < Least)
            return new Recollection(question, budget, 0, confidence, true, []);
        var items = new List<Recalled>();
        var shown = new HashSet<string>();
        var episodes = new Dictionary<int, float>();
        int used = 0, room = (int)(budget * FullShare);
        foreach (Hit hit in hits)
        {
            int episode = memory.Index.EpisodeOf[hit.Slot];
            long number = memory.Index.TurnOf(hit.Slot);
            Turn turn = memory.TurnAt(number, out long conversation, out int index);
            if (!shown.Add(turn.Text))
                continue;
            int cost = Cost(turn.Text);
            if (used + cost <= room)
            {
                (string title, string source) = Conversation(conversation);
                items.Add(new Recalled($"{conversation}.{index}", Zoom.Full, hit.Score, title, source, Moment(turn.Time), turn.Speaker.Length > 0 ? turn.Speaker : Name(turn.Role), turn.Text, number));
                used += cost;
            }
            else
                episodes.TryAdd(episode, hit.Score);
        }
        used = AddGists(items, episodes, used, budget);
        return new Recollection(question, budget, used, confidence, items.Count == 0, items);
    }

    int AddGists(List<Recalled> items, Dictionary<int, float> episodes, int used, int budget)
    {
        var mapped = new HashSet<long>();
        foreach ((int episode, float score) in episodes)
        {
            IndexedEpisode e = memory.Index.Episodes[episode];
            foreach ((long conversation, string gist, long began) in memory.Store.Db.Rows("SELECT e.conversation, CASE WHEN e.gist='' THEN c.gist ELSE e.gist END, e.began FROM episode e JOIN conversation c ON c.id=e.conversation WHERE e.first=@a", r => (r.GetInt64(0), r.GetString(1), r.GetInt64(2)), e.Turn))
            {
                (string title, string source) = Conversation(conversation);
                long first = memory.Store.Db.Number("SELECT first FROM conversation WHERE id=@a", conversation);
                string id = $"{conversation}.{e.Turn - first}-{e.Turn - first + e.Turns - 1}";
                if (gist.Length > 0 && used + Cost(gist) <= budget)
                {
                    items.Add(new Recalled(id, Zoom.Gist, score, title, source, Moment(began), "", gist, -1));
                    used += Cost(gist);
                }
                else if (title.Length > 0 && used + Cost(title) <= budget && mapped.Add(conversation))
                {
                    items.Add(new Recalled(conversation.ToString(System.Globalization.CultureInfo.InvariantCulture), Zoom.Map, score, title, source, Moment(began), "", title, -1));
                    used += Cost(title);
                }
            }
        }
        return used;
    }

    /// <summary>A line costs its words and nothing else: addresses are for the reader, as in the published measurements.</summary>
    static int Cost(string text) => Tokens.Of(text);

    static double Confidence(float coverage) => 1 / (1 + Math.Exp(-12 * (coverage - 0.3)));

    (string Title, string Source) Conversation(long id)
    {
        if (!_conversations.TryGetValue(id, out (string Title, string Source) found))
        {
            List<(string, string)> rows = memory.Store.Db.Rows("SELECT c.title, coalesce(s.path,'') FROM conversation c LEFT JOIN source s ON s.id=c.source WHERE c.id=@a", r => (r.GetString(0), r.GetString(1)), id);
            found = _conversations[id] = rows.Count > 0 ? rows[0] : ("", "");
        }
        return found;
    }

    static DateTimeOffset? Moment(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, 253402300799999)) : null;

    internal static string Name(TurnRole role) => role switch
    {
        TurnRole.User => Tongue.Say("user", "человек"),
        TurnRole.Assistant => Tongue.Say("assistant", "помощник"),
        TurnRole.System => Tongue.Say("system", "система"),
        TurnRole.Tool => Tongue.Say("tool", "инструмент"),
        _ => "",
    };
}
