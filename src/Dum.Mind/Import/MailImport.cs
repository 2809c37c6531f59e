using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>E-mail in a mailbox file (mbox): a letter is a conversation of one turn, its subject the title.</summary>
static partial class MailImport
{
    public static bool Is(ReadOnlySpan<byte> head) => head.StartsWith("From "u8) && head.IndexOf("\n"u8) is > 0 and int n && n < 500 && Regex.IsMatch(Encoding.Latin1.GetString(head[..n]), @"\d\d:\d\d") && head[n..].IndexOf(": "u8) > 0;

    /// <summary>A piece ends before a line that begins a letter.</summary>
    public static bool Begins(ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> next) => line.Span.Trim("\r\n"u8).Length == 0 && next.Span.StartsWith("From "u8);

    public static PieceContent Read(byte[] piece, string fallback)
    {
        var content = new PieceContent();
        int number = 0;
        for (int at = 0; at < piece.Length;)
        {
            int end = piece.Length;
            for (int from = at; piece.AsSpan(from).IndexOf("\nFrom "u8) is >= 0 and int n; from += n + 1)
                if (from + n > 0 && piece[from + n - 1] is (byte)'\n' or (byte)'\r')
                {
                    end = from + n + 1;
                    break;
                }
            if (Letter(piece.AsSpan(at, end - at), at, $"{fallback}.{number++}") is { } chat)
                content.Chats.Add(chat);
            else
                content.Gaps.Add(new Gap(at, end - at, Tongue.Say("a letter without text", "письмо без текста")));
            at = end;
        }
        return content;
    }

    static Chat? Letter(ReadOnlySpan<byte> letter, int at, string fallback)
    {
        string raw = Encoding.Latin1.GetString(letter);
        int first = raw.IndexOf('\n', StringComparison.Ordinal) + 1;
        (Dictionary<string, string> head, string body) = Split(raw[first..]);
        string text = Body(head, body, 0).Trim('\r', '\n').ReplaceLineEndings("\n");
        if (text.Length == 0)
            return null;
        string id = head.GetValueOrDefault("message-id", "").Trim('<', '>', ' ');
        string date = Regex.Replace(head.GetValueOrDefault("date", ""), @"\s*\(.*\)$", "");
        long time = JsonFields.Time(date);
        return new Chat
        {
            Key = id.Length > 0 ? "mail:" + id : fallback,
            Format = "mbox",
            Title = Words(head.GetValueOrDefault("subject", "")),
            Created = time,
            Turns = [new Turn { Id = id, Role = TurnRole.Author, Speaker = Name(Words(head.GetValueOrDefault("from", ""))), Time = time, Text = text, At = at, Bytes = letter.Length }],
        };
    }

    static (Dictionary<string, string> Head, string Body) Split(string raw)
    {
        var head = new Dictionary<string, string>();
        string last = "";
        int at = 0;
        while (at < raw.Length)
        {
            int end = raw.IndexOf('\n', at) is >= 0 and int n ? n : raw.Length;
            string line = raw[at..end].TrimEnd('\r');
            at = Math.Min(raw.Length, end + 1);
            if (line.Length == 0)
                break;
            if (line[0] is ' ' or '\t')
            {
                if (last.Length > 0)
                    head[last] += " " + line.Trim();
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon && head.TryAdd(last = line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim()))
            {
            }
            else
                last = "";
        }
        return (head, raw[at..]);
    }

    static string Body(Dictionary<string, string> head, string body, int depth)
    {
        string type = head.GetValueOrDefault("content-type", "text/plain");
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && depth < 8)
        {
            if (Boundary().Match(type) is not { Success: true } match)
                return "";
            string best = "";
            foreach (string part in body.Split("--" + match.Groups[1].Value).Skip(1))
            {
                if (part.StartsWith("--", StringComparison.Ordinal))
                    break;
                (Dictionary<string, string> h, string b) = Split(part.TrimStart('\r', '\n'));
                string said = Body(h, b, depth + 1);
                if (said.Trim().Length > 0 && (best.Length == 0 || h.GetValueOrDefault("content-type", "text/plain").StartsWith("text/plain", StringComparison.OrdinalIgnoreCase)))
                    best = said;
            }
            return best;
        }
        if (!type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return "";
        byte[] bytes = head.GetValueOrDefault("content-transfer-encoding", "").ToLowerInvariant() switch
        {
            "base64" => Base64(body),
            "quoted-printable" => Quoted(body, false),
            _ => Encoding.Latin1.GetBytes(body),
        };
        string text = Charset(type).GetString(bytes);
        return type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) ? System.Net.WebUtility.HtmlDecode(Tags().Replace(text, " ")) : text;
    }

    static Encoding Charset(string type)
    {
        Match match = CharsetName().Match(type);
        try
        {
            return match.Success && !match.Groups[1].Value.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
                ? CodePagesEncodingProvider.Instance.GetEncoding(match.Groups[1].Value) ?? Encoding.GetEncoding(match.Groups[1].Value) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    static byte[] Base64(string text)
    {
        var buffer = new byte[text.Length];
        string bare = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='));
        return Convert.TryFromBase64String(bare, buffer, out int n) ? buffer[..n] : [];
    }

    static byte[] Quoted(string text, bool header)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b))
            {
                bytes.Add(b);
                i += 2;
            }
            else if (text[i] == '=' && text.AsSpan(i + 1) is ['\n', ..] or ['\r', '\n', ..])
                i += text[i + 1] == '\r' ? 2 : 1;
            else
                bytes.Add(header && text[i] == '_' ? (byte)' ' : (byte)text[i]);
        }
        return [.. bytes];
    }

    /// <summary>Encoded words of a header, <c>=?utf-8?B?…?=</c>.</summary>
    static string Words(string header) => Between().Replace(EncodedWord().Replace(header, m => "\u0001" + Charset("charset=" + m.Groups[1].Value).GetString(
        m.Groups[2].Value is "B" or "b" ? Base64(m.Groups[3].Value) : Quoted(m.Groups[3].Value, true)) + "\u0001"), "").Replace("\u0001", "", StringComparison.Ordinal);

    static string Name(string from) => from.IndexOf('<', StringComparison.Ordinal) is > 0 and int n ? from[..n].Trim(' ', '"') : from.Trim('<', '>', ' ');

    [GeneratedRegex("boundary=\"?([^\";]+)\"?", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex("charset=\"?([^\";\\s]+)\"?", RegexOptions.IgnoreCase)]
    private static partial Regex CharsetName();

    [GeneratedRegex("<(?:style|script)[^>]*>.*?</(?:style|script)>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Tags();

    [GeneratedRegex(@"=\?([^?]+)\?([BbQq])\?([^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex("\u0001\\s+\u0001")]
    private static partial Regex Between();
}
