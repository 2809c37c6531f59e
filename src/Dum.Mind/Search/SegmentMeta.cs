namespace Dum.Mind.Search;

/// <summary>An episode as the index knows it: turns that follow one another in one conversation.</summary>
/// <param name="Turn">The number of its first turn in the store.</param>
/// <param name="Turns">How many turns.</param>
/// <param name="Minute">When it began, in minutes since 1970; 0 when not known.</param>
readonly record struct IndexedEpisode(long Turn, int Turns, long Minute);

/// <summary>What a segment knows of its turns apart from their words: episodes in order, and a length for every slot.</summary>
sealed class SegmentMeta
{
    public List<IndexedEpisode> Episodes { get; } = [];

    /// <summary>Terms of every slot, quantised by <see cref="Quantise"/>.</summary>
    public List<byte> Lengths { get; } = [];

    public int Slots => Lengths.Count;

    /// <summary>Terms that were counted, before quantising.</summary>
    public long Terms { get; set; }

    public byte[] ToBytes()
    {
        var to = new List<byte>(Lengths.Count + Episodes.Count * 6 + 16);
        Varint.Write(to, (ulong)Terms);
        Varint.Write(to, (ulong)Episodes.Count);
        long turn = 0, minute = 0;
        foreach (IndexedEpisode e in Episodes)
        {
            Varint.Write(to, Zigzag(e.Turn - turn));
            Varint.Write(to, (ulong)e.Turns);
            Varint.Write(to, Zigzag(e.Minute - minute));
            (turn, minute) = (e.Turn + e.Turns, e.Minute);
        }
        to.AddRange(Lengths);
        return [.. to];
    }

    /// <exception cref="DumException">The bytes are damaged.</exception>
    public static SegmentMeta FromBytes(ReadOnlySpan<byte> from)
    {
        var meta = new SegmentMeta();
        int at = 0;
        meta.Terms = (long)Varint.Read(from, ref at);
        ulong episodes = Varint.Read(from, ref at), slots = 0;
        long turn = 0, minute = 0;
        for (ulong i = 0; i < episodes; i++)
        {
            turn += Unzigzag(Varint.Read(from, ref at));
            ulong turns = Varint.Read(from, ref at);
            minute += Unzigzag(Varint.Read(from, ref at));
            slots += turns;
            if (turns > (ulong)from.Length)
                break;
            meta.Episodes.Add(new IndexedEpisode(turn, (int)turns, minute));
            turn += (long)turns;
        }
        if (slots != (ulong)(from.Length - at))
            throw Damage.OfIndex();
        meta.Lengths.AddRange(from[at..]);
        return meta;
    }

    /// <summary>Exact up to 32, then in steps of an eighth of an octave; 255 stands for about 2^31.</summary>
    public static byte Quantise(int terms)
    {
        if (terms <= 32)
            return (byte)terms;
        return (byte)Math.Min(255, 32 + (int)Math.Round(8 * Math.Log2(terms / 32.0)));
    }

    /// <summary>How many terms a length stands for.</summary>
    public static float Terms8(byte length) => length <= 32 ? length : 32 * MathF.Pow(2, (length - 32) / 8f);

    static ulong Zigzag(long v) => (ulong)(v << 1) ^ (ulong)(v >> 63);

    static long Unzigzag(ulong v) => (long)(v >> 1) ^ -(long)(v & 1);
}
