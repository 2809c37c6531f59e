using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dum.Mind.Import;
using Dum.Mind.Store;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

/// <summary>Words are kept once; the originals come back to the byte all the same.</summary>
public class WeaveTests
{
    const string Odd = "\"quotes\" \\ and \\n, tabs\tand\nlines, дом, €, 𝄞, <tag> & it's `so`, \u0001\u007f and / enough of it";

    static readonly JsonSerializerOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Writings => new(
        JsonSerializer.Serialize(Odd),
        JsonSerializer.Serialize(Odd, s_relaxed),
        "\"\\\"quotes\\\" \\u0434\\u043e\\u043c and more words \\ud834\\udd1e\"",
        "\"\\\"quotes\\\" with \\/ slashes written another way \\u0041\"",
        "\"half of a pair \\ud834 is no character, whatever stands behind\"");

    [Theory, MemberData(nameof(Writings))]
    public void A_piece_comes_back_however_its_words_are_written(string written)
    {
        byte[] piece = Encoding.UTF8.GetBytes($"{{\"title\":\"t\",\"turns\":[{{\"role\":\"user\",\"content\":{written}}},{{\"role\":\"user\",\"content\":\"short\"}}]}}");
        List<Turns.Turn> turns = JsonImport.Record(piece, "k").Chats[0].Turns;
        // what is kept of the turns is what has been through a sheet
        if (Weave.Of(piece, turns) is { } woven)
        {
            Assert.Equal(piece, Weave.Restore(woven, Sheet.Read(Sheet.Write(turns.ToArray()))));
            Assert.True(woven.Length < piece.Length);
        }
    }

    [Theory, Stores]
    public void Originals_outlive_the_state_that_held_their_words(string store)
    {
        using var folder = new ScratchFolder();
        using MindMemory memory = folder.Memory(store);
        string may = folder.Write("may.json", Samples.ChatGpt(30)), june = folder.Write("june.json", Samples.ChatGpt(30, turns: 6)), twice = folder.Write("twice.json", Samples.ChatGpt(2, seed: 9)[..^1] + "," + Samples.ChatGpt(2, turns: 8, seed: 9)[1..]);
        memory.Import([may]);
        Assert.Equal(30, memory.Store.Db.Number("SELECT count(*) FROM weave"));
        memory.Import([june]);
        Assert.Equal(30, memory.Store.Db.Number("SELECT count(*) FROM weave"));
        memory.Import([twice]);
        memory.Compact();
        CheckReport found = memory.Check();
        Assert.Equal((3, true), (found.Exact, found.IsSound));
        Assert.Contains("word0x7s9", memory.Expand("1.7").Turns[0].Text, StringComparison.Ordinal);
    }
}
