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

    [Theory, Stores]
    public void Turns_that_say_the_same_go_together_from_every_state(string store)
    {
        using var folder = new ScratchFolder();
        string old = folder.Write("old.json", "[" + Samples.Talk("a", "the secret lies here", "middle", "the secret lies here") + "]");
        string now = folder.Write("new.json", "[" + Samples.Talk("a", "the secret lies here", "middle", "the secret lies here", "last").Replace("\"role\"", " \"role\"", StringComparison.Ordinal) + "]");
        using MindMemory memory = folder.Memory(store);
        memory.Import([old, now]);
        Assert.Equal(2, memory.Forget(["1.0"]));
        Assert.False(Samples.IsInOriginals(memory, "secret"));
        Assert.True(memory.Recall("secret").Abstains);
        Assert.Equal(["", "middle", "", "last"], memory.Expand("1").Turns.Select(t => t.Text));
        Assert.Equal(2, CheckedForgotten(memory, exact: 0).Count);
        // what is left of the older state goes as well, though its record is no JSON any more
        memory.Forget(["1.1"]);
        Assert.False(Samples.IsInOriginals(memory, "middle"));
        Assert.True(Samples.IsInOriginals(memory, "last"));
    }

    [Theory, Stores]
    public void An_older_state_among_other_conversations_loses_its_words_and_they_keep_theirs(string store)
    {
        using var folder = new ScratchFolder();
        string old = folder.Write("old.jsonl", Samples.Talk("a", "старая тайна", "kept first", "only old secret") + "\n" + Samples.Talk("b", "words of b") + "\n");
        string now = folder.Write("new.json", "[{\"id\":\"a\",\"turns\":[{\"role\":\"user\",\"content\":\"старая тайна\"},{\"role\":\"user\",\"content\":\"kept first\"},{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"y\"}]}]");
        using MindMemory memory = folder.Memory(store);
        memory.Import([old, now]);
        long a = memory.Conversations().Single(c => c.Turns == 4).Id;
        memory.Forget([$"{a}.0"]);
        Assert.False(Samples.IsInOriginals(memory, "тайна"));
        Assert.False(Samples.IsInOriginals(memory, "\\u0442\\u0430\\u0439\\u043D\\u0430"));
        Assert.True(Samples.IsInOriginals(memory, "only old secret"));
        memory.Forget([$"{a}"]);
        Assert.False(Samples.IsInOriginals(memory, "only old secret"));
        Assert.False(Samples.IsInOriginals(memory, "kept first"));
        Assert.True(Samples.IsInOriginals(memory, "words of b"));
        Assert.Equal(2, CheckedForgotten(memory, exact: 0).Count);
    }

    [Theory, Stores]
    public void An_original_that_holds_an_older_state_of_another_conversation_stays(string store)
    {
        using var folder = new ScratchFolder();
        string old = folder.Write("old.jsonl", Samples.Talk("a", "the old words") + "\n" + Samples.Talk("b", "the secret of b") + "\n");
        string now = folder.Write("new.jsonl", Samples.Talk("a", "the new words", "and more") + "\n");
        using MindMemory memory = folder.Memory(store);
        memory.Import([old, now]);
        memory.Forget([$"{memory.Conversations().Single(c => c.Title == "b").Id}"]);
        Assert.False(Samples.IsInOriginals(memory, "secret"));
        Assert.True(Samples.IsInOriginals(memory, "the old words"));
        Assert.Equal([old], CheckedForgotten(memory, exact: 1));
        memory.Forget([$"{memory.Conversations().Single().Id}"]);
        Assert.False(Samples.IsInOriginals(memory, "the old words"));
    }

    [Theory, Stores]
    public void An_older_state_is_still_known_when_its_bytes_have_become_those_of_another_file(string store)
    {
        using var folder = new ScratchFolder();
        string lines = Samples.Talk("b", "words of b") + "\n" + Samples.Talk("a", "the first secret", "the second secret") + "\n";
        const string turn = "{\"role\":\"user\",\"content\":\"the first secret\"}";
        string old = folder.Write("old.jsonl", lines), now = folder.Write("new.jsonl", Samples.Talk("a", "the first secret", "the second secret", "more") + "\n");
        // no JSON any more, so no conversation a is read from it
        string twin = folder.Write("twin.jsonl", lines.Replace(turn, new string(' ', turn.Length), StringComparison.Ordinal));
        using MindMemory memory = folder.Memory(store);
        memory.Import([old, now, twin]);
        long a = memory.Conversations().Single(c => c.Turns == 3).Id;
        memory.Forget([$"{a}.0"]);
        Assert.False(Samples.IsInOriginals(memory, "first secret"));
        Assert.Equal(2, CheckedForgotten(memory, exact: 1).Count);
        memory.Forget([$"{a}"]);
        Assert.False(Samples.IsInOriginals(memory, "second secret"));
        Assert.True(Samples.IsInOriginals(memory, "words of b"));
        Assert.True(memory.Check().IsSound);
    }

    [Theory, Stores]
    public void A_copy_of_a_note_is_another_conversation_and_keeps_its_words(string store)
    {
        using var folder = new ScratchFolder();
        string one = folder.Write("one.md", "# Roof\n\nIt leaks.\n"), two = folder.Write("two.md", "# Roof\n\nIt leaks.\n");
        using MindMemory memory = folder.Memory(store);
        memory.Import([one, two]);
        memory.Forget(["1"]);
        Assert.Contains("leaks", Encoding.UTF8.GetString(memory.Expand("2").Original), StringComparison.Ordinal);
        Assert.True(memory.Check().IsSound);
        memory.Forget(["2"]);
        Assert.False(Samples.IsInOriginals(memory, "leaks"));
        File.SetLastWriteTimeUtc(one, DateTime.UtcNow.AddHours(1));
        Assert.Equal(0, memory.Import([one, two]).Added);
        Assert.False(Samples.IsInOriginals(memory, "leaks"));
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
