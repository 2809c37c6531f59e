using System.Text;
using System.Text.Json;
using Dum.Tests.App;

namespace Dum.Mind.Tests;

/// <summary>Small exports and notes, of their own text.</summary>
static class Samples
{
    public static string ChatGpt(int conversations, int turns = 4, int seed = 1) => JsonSerializer.Serialize(Enumerable.Range(0, conversations).Select(c => new Dictionary<string, object?>
    {
        ["title"] = $"talk {c}",
        ["create_time"] = 1.7e9 + 86400.0 * c,
        ["update_time"] = 1.7e9 + 86400.0 * c + 100,
        ["mapping"] = Enumerable.Range(0, turns).ToDictionary(t => $"n{t}", t => Node($"n{t}", t > 0 ? $"n{t - 1}" : null, t % 2 == 0 ? "user" : "assistant", $"word{c}x{t}s{seed} and a sentence about apples, дом и {c * t} яблок.", 1.7e9 + 86400.0 * c + t)),
        ["current_node"] = $"n{turns - 1}",
        ["conversation_id"] = $"c-{c}",
    }));

    /// <summary>A conversation without times and without ids of turns: only its own id tells it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="texts">A turn each.</param>
    public static string Talk(string id, params string[] texts) => JsonSerializer.Serialize(new { id, title = id, turns = texts.Select(content => new { role = "user", content }) });

    public static object Node(string id, string? parent, string role, string text, double time) => new
    {
        id,
        parent,
        children = Array.Empty<string>(),
        message = new { id = "m-" + id, author = new { role }, create_time = time, content = new { content_type = "text", parts = new[] { text } } },
    };

    public static string Note(bool isOld, string id = "abc") => isOld
        ? $"---\nnexus: nexus-ai-chat-importer\nprovider: chatgpt\nconversation_id: {id}\ncreate_time: 14.06.2025 at 21:09\n---\n\n# Title: Шкаф\n\nCreated: 14.06.2025 at 21:09\n\n\n### User, on 14.06.2025 at 21:09;\n> Как?\n> \n> > цитата\n<!-- UID: m-n0 -->\n\n\n\n\n#### Assistant, on 14.06.2025 at 21:10;\n>> Так.\n>> - раз\n<!-- UID: m-n1 -->\n\n---\n"
        : $"---\nnexus: nexus-ai-chat-importer\nprovider: chatgpt\nconversation_id: {id}\ncreate_time: 2025-06-14T19:09:33.000Z\n---\n# Title: Шкаф\n\nCreated: 14.06.2025 at 21:09:33\n\n\n>[!nexus_user] **User** - 14.06.2025 at 21:09:33\n> Как?\n>\n>> цитата\n<!-- UID: m-n0 -->\n>[!nexus_agent] **Assistant · gpt-4o** - 14.06.2025 at 21:10:02\n> Так.\n> - раз\n<!-- UID: m-n1 -->\n\n---";

    /// <summary>Whether the stored originals still hold these words.</summary>
    public static bool IsInOriginals(MindMemory memory, string text) =>
        memory.Store.Db.Rows("SELECT id FROM piece", r => r.GetInt64(0)).Any(piece => memory.Store.ReadPiece(piece).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
        || memory.Store.Db.Rows("SELECT id FROM pack", r => r.GetInt64(0)).Any(pack => memory.Store.OpenPack(pack).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public static string Write(this ScratchFolder folder, string name, string text)
    {
        File.WriteAllBytes(folder[name], Encoding.UTF8.GetBytes(text));
        return folder[name];
    }
}
