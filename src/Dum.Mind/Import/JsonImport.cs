using System.Text.Json;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>Understands a record of JSON by what is in it: ChatGPT's tree, Claude's list, or any list of turns.</summary>
static class JsonImport
{
    /// <summary>Why JSON is not taken.</summary>
    public static string Unknown => Tongue.Say("JSON of an unknown shape: neither a conversation (mapping, chat_messages, turns, messages) nor a line that is a turn (role, content)", "JSON неизвестного вида: не беседа (mapping, chat_messages, turns, messages) и не строка-реплика (role, content)");

    static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256, AllowTrailingCommas = true };

    /// <param name="piece">One record, UTF-8.</param>
    /// <param name="fallback">A key for a record without an id.</param>
    public static PieceContent Record(byte[] piece, string fallback)
    {
        var content = new PieceContent();
        try
        {
            using JsonDocument document = JsonDocument.Parse(piece, s_options);
            JsonElement root = document.RootElement;
            Chat? chat = root.Object("mapping") is not null ? ChatGptImport.Read(root, piece, fallback)
                : root.Array("chat_messages") is not null ? ClaudeImport.Read(root, piece, fallback)
                : (root.Array("turns") ?? root.Array("messages")) is not null ? Turns(root, piece, fallback) : null;
            if (chat is null)
                content.Gaps.Add(new Gap(0, piece.Length, Unknown));
            else
                content.Chats.Add(chat);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            content.Gaps.Add(new Gap(0, piece.Length, Tongue.Say("not JSON", "не JSON")));
        }
        return content;
    }

    static Chat? Turns(JsonElement root, byte[] piece, string fallback)
    {
        JsonElement turns = (root.Array("turns") ?? root.Array("messages"))!.Value;
        string id = First(root, "id", "conversation_id", "uuid");
        var chat = new Chat
        {
            Key = id.Length > 0 ? "turns:" + id : fallback,
            Format = "jsonl",
            Title = First(root, "title", "name"),
            Created = root.Time("create_time") is > 0 and long t ? t : root.Time("created_at"),
        };
        foreach (JsonElement turn in turns.EnumerateArray())
            if (Turn(turn, piece) is { } read)
                chat.Turns.Add(read with { Time = read.Time > 0 ? read.Time : chat.Created });
        return chat.Turns.Count > 0 ? chat : null;
    }

    /// <summary>A turn in any of the usual shapes; null when it holds no text.</summary>
    public static Turn? Turn(JsonElement turn, byte[] piece)
    {
        string text = First(turn, "content", "text", "t", "value", "message");
        if (text.Length == 0 && turn.Array("content") is { } parts)
            text = string.Join("\n", parts.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String ? JsonFields.Chars(p) : p.Text("text")).Where(s => s.Length > 0));
        if (text.Length == 0)
            return null;
        (int at, int bytes) = JsonFields.Place(turn, piece);
        string role = First(turn, "role", "r", "from", "sender"), speaker = First(turn, "speaker", "name", "author");
        TurnRole known = Role(role, out bool isRole);
        return new Turn
        {
            Id = First(turn, "id", "uuid", "dia_id"),
            Role = role.Length == 0 ? TurnRole.Author : known,
            Speaker = speaker.Length > 0 ? speaker : isRole ? "" : role,
            Time = Math.Max(turn.Time("time"), Math.Max(turn.Time("timestamp"), Math.Max(turn.Time("create_time"), turn.Time("created_at")))),
            Text = text,
            At = at,
            Bytes = bytes,
        };
    }

    public static TurnRole Role(string role, out bool known)
    {
        known = true;
        switch (role)
        {
            case "user" or "human" or "User":
                return TurnRole.User;
            case "assistant" or "gpt" or "bot" or "model" or "ai" or "Assistant":
                return TurnRole.Assistant;
            case "system" or "developer":
                return TurnRole.System;
            case "tool" or "function":
                return TurnRole.Tool;
            default:
                known = role.Length == 0;
                return TurnRole.Author;
        }
    }

    static string First(JsonElement e, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (e.Text(name) is { Length: > 0 } text)
                return text;
        return "";
    }

    /// <summary>Lines of JSON: each a conversation, or each a turn; turns under one id are one conversation, and so are turns without one that follow one another.</summary>
    public static PieceContent Lines(byte[] piece, string fallback)
    {
        var content = new PieceContent();
        Chat? open = null;
        string openId = "";
        var named = new Dictionary<string, Chat>();
        int number = 0;
        for (int at = 0; at < piece.Length;)
        {
            int end = piece.AsSpan(at).IndexOf((byte)'\n') is >= 0 and int n ? at + n + 1 : piece.Length;
            ReadOnlySpan<byte> line = piece.AsSpan(at, end - at).Trim(" \t\r\n"u8);
            if (line.Length > 0)
            {
                int from = at + piece.AsSpan(at, end - at).IndexOf(line);
                byte[] record = line.ToArray();
                string key = $"{fallback}.{number++}";
                try
                {
                    using JsonDocument document = JsonDocument.Parse(record, s_options);
                    JsonElement root = document.RootElement;
                    if (root.ValueKind == JsonValueKind.Object && Turn(root, record) is { } turn)
                    {
                        string id = First(root, "conversation_id", "conversation", "chat_id", "session_id", "thread_id");
                        if (id.Length > 0 && named.TryGetValue(id, out Chat? known))
                            (open, openId) = (known, id);
                        else if (open is null || id != openId)
                        {
                            (open, openId) = (new Chat { Key = id.Length > 0 ? $"{fallback}:{id}" : key, Format = "jsonl", Title = id }, id);
                            content.Chats.Add(open);
                            if (id.Length > 0)
                                named[id] = open;
                        }
                        open.Turns.Add(turn with { At = from + turn.At });
                    }
                    else
                    {
                        open = null;
                        PieceContent one = Record(record, key);
                        foreach (Chat chat in one.Chats)
                        {
                            (chat.At, chat.Bytes) = (from, record.Length);
                            for (int i = 0; i < chat.Turns.Count; i++)
                                chat.Turns[i] = chat.Turns[i] with { At = from + chat.Turns[i].At };
                            content.Chats.Add(chat);
                        }
                        foreach (Gap gap in one.Gaps)
                            content.Gaps.Add(gap with { At = from + gap.At });
                    }
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
                {
                    content.Gaps.Add(new Gap(at, end - at, Tongue.Say("not JSON", "не JSON")));
                }
            }
            at = end;
        }
        return content;
    }
}
