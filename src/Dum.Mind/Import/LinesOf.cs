namespace Dum.Mind.Import;

/// <summary>A line of a text with its place in the bytes it was read from.</summary>
/// <param name="Text">Without its newline.</param>
/// <param name="At">Its first byte.</param>
/// <param name="Bytes">Its bytes, newline included.</param>
readonly record struct TextLine(string Text, int At, int Bytes)
{
    public static List<TextLine> Of(byte[] piece)
    {
        var lines = new List<TextLine>();
        int at = piece.AsSpan().StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? 3 : 0;
        while (at < piece.Length)
        {
            int end = piece.AsSpan(at).IndexOf((byte)'\n') is >= 0 and int n ? at + n + 1 : piece.Length;
            ReadOnlySpan<byte> line = piece.AsSpan(at, end - at).TrimEnd("\r\n"u8);
            lines.Add(new TextLine(System.Text.Encoding.UTF8.GetString(line), at, end - at));
            at = end;
        }
        return lines;
    }
}
