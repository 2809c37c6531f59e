namespace Dum.Mind.Search;

/// <summary>Where a term occurs in a segment: slots in rising order, each with a count. One byte for most.</summary>
sealed class Postings
{
    byte[] _bytes = new byte[8];
    int _length, _last = -1;

    /// <summary>How many slots.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <param name="slot">Higher than the last.</param>
    /// <param name="count">At least 1.</param>
    public void Add(int slot, int count)
    {
        if (_bytes.Length - _length < 16)
            Array.Resize(ref _bytes, _bytes.Length * 2 + 8);
        Put((uint)(slot - _last - 1) << 1 | (count > 1 ? 1u : 0));
        if (count > 1)
            Put((uint)count);
        (_last, Count) = (slot, Count + 1);
    }

    void Put(uint value)
    {
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    /// <summary>Appends what <paramref name="bytes"/> hold to the two lists; slots are raised by <paramref name="first"/>.</summary>
    /// <exception cref="DumException">The bytes are damaged.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int first, int slots, ref int[] where, ref float[] counts, ref int n)
    {
        int at = 0, slot = -1;
        while (at < bytes.Length)
        {
            ulong head = bytes[at] < 0x80 ? bytes[at++] : Varint.Read(bytes, ref at);
            ulong step = head >> 1;
            float count = (head & 1) == 0 ? 1 : Varint.Read(bytes, ref at);
            if (step >= (ulong)(slots - slot - 1))
                throw Damage.OfIndex();
            slot += (int)step + 1;
            if (n == where.Length)
            {
                Array.Resize(ref where, n * 2);
                Array.Resize(ref counts, n * 2);
            }
            (where[n], counts[n]) = (first + slot, count);
            n++;
        }
    }
}
