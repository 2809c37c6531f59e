using System.Text;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>Markdown and plain text: sections by heading, then paragraphs, taken together until they are worth a turn.</summary>
static class TextImport
{
    /// <summary>A turn ends at the first paragraph's end past this many characters.</summary>
    const int Enough = 700;

    /// <param name="piece">Whole lines.</param>
    /// <param name="key">Names the conversation.</param>
    /// <param name="name">The file's name, for a title.</param>
    /// <param name="format">markdown or text.</param>
    /// <param name="modified">When the file was changed, in milliseconds since 1970.</param>
    public static PieceContent Read(byte[] piece, string key, string name, string format, long modified)
    {
        var content = new PieceContent();
        List<TextLine> lines = TextLine.Of(piece);
        int from = 0;
        if (format == "markdown" && lines.Count > 1 && lines[0].Text == "---")
            for (int i = 1; i < lines.Count && from == 0; i++)
                from = lines[i].Text == "---" ? i + 1 : 0;
        var chat = new Chat { Key = key, Format = format, Title = name, Created = modified, Updated = modified };
        string heading = "";
        var text = new StringBuilder();
        int start = from;
        bool fence = false;
        for (int i = from; i < lines.Count; i++)
        {
            string line = lines[i].Text;
            bool isHeading = !fence && format == "markdown" && line.StartsWith('#') && line.TrimStart('#').StartsWith(' ');
            if (isHeading || (!fence && line.Length == 0 && text.Length >= Enough) || text.Length > 8 * Enough)
            {
                End(i);
                if (isHeading)
                    heading = line.TrimStart('#').Trim();
            }
            fence ^= line.StartsWith("```", StringComparison.Ordinal);
            text.Append(line).Append('\n');
        }
        End(lines.Count);
        if (chat.Turns.Count > 0)
            content.Chats.Add(chat);
        return content;

        void End(int to)
        {
            string said = text.ToString().Trim('\n');
            if (said.Trim().Length > 0)
                chat.Turns.Add(new Turn
                {
                    Parent = chat.Turns.Count - 1,
                    Role = TurnRole.Author,
                    Time = modified,
                    Text = heading.Length > 0 && !said.StartsWith('#') ? $"{heading}\n{said}" : said,
                    At = lines[start].At,
                    Bytes = lines[to - 1].At + lines[to - 1].Bytes - lines[start].At,
                });
            text.Clear();
            start = to;
        }
    }
}
