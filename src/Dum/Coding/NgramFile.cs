using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
            (ReadOnlyMemory<ushort> positions, byte[] levels) = table.ListOf(c);
            to.Number(table.Keys[c] - before);
            to.Number(positions.Length);
            before = table.Keys[c];
            int last = -1;
            for (int i = 0; i < positions.Length; i++)
            {
                int position = positions.Span[i], step = position - last - 1;
                to.UInt16(levels[i] << 11 | Math.Min(step, Far));
                if (step >= Far)
                    to.UInt16(position);
                last = position;
            }
        }
    }

    /// <summary>
    /// Reads one table. Written over bare references because the default lexicon holds millions of words and every
    /// command starts with them: the end is checked before each read, the values after.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static NgramTable Read(ReadOnlySpan<byte> bytes, int entriesOfLexicon, string what)
    {
        var from = new ByteReader(bytes, what);
        int contexts = from.Count(4), entries = from.Count(2);
        var keys = new uint[contexts];
        var start = new int[contexts + 1];
        var position = new ushort[entries];
        var sum = new uint[entries + 1];
        ref byte data = ref MemoryMarshal.GetReference(bytes);
        ref ushort positions = ref MemoryMarshal.GetArrayDataReference(position);
        ref uint sums = ref MemoryMarshal.GetArrayDataReference(sum);
        ReadOnlySpan<uint> weights = NgramTable.Weights;
        int at = from.Position, n = 0;
        long key = -1;
        uint total = 0;
        for (int c = 0; c < contexts; c++)
        {
            long step = Number(bytes, ref at), length = Number(bytes, ref at);
            // Keys ascend from 0: the first step may be 0, no other.
            key += c == 0 ? step + 1 : step;
            if (step < (c == 0 ? 0 : 1) || key > uint.MaxValue || length < 1 || length > entries - n)
                throw from.Damaged();
            keys[c] = (uint)key;
            int last = -1;
            for (int end = n + (int)length; n < end; n++)
            {
                if (at > bytes.Length - 2)
                    throw from.Damaged();
                int word = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref data, at));
                at += 2;
                int here = last + 1 + (word & Far);
                if ((word & Far) == Far)
                {
                    if (at > bytes.Length - 2)
                        throw from.Damaged();
                    here = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref data, at));
                    at += 2;
                }
                if (here <= last || here >= entriesOfLexicon)
                    throw from.Damaged();
                Unsafe.Add(ref positions, n) = (ushort)here;
                total += weights[word >> 11];
                Unsafe.Add(ref sums, n + 1) = total;
                last = here;
            }
            start[c + 1] = n;
        }
        return n == entries && at == bytes.Length ? new NgramTable(keys, start, position, sum) : throw from.Damaged();
    }

    /// <summary>A LEB128 number below 2^35, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (int shift = 0; shift < 35 && at < bytes.Length; shift += 7)
        {
            byte b = bytes[at++];
            value |= (long)(b & 127) << shift;
            if (b < 128)
                return value;
        }
        return -1;
    }
}
