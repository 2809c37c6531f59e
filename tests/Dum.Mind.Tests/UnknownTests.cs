using System.Text;
using Dum.Mind.Import;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

/// <summary>What an import cannot understand: listed with its place, never passed off as metadata.</summary>
public class UnknownTests
{
    [Theory]
    [InlineData("[1, 2, 3]")]
    [InlineData("[\"one\", \"two\"]")]
    [InlineData("{\"settings\": {\"theme\": \"dark\"}}")]
    [InlineData("[{\"a\": 1}, {\"b\": 2}]")]
    [InlineData("{\"a\": 1}\n{\"b\": 2}\n")]
    public void Json_of_an_unknown_shape_is_listed_and_nothing_is_taken(string json)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        ImportReport report = memory.Import([folder.Write("data.json", json)]);
        Assert.True(report.IsNothing);
        Assert.Equal((0, 0L), (report.Added, report.TurnBytes));
        Assert.InRange(report.MetadataBytes, 0, 8);
        Assert.All(report.Unknown, u => Assert.Contains("unknown shape", u.Why, StringComparison.Ordinal));
        Assert.True(memory.Check().IsSound);
    }

    [Theory]
    [InlineData("[link](http://a.b) is text\n")]
    [InlineData("[1] A footnote is text.\n")]
    [InlineData("{curly} words are text\n")]
    public void Text_that_begins_with_a_bracket_is_text(string text)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        Assert.Equal((1, 0L), (memory.Import([folder.Write("a.txt", text)]).Added, memory.Look().UnknownBytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_that_is_too_long_is_listed_with_its_place_and_the_rest_is_taken(bool isLines)
    {
        using var folder = new ScratchFolder();
        string file = folder["big.json"], before = Record("a", "first"), after = Record("c", "last");
        long at, bytes;
        using (var to = new StreamWriter(file) { NewLine = "\n" })
        {
            to.Write(isLines ? before + "\n" : "[" + before + ",");
            to.Flush();
            at = to.BaseStream.Length;
            to.Write("{\"id\":\"b\",\"title\":\"long\",\"turns\":[");
            for (int i = 0; i < 1 << 17; i++)
                to.Write($"{(i > 0 ? "," : "")}{{\"id\":\"{i}\",\"role\":\"user\",\"content\":\"{new string((char)('a' + i % 26), 480)}\"}}");
            to.Write("]}");
            to.Flush();
            bytes = to.BaseStream.Length - at;
            to.Write(isLines ? "\n" + after + "\n" : "," + after + "]");
        }
        using MindMemory memory = folder.Memory(StoresAttribute.Sqlite);
        ImportReport report = memory.Import([file]);
        Assert.Equal(2, report.Added);
        UnknownPlace place = Assert.Single(report.Unknown);
        Assert.Equal((at, bytes + (isLines ? 1 : 0)), (place.At, place.Bytes));
        Assert.Contains("longer than 64 MiB", place.Why, StringComparison.Ordinal);
        Assert.Equal(report.Bytes, report.TurnBytes + report.MetadataBytes + report.UnknownBytes);
        Assert.Contains("last", memory.Recall("last").Items[0].Text, StringComparison.Ordinal);
        Assert.True(memory.Check().IsSound);
    }

    static string Record(string id, string word) => $"{{\"id\":\"{id}\",\"title\":\"{word}\",\"turns\":[{{\"role\":\"user\",\"content\":\"the {word} word\"}}]}}";

    [Fact]
    public void Damage_in_a_long_file_costs_the_records_it_is_in()
    {
        // small limits: the same machine as for 64 MiB
        string text = "[" + string.Join(",", Enumerable.Range(0, 400).Select(i => i == 200 ? Record("x", "torn")[..^20] : Record($"r{i}", $"word{i}"))) + "]";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<Piece> pieces = [.. new JsonArrayCutter(new MemoryStream(bytes), mostRecord: 4096).Read()];
        Assert.Equal(bytes, pieces.SelectMany(p => p.Before.Concat(p.Bytes)));
        Assert.Equal(399, pieces.Count(p => p.Fault is null && p.Bytes.Length > 0 && JsonImport.Record(p.Bytes, "k").Chats.Count == 1));
    }

    [Fact]
    public void Nothing_to_import_gets_one_line()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["empty/inside"]);
        Directory.CreateDirectory(folder["pictures"]);
        File.WriteAllBytes(folder["pictures/a.png"], [0x89, (byte)'P', 0, 0, 1]);
        folder.Write("nothing.txt", "");
        foreach ((string path, int code) in new[] { ("empty", 2), ("", 2), ("nothing.txt", 2), ("pictures", 1) })
        {
            DumProcess.Result result = DumProcess.Run(folder.Path, ["import", path]);
            Assert.Equal((code, 1), (result.Code, result.Error.Trim().Split('\n').Length));
        }
    }

    [Theory, Stores]
    public void The_newer_state_of_a_conversation_is_told_by_evidence_and_not_by_a_clock_without_a_zone(string store)
    {
        // The old note's times are two hours ahead of UTC and do not say so; it was written an hour before the new one.
        string New(string id, string extra) => $"---\nnexus: nexus-ai-chat-importer\nprovider: chatgpt\nconversation_id: {id}\ncreate_time: 2025-06-14T19:09:33.000Z\nupdate_time: 2025-06-14T20:30:00.000Z\n---\n# Title: T\n\nCreated: 14.06.2025 at 21:09:33\n\n>[!nexus_user] **User** - 14.06.2025 at 21:09:33\n> question\n<!-- UID: m1 -->\n{extra}";
        string Old(string id) => $"---\nnexus: nexus-ai-chat-importer\nprovider: chatgpt\nconversation_id: {id}\ncreate_time: 14.06.2025 at 21:09\nupdate_time: 14.06.2025 at 21:30\n---\n# Title: T\n\n### User, on 14.06.2025 at 21:09;\n> question\n<!-- UID: m1 -->\n";
        const string answer = ">[!nexus_agent] **Assistant** - 14.06.2025 at 22:30:00\n> answer\n<!-- UID: m2 -->\n";
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        string old = folder.Write("old.md", Old("a")), grown = folder.Write("new.md", New("a", answer));
        memory.Import([old]);
        Assert.Equal(1, memory.Import([grown]).Changed);
        // given once more, from another place: still the older one
        Assert.Equal((0, 1), (memory.Import([folder.Write("copy.md", Old("a") + "\n")]).Changed, memory.Import([folder.Write("copy2.md", Old("a") + "\n\n")]).Older));
        Assert.Equal(2, memory.Expand("1").Turns.Count);
        // the same file, edited back, is what the user wants
        folder.Write("new.md", New("a", ""));
        memory.Import([grown]);
        Assert.Single(memory.Expand("1").Turns);
    }
}
