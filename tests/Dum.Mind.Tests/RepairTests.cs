using Dum.Mind.Upkeep;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

public class RepairTests
{
    [Fact]
    public void What_can_be_read_of_a_torn_database_is_saved_and_the_rest_is_named()
    {
        using var folder = new ScratchFolder();
        string export = folder.Write("conversations.json", Samples.ChatGpt(1500, turns: 8)), note = folder.Write("note.md", "# Roof\n\nIt leaks.\n");
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
        {
            memory.Import([note, export]);
            memory.Forget(["7.1"]);
        }
        string path = Path.Combine(folder["memory"], "memory.db");
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(7);
        foreach (double where in (double[])[0.3, 0.55, 0.8])
            random.NextBytes(whole.AsSpan((int)(whole.Length * where) & ~4095, 4 * 4096));
        File.WriteAllBytes(path, whole);
        DumProcess.Result check = DumProcess.Run(folder.Path, ["memory", "check"]);
        Assert.NotEqual(0, check.Code);
        Assert.Contains("dum memory repair -o NEW --memory memory", check.Text + check.Error, StringComparison.Ordinal);
        RepairReport saved = MindMemory.Repair(folder["memory"], folder["mended"]);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.False(saved.IsWhole);
        using MindMemory mended = MindMemory.Open(folder["mended"]);
        Assert.Null(mended.Check().Fault);
        Assert.InRange(mended.Look().Conversations, 1200, 1501);
        Assert.Contains("leaks", mended.Recall("roof").Items[0].Text, StringComparison.Ordinal);
        Assert.False(Samples.IsInOriginals(mended, "word5x1s1"));
        // the file is still there: importing it again makes up for the loss, but not for what was forgotten
        mended.Import([note, export]);
        Assert.Equal(1501, mended.Look().Conversations);
        Assert.False(Samples.IsInOriginals(mended, "word5x1s1"));
        Assert.True(mended.Check().IsSound);
    }

    [Fact]
    public void A_sound_memory_is_copied_as_a_whole_with_its_addresses()
    {
        using var folder = new ScratchFolder();
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
        {
            memory.Import([folder.Write("conversations.json", Samples.ChatGpt(20)), folder.Write("note.md", Samples.Note(false, "c-0"))]);
            memory.Forget(["3", "5.2"]);
            memory.Compact();
        }
        RepairReport saved = MindMemory.Repair(folder["memory"], folder["copy"]);
        Assert.True(saved.IsWhole);
        using MindMemory before = MindMemory.Open(folder["memory"]), after = MindMemory.Open(folder["copy"]);
        Assert.Equal(before.Conversations(), after.Conversations());
        foreach (string id in (string[])["1", "4.1", "5", "20.0-3", "21.1"])
            Assert.Equal(before.Expand(id).Sha256, after.Expand(id).Sha256);
        Assert.Throws<DumException>(() => MindMemory.Repair(folder["memory"], folder["copy"]));
    }

    [Fact]
    public void The_current_state_of_a_conversation_is_saved_and_the_older_one_is_still_known()
    {
        using var folder = new ScratchFolder();
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
            memory.Import([folder.Write("old.json", "[" + Samples.Talk("a", "the roof leaks") + "]"), folder.Write("new.json", "[" + Samples.Talk("a", "the roof holds") + "]")]);
        Assert.True(MindMemory.Repair(folder["memory"], folder["copy"]).IsWhole);
        using MindMemory copy = MindMemory.Open(folder["copy"]);
        Assert.Equal("the roof holds", Assert.Single(copy.Expand("1").Turns).Text);
        copy.Forget(["1"]);
        Assert.False(Samples.IsInOriginals(copy, "leaks"));
    }

    [Fact]
    public void A_conversation_is_read_anew_from_an_original_with_something_forgotten_in_it()
    {
        using var folder = new ScratchFolder();
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
        {
            memory.Import([folder.Write("conversations.json", Samples.ChatGpt(2))]);
            memory.Forget(["1.1"]);
            memory.Store.Db.Run("DELETE FROM sheet WHERE conversation=1");
        }
        Assert.Equal((1, 0), (MindMemory.Repair(folder["memory"], folder["mended"]) is var saved ? saved.Reread : 0, saved.Lost));
        using MindMemory mended = MindMemory.Open(folder["mended"]);
        long id = mended.Conversations().Single(c => c.Title == "talk 0").Id;
        Assert.Equal(["word0x0s1", "", "word0x2s1", "word0x3s1"], mended.Expand($"{id}").Turns.Select(t => t.Text.Split(' ')[0]));
    }

    [Fact]
    public void A_repair_that_is_stopped_leaves_nothing_and_the_next_one_does_it()
    {
        using var folder = new ScratchFolder();
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
            memory.Import([folder.Write("conversations.json", Samples.ChatGpt(20))]);
        byte[] before = File.ReadAllBytes(Path.Combine(folder["memory"], "memory.db"));
        foreach (int step in (int[])[0, 30, 50])
        {
            using var stop = new CancellationTokenSource();
            int steps = 0;
            Assert.Throws<OperationCanceledException>(() => MindMemory.Repair(folder["memory"], folder["mended"], (_, _) =>
            {
                if (steps++ == step)
                    stop.Cancel();
            }, stop.Token));
            Assert.False(Directory.Exists(folder["mended"]));
            Assert.False(Directory.Exists(folder["mended.repair"]));
        }
        foreach (string into in (string[])["memory", "memory/", "mended/../memory"])
            Assert.Contains("another folder", Assert.Throws<DumException>(() => MindMemory.Repair(folder["memory"], folder[into])).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder["memory"], "memory.db")));
        // a killed one could not clean up after itself
        Directory.CreateDirectory(folder["mended.repair"]);
        File.WriteAllBytes(folder["mended.repair/memory.db"], before[..8192]);
        Assert.True(MindMemory.Repair(folder["memory"], folder["mended"]).IsWhole);
        Assert.False(Directory.Exists(folder["mended.repair"]));
        using MindMemory mended = MindMemory.Open(folder["mended"]);
        Assert.Equal(20, mended.Look().Conversations);
    }

    [Fact]
    public void Checking_tells_how_far_every_part_of_it_is()
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        memory.Import([folder.Write("conversations.json", Samples.ChatGpt(20))]);
        var told = new List<(string Step, double Share)>();
        Assert.True(memory.Check((step, share) => told.Add((step, share))).IsSound);
        Assert.Equal(3, told.Select(t => t.Step).Distinct().Count());
        Assert.All(told, t => Assert.InRange(t.Share, 0, 1));
        foreach (IGrouping<string, (string Step, double Share)> step in told.GroupBy(t => t.Step))
            Assert.Equal(step.Select(s => s.Share).Order(), step.Select(s => s.Share));
    }

    [Fact]
    public void A_file_or_a_folder_in_the_wrong_place_gets_one_line_that_says_so()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["odd/memory.db"]);
        Assert.Contains("is a folder where the file of a memory should be", Assert.Throws<DumException>(() => MindMemory.Open(folder["odd"], create: true)).Message, StringComparison.Ordinal);
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
            memory.Look();
        Assert.Contains($"give its folder: {folder["memory"]}", Assert.Throws<DumException>(() => MindMemory.Open(folder["memory/memory.db"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<DumException>(() => MindMemory.Open(folder.Write("plain", "x"))).Message, StringComparison.Ordinal);
    }
}
