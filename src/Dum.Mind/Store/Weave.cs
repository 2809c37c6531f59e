using System.Text;
using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>
/// A piece without the words that its turns keep anyway: stretches of bytes, and between them the number of a turn and how its words are
/// written there. Put together again with the turns it is the piece to the byte; the hash of the piece proves it whenever it is read.
/// </summary>
static class Weave
{
    /// <summary>Shorter words stay where they are.</summary>
    const int LeastBytes = 24;

    const int Ways = 4;

    readonly record struct Hole(int At, int Bytes, int Turn, int Way);

    /// <summary>The piece without the words of its turns; null where nothing is gained.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="turns">What was read from them; each is looked for in its own place.</param>
    public static byte[]? Of(ReadOnlySpan<byte> piece, IReadOnlyList<Turn> turns)
    {
        var holes = new List<Hole>();
        int usual = 0;
        for (int i = 0; i < turns.Count; i++)
        {
            Turn turn = turns[i];
            if (turn.Text.Length < LeastBytes || turn.At < 0 || turn.Bytes > piece.Length - turn.At)
                continue;
            byte[] words = Encoding.UTF8.GetBytes(turn.Text);
            for (int k = 0; k < Ways; k++)
            {
                int way = (usual + k) % Ways;
                byte[] written = Write(words, way);
                int found = piece.Slice(turn.At, turn.Bytes).IndexOf(written);
                if (found < 0)
                    continue;
                holes.Add(new Hole(turn.At + found, written.Length, i, way));
                usual = way;
                break;
            }
        }
        if (holes.Count == 0)
            return null;
        // branches are read in another order than they stand
        holes.Sort((a, b) => a.At.CompareTo(b.At));
        var woven = new List<byte>(piece.Length / 2);
        int done = 0;
        foreach (Hole hole in holes)
        {
            if (hole.At < done)
                continue;
            Varint.Write(woven, (ulong)(hole.At - done));
            woven.AddRange(piece[done..hole.At]);
            Varint.Write(woven, (ulong)hole.Turn * Ways + (ulong)hole.Way);
            done = hole.At + hole.Bytes;
        }
        Varint.Write(woven, (ulong)(piece.Length - done));
        woven.AddRange(piece[done..]);
        return [.. woven];
    }

    /// <summary>The piece again. Its hash has to be compared: other turns give other bytes.</summary>
    /// <exception cref="DumException">The woven bytes are damaged, or there are too few turns.</exception>
    public static byte[] Restore(ReadOnlySpan<byte> woven, IReadOnlyList<Turn> turns)
    {
        using var piece = new MemoryStream(2 * woven.Length);
        for (int at = 0; ;)
        {
            ulong length = Varint.Read(woven, ref at);
            if (length > (ulong)(woven.Length - at))
                throw Damaged();
            piece.Write(woven.Slice(at, (int)length));
            at += (int)length;
            if (at == woven.Length)
                return piece.ToArray();
            ulong hole = Varint.Read(woven, ref at);
            if (hole / Ways >= (ulong)turns.Count)
                throw Damaged();
            piece.Write(Write(Encoding.UTF8.GetBytes(turns[(int)(hole / Ways)].Text), (int)(hole % Ways)));
        }
    }

    /// <summary>Words as they are (0), or inside a string of JSON: as JavaScript writes it (1), with ASCII alone as Python does (2), or as .NET does (3).</summary>
    static byte[] Write(byte[] words, int way)
    {
        if (way == 0)
            return words;
        var to = new List<byte>(words.Length + words.Length / 8);
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < words.Length;)
        {
            byte b = words[i];
            if (b < 0x80)
            {
                Ascii(to, b, way);
                i++;
                continue;
            }
            Rune.DecodeFromUtf8(words.AsSpan(i), out Rune rune, out int n);
            if (way == 1)
                to.AddRange(words.AsSpan(i, n));
            else
                foreach (char unit in units[..rune.EncodeToUtf16(units)])
                    Escape(to, unit, way);
            i += n;
        }
        return [.. to];
    }

    static void Ascii(List<byte> to, byte b, int way)
    {
        ReadOnlySpan<byte> plain = "\b\t\n\f\r\\\""u8, letters = "btnfr\\\""u8;
        int at = plain.IndexOf(b);
        if (at >= 0 && !(way == 3 && b == (byte)'"'))
        {
            to.Add((byte)'\\');
            to.Add(letters[at]);
        }
        else if (b < 0x20 || (way == 3 && (b == 0x7F || "\"&'+<>`"u8.Contains(b))))
            Escape(to, (char)b, way);
        else
            to.Add(b);
    }

    static void Escape(List<byte> to, char unit, int way)
    {
        ReadOnlySpan<byte> digits = way == 3 ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        to.AddRange((ReadOnlySpan<byte>)[(byte)'\\', (byte)'u', digits[unit >> 12], digits[(unit >> 8) & 15], digits[(unit >> 4) & 15], digits[unit & 15]]);
    }

    static DumException Damaged() => Damage.Of("an original is damaged", "подлинник повреждён");
}
