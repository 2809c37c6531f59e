using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

/// <summary>A conversation that an edit takes out of one file, while other files still hold it.</summary>
public class EditedFileTests
{
    [Theory, Stores]
    public void A_conversation_that_another_file_holds_in_an_older_state_is_shown_in_that_state(string store)
    {
        using var folder = new ScratchFolder();
        string older = folder.Write("older.jsonl", Samples.Talk("a", "the roof leaks") + "\n" + Samples.Talk("b", "plain") + "\n");
        string newer = folder.Write("newer.jsonl", Samples.Talk("a", "the roof leaks", "the secret answer") + "\n" + Samples.Talk("c", "words of c") + "\n");
        using MindMemory memory = folder.Memory(store);
        memory.Import([older, newer]);
        Assert.Equal(2, memory.Expand("1").Turns.Count);
        folder.Write("newer.jsonl", Samples.Talk("c", "words of c") + "\n");
        memory.Import([older, newer]);
        Assert.Equal(["the roof leaks"], memory.Expand("1").Turns.Select(t => t.Text));
        Assert.Equal(older, memory.Expand("1").Source);
        Assert.Contains("leaks", memory.Recall("roof").Items[0].Text, StringComparison.Ordinal);
        Assert.False(Samples.IsInOriginals(memory, "secret answer"));
        Assert.Equal(2, memory.Check().Exact);
        memory.Forget(["1"]);
        Assert.False(Samples.IsInOriginals(memory, "leaks"));
        Assert.True(Samples.IsInOriginals(memory, "plain"));
    }

    [Theory, Stores]
    public void A_conversation_that_another_file_holds_as_it_is_stays_and_keeps_its_address(string store)
    {
        using var folder = new ScratchFolder();
        string one = folder.Write("one.json", Samples.ChatGpt(3)), two = folder.Write("two.json", Samples.ChatGpt(3));
        using MindMemory memory = folder.Memory(store);
        memory.Import([one, two]);
        folder.Write("two.json", Samples.ChatGpt(1));
        memory.Import([one, two]);
        Assert.Equal((3L, 12L), (memory.Look().Conversations, memory.Look().Turns));
        Assert.Equal((one, "word2x1s1"), (memory.Expand("3").Source, memory.Expand("3.1").Turns[0].Text[..9]));
        folder.Write("one.json", Samples.ChatGpt(2));
        memory.Import([one, two]);
        Assert.Equal(2, memory.Look().Conversations);
        Assert.False(Samples.IsInOriginals(memory, "word2x1s1"));
        Assert.Equal(2, memory.Check().Exact);
    }

    [Theory, Stores]
    public void The_same_words_in_other_bytes_are_kept_by_the_file_that_still_has_them(string store)
    {
        using var folder = new ScratchFolder();
        string one = folder.Write("one.jsonl", Samples.Talk("a", "the roof leaks") + "\n"), two = folder.Write("two.jsonl", " " + Samples.Talk("a", "the roof leaks") + "\n" + Samples.Talk("b", "the secret of b") + "\n");
        using MindMemory memory = folder.Memory(store);
        memory.Import([two, one]);
        File.WriteAllText(two, Samples.Talk("c", "words of c") + "\n");
        memory.Import([one, two]);
        Assert.False(Samples.IsInOriginals(memory, "secret of b"));
        Assert.Equal(one, memory.Expand("1").Source);
        Assert.Contains("leaks", System.Text.Encoding.UTF8.GetString(memory.Expand("1.0").Original), StringComparison.Ordinal);
        Assert.Equal(2, memory.Check().Exact);
    }

    [Theory, Stores]
    public void A_piece_that_only_its_conversation_held_goes_when_that_moves_on(string store)
    {
        using var folder = new ScratchFolder();
        string one = folder.Write("one.jsonl", Samples.Talk("a", "first") + "\n" + "{} no record but a secret\n"), two = folder.Write("two.json", "[]");
        using MindMemory memory = folder.Memory(store);
        memory.Import([one, two]);
        folder.Write("one.jsonl", Samples.Talk("c", "words of c") + "\n" + Samples.Talk("d", "words of d") + "\n");
        // the second state of a conversation within one file ends a step
        folder.Write("two.json", $"[{Samples.Talk("e", "x")},{Samples.Talk("e", "x", "y")},{Samples.Talk("a", "first", "second")}]");
        memory.Import([one, two]);
        Assert.Equal(["first", "second"], memory.Expand("1").Turns.Select(t => t.Text));
        Assert.False(Samples.IsInOriginals(memory, "no record but a secret"));
        Assert.True(memory.Check().IsSound);
    }

    [Theory, Stores]
    public void What_moves_from_one_file_to_another_in_one_import_stays_exact(string store)
    {
        using var folder = new ScratchFolder();
        string one = folder.Write("one.json", $"[{Samples.Talk("a", "first")},{Samples.Talk("a", "first", "second")}]"), two = folder.Write("two.json", $"[{Samples.Talk("b", "words of b")}]");
        using MindMemory memory = folder.Memory(store);
        memory.Import([one, two]);
        folder.Write("one.json", $"[{Samples.Talk("b", "words of b")}]");
        folder.Write("two.json", $"[{Samples.Talk("a", "first")},{Samples.Talk("a", "first", "second")} ]");
        memory.Import([one, two]);
        Assert.True(memory.Check().IsSound);
        Assert.Equal((2, 2L), (memory.Check().Exact, memory.Look().Conversations));
        Assert.Equal(["first", "second"], memory.Expand("1").Turns.Select(t => t.Text));
        Assert.Equal((two, one), (memory.Expand("1").Source, memory.Expand("2").Source));
    }

    [Fact]
    public void Turns_of_one_conversation_stay_together_when_another_speaks_between_them()
    {
        using var folder = new ScratchFolder();
        static string Line(string id, string text) => $"{{\"conversation\":\"{id}\",\"role\":\"user\",\"text\":\"{text}\"}}\n";
        string file = folder.Write("talk.jsonl", Line("a", "first of a") + Line("b", "first of b") + Line("a", "second of a") + Line("b", "second of b"));
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        memory.Import([file]);
        Assert.Equal((2L, 4L), (memory.Look().Conversations, memory.Look().Turns));
        Assert.Equal(["first of a", "second of a"], memory.Expand("1").Turns.Select(t => t.Text));
    }
}
