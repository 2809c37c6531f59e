using System.Text;
using System.Text.Json;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>A conversation of a Claude export: a list of messages; blocks are taken before the flat text that leaves some of them out.</summary>
static class ClaudeImport
{
    public static Chat? Read(JsonElement root, byte[] piece, string fallback)
    {
        string id = root.Text("uuid");
        var chat = new Chat
        {
            Key = id.Length > 0 ? "claude:" + id : fallback,
            Format = "claude",
            Title = root.Text("name"),
            Created = root.Time("created_at"),
            Updated = root.Time("updated_at"),
        };
        var numbers = new Dictionary<string, int>();
        var parents = new List<string>();
        foreach (JsonElement message in root.Array("chat_messages")!.Value.EnumerateArray())
        {
            string text = TextOf(message);
            if (text.Length == 0)
                continue;
            (int at, int bytes) = JsonFields.Place(message, piece);
            string own = message.Text("uuid"), above = message.Text("parent_message_uuid");
            long time = message.Time("created_at");
            int parent = numbers.TryGetValue(above, out int number) ? number : above.Length > 0 ? -1 : chat.Turns.Count - 1;
            numbers.TryAdd(own, chat.Turns.Count);
            parents.Add(above);
            chat.Turns.Add(new Turn
            {
                Id = own,
                Parent = parent,
                Role = JsonImport.Role(message.Text("sender"), out _),
                Time = time > 0 ? time : parent >= 0 ? chat.Turns[parent].Time : chat.Created,
                Text = text,
                At = at,
                Bytes = bytes,
            });
        }
        if (numbers.TryGetValue(root.Text("current_leaf_message_uuid"), out int leaf))
            MarkBranches(chat, leaf);
        return chat;
    }

    static void MarkBranches(Chat chat, int leaf)
    {
        var active = new HashSet<int>();
        for (int at = leaf; at >= 0 && active.Add(at);)
            at = chat.Turns[at].Parent;
        for (int i = 0; i < chat.Turns.Count; i++)
            if (!active.Contains(i))
                chat.Turns[i] = chat.Turns[i] with { Flags = TurnMarks.Branch };
    }

    static string TextOf(JsonElement message)
    {
        var to = new StringBuilder();
        if (message.Array("content") is { } blocks)
            foreach (JsonElement block in blocks.EnumerateArray())
                Add(to, Block(block));
        if (to.Length == 0)
            Add(to, message.Text("text"));
        foreach (string list in (ReadOnlySpan<string>)["attachments", "files"])
            if (message.Array(list) is { } files)
                foreach (JsonElement file in files.EnumerateArray())
                {
                    if (file.Text("file_name") is { Length: > 0 } name)
                        Add(to, $"[file {name}]");
                    Add(to, file.Text("extracted_content"));
                }
        return to.ToString();
    }

    static string Block(JsonElement block)
    {
        switch (block.Text("type"))
        {
            case "thinking":
                return block.Text("thinking");
            case "tool_use":
                JsonElement? input = block.Object("input");
                return $"[{block.Text("name")}]\n{input?.GetRawText() ?? ""}".Trim();
            case "tool_result":
                var to = new StringBuilder();
                if (block.Array("content") is { } inside)
                    foreach (JsonElement part in inside.EnumerateArray())
                        Add(to, part.Text("text"));
                Add(to, block.Text("content"));
                return to.ToString();
            default:
                return block.Text("text");
        }
    }

    static void Add(StringBuilder to, string text)
    {
        if (text.Length > 0)
            to.Append(to.Length > 0 ? "\n" : "").Append(text);
    }
}
