using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Dum.Mind.Import;
using Dum.Mind.Recall;
using Dum.Mind.Turns;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

public class ImportTests
{
    [Theory, Stores]
    public void The_same_twice_adds_nothing_and_every_byte_comes_back(string store)
    {
        using var folder = new ScratchFolder();
        string export = folder.Write("conversations.json", Samples.ChatGpt(30));
        using MindMemory memory = folder.Memory(store);
        ImportReport first = memory.Import([export]);
        Assert.Equal(30, first.Added);
        Assert.Equal(120, first.Turns);
        Assert.Equal(new FileInfo(export).Length, first.Bytes);
        Assert.Equal(first.Bytes, first.TurnBytes + first.MetadataBytes + first.UnknownBytes);
        Assert.Equal(0, first.UnknownBytes);
        File.SetLastWriteTimeUtc(export, DateTime.UtcNow.AddHours(1));
        ImportReport second = memory.Import([export]);
        Assert.Equal((0, 0, 30, 0L), (second.Added, second.Changed, second.Same, second.Turns));
        Assert.Equal((1, 0), (memory.Check().Exact, memory.Check().Broken.Count));
        Assert.Equal(120, memory.Look().Turns);
    }

    [Theory, Stores]
    public void A_grown_export_adds_what_is_new_and_keeps_addresses(string store)
    {
        using var folder = new ScratchFolder();
        string export = folder.Write("conversations.json", Samples.ChatGpt(10));
        using MindMemory memory = folder.Memory(store);
        memory.Import([export]);
        string before = memory.Expand("3.1").Turns[0].Text;
        folder.Write("conversations.json", Samples.ChatGpt(12));
        ImportReport grown = memory.Import([export]);
        Assert.Equal((2, 0, 10), (grown.Added, grown.Changed, grown.Same));
        Assert.Equal(before, memory.Expand("3.1").Turns[0].Text);
        folder.Write("conversations.json", Samples.ChatGpt(5, turns: 6));
        ImportReport edited = memory.Import([export]);
        Assert.Equal((0, 5), (edited.Added, edited.Changed));
        Assert.Equal((5L, 30L), (memory.Look().Conversations, memory.Look().Turns));
        Assert.Empty(memory.Check().Broken);
        Assert.All(memory.Recall("word7x1s1", now: DateTimeOffset.UnixEpoch).Items, i => Assert.DoesNotContain("word7x", i.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Branches_are_kept_and_the_active_path_is_marked()
    {
        string json = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = "b",
            ["current_node"] = "c",
            ["mapping"] = new Dictionary<string, object> { ["a"] = Samples.Node("a", null, "user", "question", 1.7e9), ["b"] = Samples.Node("b", "a", "assistant", "dropped", 1.7e9 + 1), ["c"] = Samples.Node("c", "a", "assistant", "kept", 1.7e9 + 2), ["d"] = new { id = "d", parent = "zzz", message = new { } } },
        });
        Chat chat = Assert.Single(JsonImport.Record(Encoding.UTF8.GetBytes(json), "k").Chats);
        Assert.Equal(["question", "dropped", "kept"], chat.Turns.Select(t => t.Text));
        Assert.Equal([TurnMarks.None, TurnMarks.Branch, TurnMarks.None], chat.Turns.Select(t => t.Flags));
        Assert.Equal([-1, 0, 0], chat.Turns.Select(t => t.Parent));
        Turn kept = chat.Turns[2];
        Assert.Contains("\"kept\"", json[kept.At..(kept.At + kept.Bytes)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"id\":\"x\",\"mapping\":{}},{\"id\":12},{\"title\":null,\"mapping\":{\"n\":{\"message\":{\"content\":{\"content_type\":\"code\",\"text\":\"x=1\"}}}}}]", 2, 1)]
    [InlineData("[{\"uuid\":\"u\",\"name\":\"n\",\"chat_messages\":[{\"sender\":\"human\",\"text\":\"flat\",\"content\":[{\"type\":\"text\",\"text\":\"block\"}]}]}]", 1, 0)]
    [InlineData("[{\"id\":\"a\",\"mapping\":{}}, {\"id\":\"b\",\"mapp", 1, 1)]
    public void One_bad_record_does_not_stop_the_rest(string json, int chats, int gaps)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        ImportReport report = memory.Import([folder.Write("conversations.json", json)]);
        Assert.Equal((chats, gaps), (report.Added, report.Unknown.Count));
        Assert.Empty(memory.Check().Broken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Notes_of_old_and_new_generations_give_the_same_turns(bool isOld)
    {
        PieceContent content = NexusImport.Read(Encoding.UTF8.GetBytes(Samples.Note(isOld)), "k");
        Chat chat = Assert.Single(content.Chats);
        Assert.Equal("Шкаф", chat.Title);
        Assert.Equal("nexus:chatgpt:abc", chat.Key);
        Assert.Equal(["Как?\n\n> цитата", "Так.\n- раз"], chat.Turns.Select(t => t.Text));
        Assert.Equal(["m-n0", "m-n1"], chat.Turns.Select(t => t.Id));
        Assert.Equal([TurnRole.User, TurnRole.Assistant], chat.Turns.Select(t => t.Role));
        if (!isOld)
            Assert.Equal(new DateTimeOffset(2025, 6, 14, 19, 10, 2, TimeSpan.Zero).ToUnixTimeMilliseconds(), chat.Turns[1].Time);
    }

    [Theory, Stores]
    public void A_note_is_healed_by_the_export_with_the_same_ids(string store)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        memory.Import([folder.Write("note.md", Samples.Note(false, "c-0"))]);
        memory.Import([folder.Write("conversations.json", Samples.ChatGpt(1))]);
        ExpandedTurn turn = memory.Expand("1.0").Turns[0];
        Assert.Contains("word0x0s1", turn.Text, StringComparison.Ordinal);
        Assert.Contains("Healed", turn.Marks, StringComparison.Ordinal);
        Assert.Contains("цитата", Encoding.UTF8.GetString(memory.Expand("1.0").Original), StringComparison.Ordinal);
        Assert.Empty(memory.Check().Broken);
    }

    [Theory, Stores]
    public void Zip_jsonl_mail_and_markdown_are_told_by_their_content(string store)
    {
        using var folder = new ScratchFolder();
        using (var zip = new ZipArchive(File.Create(folder["a.bin"]), ZipArchiveMode.Create))
        {
            using var to = new StreamWriter(zip.CreateEntry("conversations-000.json").Open());
            to.Write(Samples.ChatGpt(2));
        }
        folder.Write("b.x", "{\"role\":\"user\",\"content\":\"привет\"}\n{\"role\":\"assistant\",\"content\":\"здравствуй\"}\nnot json\n");
        folder.Write("c.x", "From a@b Sat Jun 14 21:09:00 2025\nFrom: =?utf-8?B?0JDQvdC90LA=?= <a@b>\nSubject: Keys\nDate: Sat, 14 Jun 2025 21:09:00 +0200\nMessage-ID: <1@b>\nContent-Transfer-Encoding: quoted-printable\n\nThe keys are under the m=\nat=21\n");
        folder.Write("d.md", "# Garden\n\nTomatoes need water.\n");
        File.WriteAllBytes(folder["e.png"], [0x89, (byte)'P', 0, 0, 1]);
        using MindMemory memory = folder.Memory(store);
        ImportReport report = memory.Import([folder["a.bin"], folder["b.x"], folder["c.x"], folder["d.md"], folder["e.png"]]);
        Assert.Equal("json 1, jsonl 1, markdown 1, mbox 1, unknown 1", string.Join(", ", report.Files.Select(f => $"{f.Key} {f.Value}")));
        Assert.Equal("The keys are under the mat!", memory.Recall("where are the keys?").Items[0].Text);
        Assert.Equal("Анна", memory.Recall("where are the keys?").Items[0].Speaker);
        Assert.Contains(report.Unknown, u => u.File.EndsWith("b.x", StringComparison.Ordinal) && u.Bytes == 9);
        Assert.Empty(memory.Check().Broken);
    }

    [Theory, Stores]
    public void Torn_archives_endless_lines_and_odd_characters_are_accounted_for(string store)
    {
        using var folder = new ScratchFolder();
        using (var zip = new ZipArchive(File.Create(folder["whole.zip"]), ZipArchiveMode.Create))
        using (var to = new StreamWriter(zip.CreateEntry("conversations.json").Open()))
            to.Write(Samples.ChatGpt(20));
        byte[] whole = File.ReadAllBytes(folder["whole.zip"]);
        File.WriteAllBytes(folder["torn.zip"], whole[..(whole.Length / 2)]);
        File.WriteAllText(folder["line.txt"], string.Concat(Enumerable.Repeat("word ", 700_000)));
        folder.Write("odd.json", "[{\"id\":\"a\\u0000b\",\"title\":\"x\\u0000y\\ud800\",\"mapping\":{\"n\":{\"message\":{\"id\":\"q\",\"content\":{\"parts\":[\"zero \\u0000 and half \\udc00\"]}}}}}]");
        using MindMemory memory = folder.Memory(store);
        ImportReport report = memory.Import([folder["torn.zip"], folder["line.txt"], folder["odd.json"]]);
        Assert.Equal(report.Bytes, report.TurnBytes + report.MetadataBytes + report.UnknownBytes);
        Assert.Equal(whole.Length / 2, report.UnknownBytes);
        Assert.Equal("x\uFFFDy\uFFFD", memory.Conversations().Single(c => c.Format == "chatgpt").Title);
        Assert.Equal((2, 0), (memory.Check().Exact, memory.Check().Broken.Count));
    }

    [Theory, Stores]
    public void Fuzzed_and_cut_files_throw_nothing_and_come_back_exactly(string store)
    {
        byte[][] seeds = [.. new[] { Samples.ChatGpt(3), Samples.Note(true), Samples.Note(false), "From a@b Sat Jun 14 21:09:00 2025\nSubject: x\n\nbody\n\nFrom c@d Sat Jun 14 21:09:00 2025\nSubject: y\n\nbody\n", "{\"role\":\"user\",\"content\":\"a\"}\n{\"role\":\"user\",\"content\":\"b\"}\n", "# a\n\ntext\n" }.Select(Encoding.UTF8.GetBytes)];
        var random = new Random(6);
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        for (int i = 0; i < 120; i++)
        {
            byte[] bytes = [.. seeds[i % seeds.Length]];
            for (int k = random.Next(8); k > 0; k--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder[$"f{i}"], bytes[..random.Next(1, bytes.Length + 1)]);
        }
        ImportReport report = memory.Import([.. Enumerable.Range(0, 120).Select(i => folder[$"f{i}"])]);
        Assert.Equal(report.Bytes, report.TurnBytes + report.MetadataBytes + report.UnknownBytes);
        Assert.True(report.MetadataBytes >= 0);
        Assert.Empty(memory.Check().Broken);
    }
}
