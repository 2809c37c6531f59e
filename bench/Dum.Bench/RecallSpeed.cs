using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dum.Mind;
using Dum.Mind.Import;

namespace Dum.Bench;

/// <summary>What import and questions cost in a large memory, made of the turns at hand: every turn takes the words of three of them.</summary>
static class RecallSpeed
{
    public static void Run(Report report, int turns, List<RecallData> talks)
    {
        string folder = Directory.CreateTempSubdirectory("dum-speed-").FullName;
        try
        {
            string[] words = [.. talks.SelectMany(t => t.Memory.Conversations().SelectMany(c => t.Memory.Expand(c.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).Turns)).SelectMany(t => t.Text.Split('\n', '.', '!', '?')).Where(s => s.Length > 3)];
            string file = Path.Combine(folder, "conversations.json");
            long textBytes = Write(file, turns, words);
            using MindMemory memory = MindMemory.Open(Path.Combine(folder, "memory"), create: true);
            long start = Stopwatch.GetTimestamp();
            double cpu = Cpu.Self;
            ImportReport imported = memory.Import([file]);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, spent = Cpu.Self - cpu;
            using var me = Process.GetCurrentProcess();
            long peak = me.PeakWorkingSet64, json = new FileInfo(file).Length, quick = memory.Look().StoreBytes;
            var import = new Table("Import", ("turns", "0"), ("MB of JSON", "0.0"), ("MB of text", "0.0"), ("seconds", "0.0"), ("CPU seconds", "0.0"), ("MB/s", "0.0"), ("turns/s", "0"), ("peak MB", "0"), ("store / JSON", "0.00"), ("store / text", "0.00"));
            import.Add(imported.Turns, json / 1e6, textBytes / 1e6, seconds, spent, json / 1e6 / seconds, imported.Turns / seconds, peak / 1e6, (double)quick / json, (double)quick / textBytes);
            report.Add(import);
            var parse = Stopwatch.StartNew();
            using (FileStream stream = File.OpenRead(file))
                foreach (Piece piece in new JsonArrayCutter(stream).Read())
                    if (piece.Bytes.Length > 0)
                        JsonImport.Record(piece.Bytes, "k");
            report.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Reading and understanding the same JSON without storing, one thread: {json / 1e6 / parse.Elapsed.TotalSeconds:0.0} MB/s."));
            Ask(report, memory, talks, turns);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Ask(Report report, MindMemory memory, List<RecallData> talks, int turns)
    {
        List<string> questions = [.. talks.SelectMany(t => t.Questions).Select(q => q.Text).Take(400)];
        long open = Stopwatch.GetTimestamp();
        memory.Search(questions[0], 10, DateTimeOffset.UtcNow, out _);
        double opened = Stopwatch.GetElapsedTime(open).TotalMilliseconds;
        foreach (string question in questions)
            memory.Search(question, 50, DateTimeOffset.UtcNow, out _);
        List<double> search = [], recall = [];
        foreach (string question in questions)
        {
            long t = Stopwatch.GetTimestamp();
            memory.Search(question, 50, DateTimeOffset.UtcNow, out _);
            search.Add(Stopwatch.GetElapsedTime(t).TotalMilliseconds);
            t = Stopwatch.GetTimestamp();
            memory.Recall(question, 2000);
            recall.Add(Stopwatch.GetElapsedTime(t).TotalMilliseconds);
        }
        search.Sort();
        recall.Sort();
        var table = new Table("Questions, milliseconds", ("turns", "0"), ("opening and first", "0"), ("search, median", "0.00"), ("95 %", "0.00"), ("recall of 2000 tokens with texts, median", "0.00"), ("95 %", "0.00"));
        table.Add(turns, opened, search[search.Count / 2], search[search.Count * 95 / 100], recall[recall.Count / 2], recall[recall.Count * 95 / 100]);
        report.Add(table);
    }

    /// <summary>A ChatGPT export of twenty turns a conversation.</summary>
    static long Write(string file, int turns, string[] words)
    {
        uint state = 7;
        long text = 0;
        using FileStream stream = File.Create(file);
        using var to = new Utf8JsonWriter(stream);
        to.WriteStartArray();
        for (int done = 0, c = 0; done < turns; c++)
        {
            to.WriteStartObject();
            to.WriteString("title", $"conversation {c}");
            to.WriteNumber("create_time", 1.6e9 + 3600.0 * c);
            to.WriteNumber("update_time", 1.6e9 + 3600.0 * c + 600);
            to.WriteStartObject("mapping");
            for (int i = 0; i < 20 && done < turns; i++, done++)
            {
                var said = new StringBuilder();
                for (int s = 0; s < 3; s++)
                {
                    state = state * 1664525 + 1013904223;
                    said.Append(words[(int)((ulong)state * (ulong)words.Length >> 32)]).Append('.');
                }
                text += Encoding.UTF8.GetByteCount(said.ToString());
                to.WriteStartObject($"n{i}");
                to.WriteString("id", $"n{i}");
                to.WriteString("parent", i > 0 ? $"n{i - 1}" : null);
                to.WriteStartObject("message");
                to.WriteString("id", $"m{c:x}-{i}");
                to.WriteStartObject("author");
                to.WriteString("role", i % 2 == 0 ? "user" : "assistant");
                to.WriteEndObject();
                to.WriteNumber("create_time", 1.6e9 + 3600.0 * c + 30 * i);
                to.WriteStartObject("content");
                to.WriteString("content_type", "text");
                to.WriteStartArray("parts");
                to.WriteStringValue(said.ToString());
                to.WriteEndArray();
                to.WriteEndObject();
                to.WriteEndObject();
                to.WriteEndObject();
            }
            to.WriteEndObject();
            to.WriteString("current_node", "n19");
            to.WriteString("id", $"c{c}");
            to.WriteEndObject();
            if (to.BytesPending > 1 << 20)
                to.Flush();
        }
        to.WriteEndArray();
        return text;
    }
}
