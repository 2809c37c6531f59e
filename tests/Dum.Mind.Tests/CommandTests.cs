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
        Assert.Contains("word2x1s1", answers[3].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
