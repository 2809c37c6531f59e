namespace Dum.Corpus;

/// <summary>A training text may hold several documents, parted by lines that are exactly <see cref="ChatTextStream.Separator"/>.</summary>
static class DocumentLines
{
    static ReadOnlySpan<byte> Separator => "<|endoftext|>"u8;

    /// <summary>Takes the next stretch of text before a line that only parts documents; the text loses it and the line.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> text)
    {
        for (int from = 0; ;)
        {
            int at = text[from..].IndexOf(Separator);
            if (at < 0)
                break;
            at += from;
            int end = at + Separator.Length;
            int after = end < text.Length && text[end] == '\r' ? end + 1 : end;
            if ((at == 0 || text[at - 1] == '\n') && (after == text.Length || text[after] == '\n'))
            {
                ReadOnlySpan<byte> document = text[..at];
                text = text[Math.Min(after + 1, text.Length)..];
                return document;
            }
            from = end;
        }
        ReadOnlySpan<byte> last = text;
        text = [];
        return last;
    }
}
