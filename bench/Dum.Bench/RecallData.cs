using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dum.Mind;
using Dum.Mind.Search;

namespace Dum.Bench;

/// <summary>A question and the turns that hold its answer.</summary>
sealed record AskedQuestion(string Text, int Category, List<long> Evidence);

/// <summary>A haystack in a memory of its own, with questions to it. Summaries, observations and the annotators' search words are never indexed.</summary>
sealed partial class RecallData : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-recall-").FullName;

    RecallData(string lines)
    {
        string file = Path.Combine(_folder, "haystack.jsonl");
        File.WriteAllText(file, lines);
        Memory = MindMemory.Open(Path.Combine(_folder, "memory"), create: true);
        Memory.Import([file]);
    }

    public MindMemory Memory { get; }

    public List<AskedQuestion> Questions { get; } = [];

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>The conversations of a LoCoMo file; evidence is written in several ways there.</summary>
    public static IEnumerable<RecallData> Locomo(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement sample in document.RootElement.EnumerateArray())
        {
            JsonElement talk = sample.GetProperty("conversation");
            var turns = new List<object>();
            var ids = new List<string>();
            DateTimeOffset now = DateTimeOffset.UnixEpoch;
            for (int s = 1; s < 1000; s++)
            {
                if (!talk.TryGetProperty($"session_{s}", out JsonElement session) || session.ValueKind != JsonValueKind.Array)
                    continue;
                DateTimeOffset time = DateTimeOffset.ParseExact(talk.GetProperty($"session_{s}_date_time").GetString()!, "h:mm tt 'on' d MMMM, yyyy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                now = time.AddDays(1);
                foreach (JsonElement turn in session.EnumerateArray())
                {
                    string text = turn.GetProperty("text").GetString()!;
                    if (turn.TryGetProperty("blip_caption", out JsonElement caption))
                        text += $" [image: {caption.GetString()}]";
                    turns.Add(new { id = turn.GetProperty("dia_id").GetString(), speaker = turn.GetProperty("speaker").GetString(), time = time.ToUnixTimeMilliseconds(), text });
                    ids.Add(turn.GetProperty("dia_id").GetString()!);
                }
            }
            var data = new RecallData(JsonSerializer.Serialize(new { id = sample.GetProperty("sample_id").GetString(), turns }) + "\n{}\n") { Now = now };
            long first = data.Memory.Store.Db.Number("SELECT first FROM conversation");
            foreach (JsonElement qa in sample.GetProperty("qa").EnumerateArray())
            {
                var evidence = new List<long>();
                foreach (JsonElement e in qa.GetProperty("evidence").EnumerateArray())
                    foreach (Match match in DialogId().Matches(e.GetString()!))
                        if (ids.IndexOf($"D{match.Groups[1].Value}:{match.Groups[2].Value}") is >= 0 and int at && !evidence.Contains(first + at))
                            evidence.Add(first + at);
                if (evidence.Count > 0)
                    data.Questions.Add(new AskedQuestion(qa.GetProperty("question").GetString()!, qa.GetProperty("category").GetInt32(), evidence));
            }
            yield return data;
        }
    }

    /// <summary>Facts with questions: every fact of the file is in the haystack once.</summary>
    public static RecallData Facts(string path)
    {
        var places = new Dictionary<string, int>();
        var asked = new List<(string Question, string[] Facts)>();
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string[] facts = [.. document.RootElement.GetProperty("facts").EnumerateArray().Select(f => f.GetString()!)];
            foreach (string fact in facts)
                places.TryAdd(fact, places.Count);
            asked.Add((document.RootElement.GetProperty("q").GetString()!, facts));
        }
        return Of(places, asked);
    }

    /// <summary>Paragraphs with questions, as SQuAD keeps them.</summary>
    public static RecallData Paragraphs(string path)
    {
        var places = new Dictionary<string, int>();
        var asked = new List<(string, string[])>();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement article in document.RootElement.GetProperty("data").EnumerateArray())
            foreach (JsonElement paragraph in article.GetProperty("paragraphs").EnumerateArray())
            {
                string context = paragraph.GetProperty("context").GetString()!;
                places.TryAdd(context, places.Count);
                foreach (JsonElement qa in paragraph.GetProperty("qas").EnumerateArray())
                    asked.Add((qa.GetProperty("question").GetString()!, [context]));
            }
        return Of(places, asked);
    }

    // Each text is a conversation of its own: what stands beside it says nothing about it.
    static RecallData Of(Dictionary<string, int> places, List<(string Question, string[] Facts)> asked)
    {
        var lines = new StringBuilder();
        foreach ((string text, int place) in places)
            lines.Append(JsonSerializer.Serialize(new { conversation = $"p{place}", role = "user", text })).Append('\n');
        var data = new RecallData(lines.ToString());
        var turns = new Dictionary<string, long>();
        foreach ((string title, long first) in data.Memory.Store.Db.Rows("SELECT title, first FROM conversation", r => (r.GetString(0), r.GetInt64(1))))
            turns[title] = first;
        foreach ((string question, string[] facts) in asked)
            data.Questions.Add(new AskedQuestion(question, 1, [.. facts.Select(f => turns[$"p{places[f]}"])]));
        return data;
    }

    /// <summary>The turns found for a question, best first.</summary>
    public long[] Search(string question, int most, out Fit fit)
    {
        Hit[] hits = Memory.Search(question, most, Now, out fit);
        return [.. hits.Select(h => Memory.Index.TurnOf(h.Slot))];
    }

    public void Dispose()
    {
        Memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"D:?(\d+):(\d+)")]
    private static partial Regex DialogId();
}
