using System.CommandLine;
using System.ComponentModel;
using Dum.App.Views.Memory;
using Dum.Mind;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum mcp</c>: the memory for any assistant, over standard input and output. Nothing can be changed through it.</summary>
static class McpCommand
{
    const string ReadOnlyHint = "Reads the user's own memory of past chats and notes. ";

    public static Command Create()
    {
        Option<string> memory = MemoryOptions.Folder();
        var command = new Command("mcp", Say("Serve a memory to an assistant over MCP (standard input and output): search, expand, timeline; read-only.", "Отдать память помощнику по MCP (стандартный ввод и вывод): search, expand, timeline; только чтение.")) { memory };
        command.Does((parsed, cancel) =>
        {
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            var gate = new Lock();
            var options = new McpServerOptions
            {
                ServerInfo = new Implementation { Name = "dum", Version = typeof(McpCommand).Assembly.GetName().Version!.ToString(3) },
                ToolCollection =
                [
                    Tool("search", ReadOnlyHint + "Finds passages for a question within a token budget; every passage has an id for expand.",
                        ([Description("question in plain Russian or English; may name a time")] string question, [Budget] long budget = 2000) =>
                            Locked(gate, () => MemoryJson.Of(mind.Recall(question, budget)))),
                    Tool("expand", ReadOnlyHint + "The exact turns behind an id: 12 a conversation, 12.34 a turn, 12.34-40 turns.",
                        ([Description("an id that search gave")] string id) => Locked(gate, () => MemoryJson.Of(mind.Expand(id)))),
                    Tool("timeline", ReadOnlyHint + "What the memory holds, month by month.", () => Locked(gate, () => MemoryJson.Of(mind.Look()))),
                ],
            };
            Serve(options, cancel).GetAwaiter().GetResult();
            return Cli.Ok;
        });
        return command;
    }

    /// <summary>Describes a budget with the range that the memory accepts.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    sealed class BudgetAttribute() : DescriptionAttribute($"tokens, {MindMemory.LeastBudget} to {MindMemory.MostBudget}");

    static async Task Serve(McpServerOptions options, CancellationToken cancel)
    {
        await using var transport = new StdioServerTransport("dum", NullLoggerFactory.Instance);
        await using McpServer server = McpServer.Create(transport, options, NullLoggerFactory.Instance);
        await server.RunAsync(cancel).ConfigureAwait(false);
    }

    static McpServerTool Tool(string name, string about, Delegate work) =>
        McpServerTool.Create(work, new McpServerToolCreateOptions { Name = name, Description = about, ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false });

    static CallToolResult Locked(Lock gate, Func<string> work)
    {
        lock (gate)
            try
            {
                return Text(work(), false);
            }
            catch (DumException e)
            {
                return Text(e.Message, true);
            }
    }

    static CallToolResult Text(string text, bool isError) => new() { Content = [new TextContentBlock { Text = text }], IsError = isError };
}
