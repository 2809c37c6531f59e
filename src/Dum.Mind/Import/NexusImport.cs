using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>
/// An Obsidian note written by the Nexus chat importer, any generation from 1.0 to 1.6. The generation is told for every
/// message, not for the file: upgrades rewrite old headers in place and append new messages in the newer style.
/// </summary>
static partial class NexusImport
{
    public static bool Is(ReadOnlySpan<byte> head) => head.StartsWith("---"u8) && head.IndexOf("\nnexus: nexus-ai-chat-importer"u8) >= 0;

    public static PieceContent Read(byte[] piece, string fallback)
    {
        var content = new PieceContent();
        List<TextLine> lines = TextLine.Of(piece);
        Dictionary<string, string> front = FrontMatter(lines, out int body);
        string id = front.GetValueOrDefault("conversation_id", ""), provider = front.GetValueOrDefault("provider", "chatgpt");
        string title = "";
        long createdLocal = 0;
        TimeSpan zone = TimeSpan.Zero;
        long created = Time(front.GetValueOrDefault("create_time", ""), TimeSpan.Zero);
        for (int i = body; i < lines.Count && title.Length + createdLocal < long.MaxValue; i++)
        {
            string line = lines[i].Text;
            if (IsHeader(line, out _))
                break;
            if (line.StartsWith("# Title: ", StringComparison.Ordinal))
                title = line[9..].Trim();
            else if (line.StartsWith("Created: ", StringComparison.Ordinal))
                createdLocal = Time(line[9..], TimeSpan.Zero);
        }
        // From 1.3 on the front matter is UTC and the body local: the difference is the zone.
        if (createdLocal > 0 && created > 0 && front["create_time"].EndsWith('Z'))
        {
            double minutes = Math.Round((createdLocal - created) / 60000.0 / 15) * 15;
            if (Math.Abs(minutes) <= 14 * 60)
                zone = TimeSpan.FromMinutes(minutes);
        }
        var chat = new Chat
        {
            Key = id.Length > 0 ? $"nexus:{provider}:{id}" : fallback,
            Format = "nexus",
            Title = title.Length > 0 ? title : front.GetValueOrDefault("aliases", ""),
            Created = created,
            // before 1.3 the time is local and its zone stands nowhere: no time to compare by
            Updated = front.GetValueOrDefault("update_time", "") is var updated && updated.EndsWith('Z') ? Time(updated, TimeSpan.Zero) : 0,
        };
        Messages(lines, body, piece, chat, content, zone);
        if (front.TryGetValue("artifact_id", out string? artifact) && chat.Turns.Count == 0)
            Artifact(lines, body, chat, artifact);
        content.Chats.Add(chat);
        return content;
    }

    static void Messages(List<TextLine> lines, int body, byte[] piece, Chat chat, PieceContent content, TimeSpan zone)
    {
        for (int i = body; i < lines.Count; i++)
        {
            if (!IsHeader(lines[i].Text, out Header header))
                continue;
            int end = i + 1;
            string? uid = null;
            for (; end < lines.Count && uid is null && !IsHeader(lines[end].Text, out _); end++)
                if (Uid().Match(lines[end].Text) is { Success: true } match)
                    uid = match.Groups[1].Value;
            int last = uid is null ? end : end - 1;
            while (last > i + 1 && lines[last - 1].Text.Length == 0)
                last--;
            int at = lines[i].At, bytes = lines[end - 1].At + lines[end - 1].Bytes - at;
            string text = Unquote(lines, i + 1, last, header);
            if (uid is null)
                content.Gaps.Add(new Gap(lines[end - 1].At, 0, Tongue.Say("a message without an id", "сообщение без номера")));
            if (text.Length > 0)
                chat.Turns.Add(new Turn
                {
                    Id = uid is null or "unknown" ? "" : uid,
                    Parent = chat.Turns.Count - 1,
                    Role = header.IsUser ? TurnRole.User : TurnRole.Assistant,
                    Time = Time(header.When, zone) is > 0 and long t ? t : chat.Created,
                    Text = text,
                    At = at,
                    Bytes = bytes,
                });
            i = end - 1;
        }
    }

    static void Artifact(List<TextLine> lines, int body, Chat chat, string id)
    {
        var text = new StringBuilder();
        for (int i = body; i < lines.Count; i++)
            text.Append(lines[i].Text).Append('\n');
        if (lines.Count > body)
            chat.Turns.Add(new Turn { Id = id, Role = TurnRole.Assistant, Time = chat.Created, Text = text.ToString().Trim('\n'), At = lines[body].At, Bytes = lines[^1].At + lines[^1].Bytes - lines[body].At });
    }

