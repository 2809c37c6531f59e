using System.Text.Json;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

public class CommandTests
{
    [Fact]
    public void Import_recall_expand_and_report_work_together()
    {
        using var folder = new ScratchFolder();
        folder.Write("conversations.json", Samples.ChatGpt(5));
        Assert.Equal(0, DumProcess.Run(folder.Path, ["import", "conversations.json"]).Code);
        DumProcess.Result recall = DumProcess.Run(folder.Path, ["recall", "word3x1s1", "--json"]);
        Assert.Equal(0, recall.Code);
        using JsonDocument json = JsonDocument.Parse(recall.Text);
        string id = json.RootElement.GetProperty("items")[0].GetProperty("id").GetString()!;
        Assert.Equal("4.1", id);
        DumProcess.Result raw = DumProcess.Run(folder.Path, ["expand", id, "--raw"]);
        Assert.Contains(raw.Text, File.ReadAllText(folder["conversations.json"]), StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"m-n1\"", raw.Text, StringComparison.Ordinal);
        Assert.Equal(1, DumProcess.Run(folder.Path, ["recall", "qqqq"]).Code);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "show", "--report", "m.html"]).Code);
        Assert.Contains("word3x1s1", File.ReadAllText(folder["m.html"]), StringComparison.Ordinal);
        DumProcess.Result bad = DumProcess.Run(folder.Path, ["expand", "nonsense"]);
        Assert.Equal((2, 1), (bad.Code, bad.Error.Trim().Split('\n').Length));
        Assert.Equal(3, DumProcess.Run(folder.Path, ["recall", "x", "--memory", "none"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["import", "missing"]).Code);
    }

    [Fact]
    public void A_budget_out_of_range_is_refused_with_its_range_and_undated_conversations_are_exported_by_that_name()
    {
        using var folder = new ScratchFolder();
        folder.Write("talk.jsonl", "{\"role\":\"user\",\"content\":\"the keys are under the mat\"}\n{\"role\":\"user\",\"content\":\"really\"}\n");
        DumProcess.Run(folder.Path, ["import", "talk.jsonl"]);
        foreach (string budget in (string[])["-5", "0", "99", "1000001", "99999999999", "many"])
        {
            DumProcess.Result result = DumProcess.Run(folder.Path, ["recall", "keys", $"--budget={budget}"]);
            Assert.Equal((2, 1), (result.Code, result.Error.Trim().Split('\n').Length));
            Assert.Contains("100 to 1000000", result.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "export", "out"]).Code);
        Assert.Equal("undated-1.md", Path.GetFileName(Assert.Single(Directory.GetFiles(folder["out"]))));
    }

    [Fact]
    public void The_page_of_a_large_memory_stays_small_and_says_what_it_leaves_out()
    {
        using var folder = new ScratchFolder();
        string talk = string.Concat(Enumerable.Range(0, 600).Select(c => $"{{\"id\":\"c{c}\",\"title\":\"talk {c}\",\"created_at\":\"2024-{1 + c % 12:00}-03T10:00:00Z\",\"turns\":["
            + string.Join(",", Enumerable.Range(0, 6).Select(t => $"{{\"role\":\"user\",\"content\":\"слова{c}x{t} {string.Concat(Enumerable.Repeat("и ещё немного слов о том же самом, ", 60))}\"}}")) + "]}\n"));
        folder.Write("talk.jsonl", talk);
        using (MindMemory memory = folder.Memory(StoresAttribute.Sqlite))
            memory.Import([folder["talk.jsonl"]]);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "show", "--report", "m.html"]).Code);
        Assert.InRange(new FileInfo(folder["m.html"]).Length, 2_000_000, 5_000_000);
        string page = File.ReadAllText(folder["m.html"]);
        Assert.Contains("This page is cut", page, StringComparison.Ordinal);
        Assert.Contains("dum expand 1<", page, StringComparison.Ordinal);
        Assert.Contains("слова599x0", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_cuts_titles_and_gists_between_characters()
    {
        using var folder = new ScratchFolder();
        foreach (int before in (int[])[99, 100, 159, 160])
            folder.Write($"t{before}.json", "[" + Samples.Talk(new string('x', before) + "😀 and more", new string('y', before) + "😀 " + string.Concat(Enumerable.Repeat("and more words ", 40))) + "]");
        DumProcess.Run(folder.Path, ["import", "t99.json", "t100.json", "t159.json", "t160.json"]);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "show", "--report", "m.html"]).Code);
        Assert.DoesNotContain('\uFFFD', File.ReadAllText(folder["m.html"]));
        Assert.DoesNotContain('\uFFFD', DumProcess.Run(folder.Path, ["memory", "show", "--json"]).Text);
    }

    [Fact]
    public void Repair_takes_its_target_by_name_and_says_what_it_saved()
    {
        using var folder = new ScratchFolder();
        folder.Write("conversations.json", Samples.ChatGpt(3));
        DumProcess.Run(folder.Path, ["import", "conversations.json"]);
        DumProcess.Result repaired = DumProcess.Run(folder.Path, ["memory", "repair", "-o", "mended"]);
        Assert.Equal(0, repaired.Code);
        Assert.Contains("the new memory is in mended", repaired.Text, StringComparison.Ordinal);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "check", "--memory", "mended"]).Code);
        DumProcess.Result again = DumProcess.Run(folder.Path, ["memory", "repair", "-o", "mended"]);
        Assert.Equal((2, 1), (again.Code, again.Error.Trim().Split('\n').Length));
    }

    [Fact]
    public void An_assistant_can_use_the_memory_over_mcp_and_cannot_change_it()
    {
        using var folder = new ScratchFolder();
        folder.Write("conversations.json", Samples.ChatGpt(3));
        DumProcess.Run(folder.Path, ["import", "conversations.json"]);
        string[] calls =
        [
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"question\":\"word2x1s1\"}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"question\":\"word2x1s1\",\"budget\":-5}}}",
        ];
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), "mcp"]) { WorkingDirectory = folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var answers = new Dictionary<int, JsonElement>();
        foreach (string call in calls)
        {
            process.StandardInput.WriteLine(call);
            process.StandardInput.Flush();
            if (!call.Contains("\"id\"", StringComparison.Ordinal))
                continue;
            JsonElement answer = JsonDocument.Parse(process.StandardOutput.ReadLine()!).RootElement;
            answers[answer.GetProperty("id").GetInt32()] = answer;
        }
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(20_000));
        Assert.Equal(["expand", "search", "timeline"], answers[2].GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!).Order());
        Assert.All(answers[2].GetProperty("result").GetProperty("tools").EnumerateArray(), t => Assert.True(t.GetProperty("annotations").GetProperty("readOnlyHint").GetBoolean()));
        Assert.Contains("tokens, 100 to 1000000", answers[2].GetRawText(), StringComparison.Ordinal);
        Assert.True(answers[4].GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal("a budget of -5 tokens: give 100 to 1000000", answers[4].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Contains("word2x1s1", answers[3].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
