using System.Text;
using System.Text.Json;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>A conversation of a ChatGPT export: a tree of messages, of which the path to <c>current_node</c> is the one that was kept.</summary>
static class ChatGptImport
{
    public static Chat? Read(JsonElement root, byte[] piece, string fallback)
    {
        string id = root.Text("conversation_id") is { Length: > 0 } given ? given : root.Text("id");
        long created = root.Time("create_time"), updated = root.Time("update_time");
        JsonElement mapping = root.Object("mapping")!.Value;
        var nodes = new Dictionary<string, (JsonElement Node, string Parent)>();
        var order = new List<string>();
        foreach (JsonProperty node in mapping.EnumerateObject())
        {
            if (!nodes.ContainsKey(node.Name))
                order.Add(node.Name);
            nodes[node.Name] = (node.Value, node.Value.Text("parent"));
        }
        var active = new HashSet<string>();
        string leaf = root.Text("current_node");
        if (!nodes.ContainsKey(leaf))
            leaf = Latest(nodes, order);
        for (string at = leaf; nodes.TryGetValue(at, out (JsonElement Node, string Parent) node) && active.Add(at);)
            at = node.Parent;
        var chat = new Chat
        {
            Key = id.Length > 0 ? "chatgpt:" + id : fallback,
            Format = "chatgpt",
            Title = root.Text("title"),
            Created = created,
            Updated = updated,
        };
        var numbers = new Dictionary<string, int>();
        foreach (string name in Walk(nodes, order))
        {
            if (nodes[name].Node.Object("message") is not { } message)
                continue;
            string text = TextOf(message);
            if (text.Length == 0)
                continue;
            (int place, int bytes) = JsonFields.Place(message, piece);
            string above = nodes[name].Parent;
            int parent = -1;
            // Nodes without a message of their own stand between: the turn answers the nearest above them.
            for (int steps = 0; steps < nodes.Count && above.Length > 0 && !numbers.TryGetValue(above, out parent); steps++)
            {
                above = nodes.TryGetValue(above, out (JsonElement Node, string Parent) up) ? up.Parent : "";
                parent = -1;
            }
            JsonElement? author = message.Object("author");
            TurnRole role = JsonImport.Role(author?.Text("role") ?? "", out _);
            long time = message.Time("create_time");
            if (time == 0)
                time = parent >= 0 ? chat.Turns[parent].Time : created > 0 ? created : updated;
            numbers[name] = chat.Turns.Count;
            chat.Turns.Add(new Turn
            {
                Id = message.Text("id") is { Length: > 0 } own ? own : name,
                Parent = above.Length > 0 ? parent : -1,
                Role = role,
                Speaker = role == TurnRole.Tool ? author?.Text("name") ?? "" : "",
                Time = time,
                Text = text,
                Flags = (active.Contains(name) ? 0 : TurnMarks.Branch) | (IsHidden(message, role) ? TurnMarks.Hidden : 0),
                At = place,
                Bytes = bytes,
            });
        }
        return chat.Turns.Count > 0 || id.Length > 0 ? chat : null;
    }

    /// <summary>Parents before children, each branch to its end before the next; nodes of a circle come last, once.</summary>
    static List<string> Walk(Dictionary<string, (JsonElement Node, string Parent)> nodes, List<string> order)
    {
        var children = new Dictionary<string, List<string>>();
        var stack = new Stack<string>();
        for (int i = order.Count - 1; i >= 0; i--)
        {
            string parent = nodes[order[i]].Parent;
            if (!nodes.ContainsKey(parent))
                stack.Push(order[i]);
            else if (children.TryGetValue(parent, out List<string>? list))
                list.Add(order[i]);
            else
                children[parent] = [order[i]];
        }
        var walked = new List<string>(order.Count);
        var seen = new HashSet<string>();
        while (stack.TryPop(out string? at))
        {
            if (!seen.Add(at))
                continue;
            walked.Add(at);
            if (children.TryGetValue(at, out List<string>? below))
                foreach (string child in below)
                    stack.Push(child);
        }
        foreach (string name in order)
            if (seen.Add(name))
                walked.Add(name);
        return walked;
    }

    static string Latest(Dictionary<string, (JsonElement Node, string Parent)> nodes, List<string> order)
    {
        var parents = new HashSet<string>();
        foreach ((JsonElement _, string parent) in nodes.Values)
            parents.Add(parent);
        (string best, long time) = ("", -1);
        foreach (string name in order)
            if (!parents.Contains(name) && nodes[name].Node.Object("message") is { } message && message.Time("create_time") is var t && t >= time)
                (best, time) = (name, t);
        return best;
    }

    static bool IsHidden(JsonElement message, TurnRole role) =>
        role == TurnRole.System ||
        (message.Object("metadata") is { } m && (m.IsTrue("is_visually_hidden_from_conversation") || m.IsTrue("is_user_system_message"))) ||
        (message.TryGetProperty("weight", out JsonElement w) && w.ValueKind == JsonValueKind.Number && w.GetDouble() == 0);

    static string TextOf(JsonElement message)
    {
        if (message.Object("content") is not { } content)
            return "";
        string kind = content.Text("content_type");
        var to = new StringBuilder();
        if (content.Array("parts") is { } parts)
            foreach (JsonElement part in parts.EnumerateArray())
                Add(to, Part(part));
        foreach (string field in (ReadOnlySpan<string>)["text", "result", "content", "user_profile", "user_instructions", "title", "domain", "url"])
            if (content.Text(field) is { Length: > 0 } text)
                Add(to, kind == "code" && field == "text" ? $"```{(content.Text("language") is var l && l is "unknown" ? "" : l)}\n{text}\n```" : text);
        if (content.Array("thoughts") is { } thoughts)
            foreach (JsonElement thought in thoughts.EnumerateArray())
            {
                Add(to, thought.Text("summary"));
                Add(to, thought.Text("content"));
            }
        return to.ToString();
    }

    static string Part(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String)
            return JsonFields.Chars(part);
        if (part.ValueKind != JsonValueKind.Object)
            return "";
        if (part.Text("text") is { Length: > 0 } text)
            return text;
        if (part.Text("content") is { Length: > 0 } canvas)
            return canvas;
        if (part.Text("asset_pointer") is not { Length: > 0 } pointer)
            return "";
        string prompt = part.Object("metadata")?.Object("dalle")?.Text("prompt") ?? "";
        return prompt.Length > 0 ? $"[image {pointer}: {prompt}]" : $"[image {pointer}]";
    }

    static void Add(StringBuilder to, string text)
    {
        if (text.Length == 0)
            return;
        if (to.Length > 0)
            to.Append('\n');
        to.Append(text);
    }
}
