using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Recall;

/// <summary>
/// Fills a budget with what was found: the best turns in full, then a sentence of the scenes around, then a map of the
/// conversations that were not opened. Every line carries where it is from.
/// </summary>
sealed class Packer(MindMemory memory)
{
    /// <summary>Share of the budget that goes to gists and map, and the most tokens of it; the rest is for turns in full.</summary>
    const double GistShare = 0.08;

    const int MostGistTokens = 160;

    /// <summary>Turns looked at for a budget: more never fit.</summary>
    const int Most = 400;

    /// <summary>Episodes of which a sentence is looked for.</summary>
    const int MostGists = 24;

    /// <summary>With fewer tokens of room left, no turn is looked for any more.</summary>
    const int Smallest = 4;

    /// <summary>Below this share of the question's words, nothing fits.</summary>
    const float Least = 0.12f;

    readonly Dictionary<long, (string Title, string Source)> _conversations = [];

    public Recollection Pack(string question, int budget, DateTimeOffset now)
    {
        Hit[] hits = memory.Search(question, Math.Clamp(budget / 8, 40, Most), now, out Fit fit);
        double confidence = Confidence(fit);
        if (hits.Length == 0 || fit.Coverage < Least)
            return new Recollection(question, budget, 0, confidence, true, []);
        var items = new List<Recalled>();
        var shown = new HashSet<string>();
        var left = new Dictionary<int, float>();
        var about = new HashSet<int>();
        int used = 0, room = budget - Math.Min((int)(budget * GistShare), MostGistTokens);
        foreach (Hit hit in hits)
        {
            if (room - used < Smallest && left.Count == MostGists)
                break;
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
            else if (left.Count < MostGists && about.Add(episode))
                left.Add(hit.Slot, hit.Score);
        }
        used = AddGists(items, left, used, budget);
        return new Recollection(question, budget, used, confidence, items.Count == 0, items);
    }

    /// <summary>For what did not fit: a sentence of its scene, else the title of its conversation.</summary>
    int AddGists(List<Recalled> items, Dictionary<int, float> left, int used, int budget)
    {
        var mapped = new HashSet<long>();
        var scenes = new SceneReader(memory);
        foreach ((int slot, float score) in left)
        {
            if (used >= budget)
                break;
            IndexedEpisode e = memory.Index.Episodes[memory.Index.EpisodeOf[slot]];
            (SceneRow scene, long conversation) = scenes.Around(e, memory.Index.TurnOf(slot));
            (string title, string source) = Conversation(conversation);
            if (scene.Gist.Length > 0 && used + Cost(scene.Gist) <= budget)
            {
                items.Add(new Recalled(scene.Id, Zoom.Gist, score, title, source, scene.Began, "", scene.Gist, -1));
                used += Cost(scene.Gist);
            }
            else if (title.Length > 0 && used + Cost(title) <= budget && mapped.Add(conversation))
            {
                items.Add(new Recalled(conversation.ToString(System.Globalization.CultureInfo.InvariantCulture), Zoom.Map, score, title, source, scene.Began, "", title, -1));
                used += Cost(title);
            }
        }
        return used;
    }

    /// <summary>A line costs its words and nothing else: addresses are for the reader, as in the published measurements.</summary>
    static int Cost(string text) => Tokens.Of(text);

    /// <summary>
    /// How likely it is that the memory holds an answer: a logistic curve fitted on LoCoMo conversations 1 and 2, each asked its own
    /// questions, those of the other, and (a twentieth of their weight) its own with a word that nobody said or a time that nothing is from.
    /// </summary>
    internal static double Confidence(Fit fit) => 1 / (1 + Math.Exp(2.04 - 9.65 * fit.Coverage + 3.53 * fit.Missing + (fit.IsTimeEmpty ? 1.58 : 0)));

    (string Title, string Source) Conversation(long id)
    {
        if (!_conversations.TryGetValue(id, out (string Title, string Source) found))
        {
            List<(string, string)> rows = memory.Store.Db.Rows("SELECT c.title, coalesce(s.path,'') FROM conversation c LEFT JOIN source s ON s.id=c.source WHERE c.id=@a", r => (r.GetString(0), r.GetString(1)), id);
            found = _conversations[id] = rows.Count > 0 ? rows[0] : ("", "");
        }
        return found;
    }

    internal static DateTimeOffset? Moment(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, 253402300799999)) : null;

    internal static string Name(TurnRole role) => role switch
    {
        TurnRole.User => Tongue.Say("user", "человек"),
        TurnRole.Assistant => Tongue.Say("assistant", "помощник"),
        TurnRole.System => Tongue.Say("system", "система"),
        TurnRole.Tool => Tongue.Say("tool", "инструмент"),
        _ => "",
    };
}
