using System.Runtime.CompilerServices;

namespace Dum.Coding;

/// <summary>
/// The stored form of an <see cref="NgramTable"/>: contexts by ascending key (as differences), and per successor one
/// 16-bit word of weight level (5 bits) and distance to the one before (11 bits; 2047 = the position follows in full).
/// </summary>
static class NgramFile
{
    const int Far = 2047;

    public static void Write(NgramTable table, ByteWriter to)
    {
        to.Number(table.Contexts);
        to.Number(table.Entries);
        uint before = 0;
        for (int c = 0; c < table.Contexts; c++)
        {
            (ReadOnlyMemory<ushort> positions, ReadOnlyMemory<byte> levels) = table.ListOf(c);
            to.Number(table.Keys[c] - before);
            to.Number(positions.Length);
            before = table.Keys[c];
            int last = -1;
            for (int i = 0; i < positions.Length; i++)
            {
                int position = positions.Span[i], step = position - last - 1;
                to.UInt16(levels.Span[i] << 11 | Math.Min(step, Far));
                if (step >= Far)
                    to.UInt16(position);
                last = position;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static NgramTable Read(ReadOnlySpan<byte> bytes, int entriesOfLexicon, string what)
    {
        var from = new ByteReader(bytes, what);
        int contexts = from.Count(4), entries = from.Count(2);
        var keys = new uint[contexts];
        var start = new int[contexts + 1];
        var position = new ushort[entries];
        var level = new byte[entries];
        long key = 0;
        int n = 0;
        for (int c = 0; c < contexts; c++)
        {
            long step = from.Number(uint.MaxValue);
            key += step;
            int length = (int)from.Number(entries - n);
            if ((c > 0 && step == 0) || key > uint.MaxValue || length == 0)
                throw from.Damaged();
            keys[c] = (uint)key;
            int last = -1;
            for (int end = n + length; n < end; n++)
            {
                int word = from.UInt16(), far = word & Far;
                int at = far == Far ? from.UInt16() : last + 1 + far;
                if (at <= last || at >= entriesOfLexicon)
                    throw from.Damaged();
                (position[n], level[n]) = ((ushort)at, (byte)(word >> 11));
                last = at;
            }
            start[c + 1] = n;
        }
        if (n != entries)
            throw from.Damaged();
        return new NgramTable(keys, start, position, level);
    }
}
