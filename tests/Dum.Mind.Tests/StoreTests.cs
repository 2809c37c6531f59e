using System.Diagnostics;
using System.Text;
using Dum.Mind.Recall;
using Dum.Tests.App;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Dum.Mind.Tests;

public class StoreTests
{
    [Theory, Stores]
    public void Forgetting_leaves_no_word_in_the_files_and_the_next_import_does_not_bring_it_back(string store)
    {
        using var folder = new ScratchFolder();
        string secret = "Zaubertrank", lines = $"{{\"conversation\":\"a\",\"role\":\"user\",\"text\":\"the {secret} is hidden\"}}\n{{\"conversation\":\"b\",\"role\":\"user\",\"text\":\"plain words\"}}\n";
        string file = folder.Write("talk.jsonl", lines);
        using (MindMemory memory = folder.Memory(store))
        {
            memory.Import([file]);
            long id = memory.Conversations().Single(c => c.Title == "a").Id;
            Assert.Equal(1, memory.Forget([$"{id}"]));
            Assert.True(memory.Recall(secret).Abstains);
            Assert.Equal("plain words", Assert.Single(memory.Recall("plain words").Items, i => i.Turn >= 0).Text);
            Assert.False(Samples.IsInOriginals(memory, secret));
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(1));
            Assert.Equal((0, 1), (memory.Import([file]).Added, memory.Import([file]).Skipped));
            folder.Write("talk.jsonl", lines + "{\"conversation\":\"c\",\"role\":\"user\",\"text\":\"more words\"}\n");
            Assert.Equal(1, memory.Import([file]).Added);
            Assert.False(Samples.IsInOriginals(memory, secret));
        }
        if (store == StoresAttribute.Sqlite)
            foreach (string path in Directory.GetFiles(folder["memory"]))
                Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
    }

    [Fact]
    public void Another_programs_database_is_refused_and_stays_as_it_is_to_the_byte()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["memory"]);
        string path = Path.Combine(folder["memory"], "memory.db");
        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using SqliteCommand command = other.CreateCommand();
            command.CommandText = "CREATE TABLE turns(id INT); INSERT INTO turns VALUES(1)";
            command.ExecuteNonQuery();
        }
        byte[] before = File.ReadAllBytes(path);
        Assert.Contains("not a memory", Assert.Throws<DumException>(() => MindMemory.Open(folder["memory"], create: true)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory, Stores]
    public void A_turn_is_forgotten_alone_and_its_neighbours_keep_their_addresses(string store)
    {
        using var folder = new ScratchFolder();
        string file = folder.Write("conversations.json", Samples.ChatGpt(3));
        using MindMemory memory = folder.Memory(store);
        memory.Import([file]);
        Assert.Equal(1, memory.Forget(["2.1"]));
        Assert.Equal(("", "Hidden, Forgotten"), (memory.Expand("2.1").Turns[0].Text, memory.Expand("2.1").Turns[0].Marks));
        Assert.Contains("word1x2s1", memory.Expand("2.2").Turns[0].Text, StringComparison.Ordinal);
        Assert.Contains("word1x2s1", Encoding.UTF8.GetString(memory.Expand("2.2").Original), StringComparison.Ordinal);
        folder.Write("conversations.json", Samples.ChatGpt(4));
        Assert.Equal((1, 0), (memory.Import([file]).Added, memory.Look().Conversations == 4 ? 0 : 1));
        Assert.DoesNotContain(memory.Recall("word1x1s1").Items, i => i.Text.Contains("word1x1s1", StringComparison.Ordinal));
        Assert.False(Samples.IsInOriginals(memory, "word1x1s1"));
        Assert.True(Samples.IsInOriginals(memory, "word1x2s1"));
        // 4 conversations of 4 turns, a day apart from 14 November 2023 on: all in that month
        Assert.Equal(16, memory.Forget(["2023-11"]));
        Assert.Equal(0, memory.Look().Turns);
    }

    [Theory, Stores]
    public void Scenes_are_all_of_a_conversation_and_each_gives_its_exact_bytes(string store)
    {
        using var folder = new ScratchFolder();
        string[] about = [.. Enumerable.Range(0, 30).Select(i => i < 10 ? $"the roof leaks and roof tiles are loose {i}" : i < 20 ? $"sourdough bread needs flour and the bread oven {i}" : $"our train to Kazan leaves the station by train {i}")];
        string file = folder.Write("talk.jsonl", string.Concat(about.Select((t, i) => $"{{\"conversation\":\"a\",\"role\":\"{(i % 2 == 0 ? "user" : "assistant")}\",\"text\":\"{t}\"}}\n")));
        using MindMemory memory = folder.Memory(store);
        memory.Import([file]);
        IReadOnlyList<SceneRow> scenes = memory.ScenesOf(1);
        Assert.Equal(["1.0-9", "1.10-19", "1.20-29"], scenes.Select(s => s.Id));
        Assert.All(scenes, s => Assert.Contains(s.Gist, about));
        string whole = File.ReadAllText(file);
        foreach (SceneRow scene in scenes)
        {
            Expanded original = memory.Expand(scene.Id);
            Assert.Contains(Encoding.UTF8.GetString(original.Original), whole, StringComparison.Ordinal);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(original.Original)), original.Sha256);
            Assert.Equal(scene.Turns, original.Turns.Count);
        }
    }

    [Theory, Stores]
    public void Compacting_folds_the_originals_and_they_still_come_back(string store)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        // lines of several conversations lie in one piece, which keeps its words
        memory.Import([folder.Write("talk.jsonl", string.Concat(File.ReadLines(DataFactAttribute.Beside("docs", "lexicon.md")).Select((line, i) => System.Text.Json.JsonSerializer.Serialize(new { conversation = i / 20, role = "user", text = line }) + "\n")))]);
        byte[] before = memory.Expand("1").Original;
        memory.Compact();
        Assert.Equal(2, memory.Store.Db.Number("SELECT max(codec) FROM pack"));
        Assert.Equal(before, memory.Expand("1").Original);
        Assert.Equal((1, 0), (memory.Check().Exact, memory.Check().Broken.Count));
    }

    [Theory, Stores]
    public void Only_one_program_writes_and_others_may_read_meanwhile(string store)
    {
        using var folder = new ScratchFolder();
        string file = folder.Write("conversations.json", Samples.ChatGpt(3));
        using MindMemory first = folder.Memory(store);
        first.Import([file]);
        using MindMemory second = MindMemory.Open(folder.Place(store));
        using (first.Store.Db.Write())
        {
            Assert.Contains("another program", Assert.Throws<DumException>(() => second.Import([file])).Message, StringComparison.Ordinal);
            Assert.False(second.Recall("word2x1s1").Abstains);
        }
        Assert.Equal(1, second.Import([file]).Skipped);
    }

    [Theory, Stores]
    public void Many_small_imports_are_joined_and_still_found(string store)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        for (int i = 0; i < 12; i++)
            memory.Import([folder.Write($"n{i}.md", $"# note {i}\n\nThe colour of thing{i} is shade{i}.\n")]);
        Assert.True(memory.Store.Db.Number("SELECT count(*) FROM segment") <= 8);
        for (int i = 0; i < 12; i++)
            Assert.Contains($"shade{i}.", memory.Recall($"thing{i}").Items[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_or_foreign_database_gets_one_line()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["memory"]);
        File.WriteAllText(folder["memory/memory.db"], "this is no database, however long it may be, and it goes on a little");
        Assert.Contains("memory", Assert.Throws<DumException>(() => folder.Memory(StoresAttribute.Sqlite)).Message, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Throws<DumException>(() => MindMemory.Open(folder["nowhere"])).ExitCode);
    }

    [Theory, Stores]
    public void An_import_that_is_cut_off_soon_keeps_what_it_read_and_goes_on(string store)
    {
        using var folder = new ScratchFolder();
        string export = folder.Write("conversations.json", Samples.ChatGpt(1000, turns: 10));
        using MindMemory memory = folder.Memory(store);
        using var cut = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => memory.Import([export], bytes =>
        {
            if (bytes > 500_000)
                cut.Cancel();
        }, cut.Token));
        Assert.InRange(memory.Look().Conversations, 100, 999);
        Assert.Contains("word7x3s1", memory.Recall("word7x3s1").Items[0].Text, StringComparison.Ordinal);
        memory.Import([export]);
        Assert.Equal((1000L, 10_000L), (memory.Look().Conversations, memory.Look().Turns));
        Assert.Equal((1, true), (memory.Check().Exact, memory.Check().IsSound));
    }

    [Theory, Stores]
    public void A_killed_import_goes_on_where_it_was_and_loses_nothing(string store)
    {
        using var folder = new ScratchFolder();
        string export = folder.Write("conversations.json", Samples.ChatGpt(4000, turns: 10));
        var random = new Random(4);
        for (int i = 0; i < 4; i++)
        {
            using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), "import", export, "--memory", folder.Place(store)]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            Thread.Sleep(random.Next(400, 2500));
            process.Kill();
            process.WaitForExit();
        }
        using MindMemory memory = folder.Memory(store);
        memory.Import([export]);
        Assert.Equal((4000L, 40_000L), (memory.Look().Conversations, memory.Look().Turns));
        Assert.Equal((1, 0), (memory.Check().Exact, memory.Check().Broken.Count));
        Assert.Contains("word77x3s1", memory.Recall("word77x3s1").Items[0].Text, StringComparison.Ordinal);
    }
}