    /// <param name="IsUser">The person speaks.</param>
    /// <param name="When">The time as it stands there.</param>
    /// <param name="IsOld">Up to 1.1: headings instead of callouts.</param>
    readonly record struct Header(bool IsUser, string When, bool IsOld);

    static bool IsHeader(string line, out Header header)
    {
        header = default;
        if (line.Length == 0 || line[0] is not ('>' or '#'))
            return false;
        Match match = Callout().Match(line);
        if (match.Success)
        {
            header = new Header(match.Groups[1].Value == "nexus_user", match.Groups["when"].Value, false);
            return true;
        }
        match = Heading().Match(line);
        if (match.Success)
            header = new Header(match.Groups[2].Value == "User", $"{match.Groups["d"].Value} at {match.Groups["t"].Value}", true);
        return match.Success;
    }

    static string Unquote(List<TextLine> lines, int from, int to, Header header)
    {
        // From 1.4 a blank line is a lone '>' and a quoted one gets no space; before, every line begins with "> ".
        bool isNew = false;
        for (int i = from; i < to && !header.IsOld; i++)
            isNew |= lines[i].Text == ">" || (lines[i].Text.StartsWith(">>", StringComparison.Ordinal) && !lines[i].Text.StartsWith("> ", StringComparison.Ordinal));
        string prefix = header is { IsOld: true, IsUser: false } ? ">> " : "> ";
        var text = new StringBuilder();
        for (int i = from; i < to; i++)
        {
            string line = lines[i].Text;
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                line = line[prefix.Length..];
            else if (line == prefix.TrimEnd())
                line = "";
            else if ((isNew && line.StartsWith(">>", StringComparison.Ordinal)) || line.StartsWith('>'))
                line = line[1..];
            text.Append(i > from ? "\n" : "").Append(line);
        }
        return text.ToString();
    }

    static Dictionary<string, string> FrontMatter(List<TextLine> lines, out int body)
    {
        var front = new Dictionary<string, string>();
        body = 0;
        if (lines.Count == 0 || lines[0].Text.TrimEnd() != "---")
            return front;
        for (body = 1; body < lines.Count && lines[body].Text.TrimEnd() != "---"; body++)
            if (lines[body].Text.IndexOf(": ", StringComparison.Ordinal) is > 0 and int colon)
                front[lines[body].Text[..colon]] = Scalar(lines[body].Text[(colon + 2)..].Trim());
        body = Math.Min(lines.Count, body + 1);
        return front;
    }

    static string Scalar(string value) => value switch
    {
        ['"', .., '"'] when value.Length > 1 => value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal),
        ['\'', .., '\''] when value.Length > 1 => value[1..^1].Replace("''", "'", StringComparison.Ordinal),
        _ => value,
    };

    /// <summary>Times in the layouts that Obsidian's languages give them; AM or PM tells the American order, a dot the German.</summary>
    internal static long Time(string text, TimeSpan zone)
    {
        text = text.Replace(" at ", " ", StringComparison.Ordinal).Trim();
        if (text.EndsWith('Z') && JsonFields.Time(text) is > 0 and long utc)
            return utc;
        Match m = When().Match(text);
        if (!m.Success)
            return 0;
        int a = Number(m, 1), b = Number(m, 2), c = Number(m, 3), hour = Number(m, 4);
        bool half = m.Groups[7].Success, evening = half && m.Groups[7].Value is "PM" or "pm";
        if (half)
            hour = hour % 12 + (evening ? 12 : 0);
        (int year, int month, int day) = a > 31 ? (a, b, c) : half && a <= 12 ? (c, a, b) : b > 12 ? (c, a, b) : (c, b, a);
        int seconds = m.Groups[6].Success ? Number(m, 6) : 0, minute = Number(m, 5);
        if (year is < 1970 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || seconds > 59)
            return 0;
        return Math.Max(0, new DateTimeOffset(year, month, day, hour, minute, seconds, TimeSpan.Zero).ToUnixTimeMilliseconds() - (long)zone.TotalMilliseconds);
    }

    static int Number(Match m, int group) => int.Parse(m.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^>\s?\[!(nexus_user|nexus_agent)\][+-]?\s\*\*(User|Assistant)(?: · (?<model>[^*]+))?\*\* - (?<when>.+?)\s*$")]
    private static partial Regex Callout();

    [GeneratedRegex(@"^(###|####) (User|Assistant), on (?<d>.+?) at (?<t>.+?);\s*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^<!-- UID: (.*?) -->\s*$")]
    private static partial Regex Uid();

    [GeneratedRegex(@"^([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4}),? ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s?(AM|PM|am|pm)?$")]
    private static partial Regex When();
}
