using System.Diagnostics;
using System.Text;
using Dum.Tests.App;
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
            Assert.Equal(1, memory.Forget([id], CancellationToken.None));
            Assert.True(memory.Recall(secret).Abstains);
            Assert.Equal("plain words", Assert.Single(memory.Recall("plain words").Items, i => i.Turn >= 0).Text);
            foreach (long pack in memory.Store.Db.Rows("SELECT id FROM pack", r => r.GetInt64(0)))
                Assert.Equal(-1, memory.Store.OpenPack(pack).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(1));
            Assert.Equal((0, 1), (memory.Import([file]).Added, memory.Import([file]).Skipped));
        }
        if (store == StoresAttribute.Sqlite)
            foreach (string path in Directory.GetFiles(folder["memory"]))
                Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
    }

    [Theory, Stores]
    public void Compacting_folds_the_originals_and_they_still_come_back(string store)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        memory.Import([folder.Write("prose.txt", File.ReadAllText(DataFactAttribute.Beside("docs", "lexicon.md")))]);
        byte[] before = memory.Expand("1").Original;
        memory.Compact();
        Assert.Equal(2, memory.Store.Db.Number("SELECT max(codec) FROM pack"));
        Assert.Equal(before, memory.Expand("1").Original);
        Assert.Equal((1, 0), (memory.Check().Exact, memory.Check().Broken.Count));
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
