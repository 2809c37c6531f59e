using System.Text;
using Dum.Mind.Recall;
using Dum.Mind.Store;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

public class ForgettingTests
{
    [Theory, Stores]
    public void What_was_forgotten_is_no_damage_and_is_not_shown_as_an_original(string store)
    {
        using var folder = new ScratchFolder();
        string file = folder.Write("conversations.json", Samples.ChatGpt(3)), note = folder.Write("note.md", "# Roof\n\nIt leaks.\n");
        using MindMemory memory = folder.Memory(store);
        memory.Import([file, note]);
        int whole = memory.Expand("2").Original.Length, turn = memory.Expand("2.1").Original.Length;
        memory.Forget(["2.1", "3"]);
        Assert.Equal([file], CheckedForgotten(memory, exact: 1));
        Expanded gone = memory.Expand("2.1");
        Assert.Equal((0, 1, (long)turn), (gone.Original.Length, gone.ForgottenTurns, gone.ForgottenBytes));
        Expanded rest = memory.Expand("2");
        Assert.Equal((whole - turn, 1, (long)turn), (rest.Original.Length, rest.ForgottenTurns, rest.ForgottenBytes));
        Assert.DoesNotContain("word1x1s1", Encoding.UTF8.GetString(rest.Original), StringComparison.Ordinal);
        // a grown export comes in with the same blanks
        folder.Write("conversations.json", Samples.ChatGpt(5));
        memory.Import([file]);
        Assert.Equal([file], CheckedForgotten(memory, exact: 1));
        Assert.Empty(memory.Expand("2.1").Original);
    }

    static IReadOnlyList<string> CheckedForgotten(MindMemory memory, int exact)
    {
        CheckReport report = memory.Check();
        Assert.True(report.IsSound);
        Assert.Equal(exact, report.Exact);
        return report.Forgotten;
    }

    [Theory, Stores]
    public void An_older_state_in_another_file_is_forgotten_too(string store)
    {
        using var folder = new ScratchFolder();
        string may = folder.Write("may.json", Samples.ChatGpt(2)), june = folder.Write("june.json", Samples.ChatGpt(2, turns: 6));
        using MindMemory memory = folder.Memory(store);
        memory.Import([may, june]);
        memory.Forget(["1.1", "2"]);
        foreach (string word in (string[])["word0x1s1", "word1x0s1", "word1x3s1"])
            Assert.False(Samples.IsInOriginals(memory, word));
        Assert.True(Samples.IsInOriginals(memory, "word0x2s1"));
        Assert.True(memory.Check().IsSound);
    }

    [Fact]
    public void The_command_says_what_was_forgotten_and_prints_nothing_of_it()
    {
        using var folder = new ScratchFolder();
        folder.Write("conversations.json", Samples.ChatGpt(3));
        DumProcess.Run(folder.Path, ["import", "conversations.json"]);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "forget", "2.1", "--yes"]).Code);
        DumProcess.Result check = DumProcess.Run(folder.Path, ["memory", "check"]);
        Assert.Equal(0, check.Code);
        Assert.Contains("but for what was forgotten", check.Text, StringComparison.Ordinal);
        DumProcess.Result raw = DumProcess.Run(folder.Path, ["expand", "2.1", "--raw"]);
        Assert.Equal((1, 0), (raw.Code, raw.Output.Length));
        Assert.Contains("1 turns", raw.Error, StringComparison.Ordinal);
        DumProcess.Result shown = DumProcess.Run(folder.Path, ["expand", "2"]);
        Assert.Equal(0, shown.Code);
        Assert.Contains("forgotten: nothing is left of it", shown.Text, StringComparison.Ordinal);
        Assert.Contains("forgotten and not printed: 1 turns", shown.Error, StringComparison.Ordinal);
    }
}
