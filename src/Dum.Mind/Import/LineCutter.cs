namespace Dum.Mind.Import;

/// <summary>
/// Cuts a text into pieces of whole lines. Where a piece ends depends on the lines themselves, so that a line added or
/// changed moves only the pieces around it, and a grown file keeps all but its last.
/// </summary>
/// <param name="input">Read once.</param>
/// <param name="most">No piece is longer; a single line may be.</param>
/// <param name="mostLine">A longer line is cut.</param>
/// <param name="fault">Why the parts of a line that was cut are not understood; null where each can stand for itself.</param>
/// <param name="mayEnd">Told a line and the next; true where a piece may end between them. Null: anywhere.</param>
sealed class LineCutter(Stream input, int most, int mostLine = LineCutter.MostRecord, string? fault = null, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool>? mayEnd = null)
{
    /// <summary>No record of JSON on one line is taken for longer.</summary>
    public const int MostRecord = 1 << 26;

    /// <summary>What is not understood is kept in pieces of so many bytes.</summary>
    public const int FaultBytes = 1 << 22;

    const int ReadBytes = 1 << 18;

    public IEnumerable<Piece> Read()
    {
        var buffer = new ReadBuffer(2 * ReadBytes);
        try
        {
            foreach (Piece piece in Read(buffer))
                yield return piece;
        }
        finally
        {
            buffer.Return();
        }
    }

    IEnumerable<Piece> Read(ReadBuffer lent)
    {
        byte[] buffer = lent.Bytes;
        int length = 0, start = 0, line = 0, scanned = 0;
        long offset = 0;
        (bool ended, bool inLong) = (false, false);
        while (true)
        {
            int found = buffer.AsSpan(scanned, length - scanned).IndexOf((byte)'\n');
            if (found < 0 && !ended && length - line <= (inLong ? 0 : mostLine))
            {
                scanned = length;
                if (start > 0)
                {
                    Array.Copy(buffer, start, buffer, 0, length - start);
                    offset += start;
                    (length, line, scanned, start) = (length - start, line - start, scanned - start, 0);
                }
                if (buffer.Length - length < ReadBytes)
                    buffer = lent.Grow();
                int read = input.Read(buffer, length, ReadBytes);
                ended = read == 0;
                length += read;
                continue;
            }
            int end = found < 0 ? length : scanned + found + 1;
            if (end == length && ended)
                break;
            scanned = end;
            if (fault is not null && (inLong || found < 0))
            {
                // A line too long to be a record: what has been read of it goes, and the rest goes as it comes.
                if (line > start)
                    yield return new Piece(offset + start, [], buffer[start..line]);
                for (; line < end; line += Math.Min(FaultBytes, end - line))
                    yield return new Piece(offset + line, [], buffer[line..Math.Min(end, line + FaultBytes)], fault);
                (start, inLong) = (line, found < 0);
                continue;
            }
            bool free = mayEnd is null || mayEnd(buffer.AsMemory(line, end - line), buffer.AsMemory(end, length - end));
            // One line in about sixteen ends a piece that is a quarter full.
            bool wants = end - start >= most || (end - start >= most / 4 && Sum(buffer.AsSpan(line, end - line)) % 16 == 0);
            if ((wants && free) || end - start >= 4 * most)
            {
                yield return new Piece(offset + start, [], buffer[start..end]);
                start = end;
            }
            line = end;
        }
        if (length > start)
            yield return new Piece(offset + start, [], buffer[start..length]);
        yield return new Piece(offset + length, [], []);
    }

    static uint Sum(ReadOnlySpan<byte> line)
    {
        uint h = 2166136261;
        foreach (byte b in line)
            h = (h ^ b) * 16777619;
        return h ^ (h >> 15);
    }
}
