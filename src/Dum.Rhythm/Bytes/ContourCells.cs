using System.Runtime.CompilerServices;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Contour memory of one ring: slots found by phase, sixteen numbers each. A slot holds, for one nibble after one context,
/// fifteen cells (the nodes of the four decisions): a probability of 22 bits, the last two bits that came, and a count of 8,
/// which moves the probability by 1/(n + 1.5) of the error; and in its first number a check of the phase. Memory is fixed: what was least sure makes room.
/// </summary>
sealed class ContourCells
{
    public const int SlotSize = 16;
    const int Ways = 4;

    /// <summary>Where a count stops: the mask of its bits.</summary>
    public const uint MostCount = 255;

    // Moves of a cell by its count: 65536/(n + 1.5).
    static readonly int[] s_rate = [.. Enumerable.Range(0, 256).Select(n => (int)(65536 / (n + 1.5)))];

    readonly uint[] _cells;
    readonly int _shift;

    /// <param name="bits">Cells, as a power of two.</param>
    public ContourCells(int bits)
    {
        _cells = new uint[1 << bits];
        _shift = 32 - (bits - 4);
        Clear();
    }

    public uint[] Cells => _cells;

    public void Clear() => Array.Fill(_cells, 1u << 31);

    /// <summary>The slot of a phase; taken over from the least sure of four neighbours where it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint address)
    {
        // The check keeps the low bits, the place comes from the high ones.
        uint check = (address & 0xFFFF) | 0x10000;
        int place = (int)(address >> _shift) * SlotSize, worst = 0;
        uint least = uint.MaxValue;
        for (int way = 0; way < Ways; way++)
        {
            int at = place ^ (way * SlotSize);
            if ((_cells[at] & 0x1FFFF) == check)
                return at;
            uint sure = (_cells[at] & 0x10000) == 0 ? 0 : 1 + (_cells[at + 1] & MostCount);
            if (sure < least)
                (least, worst) = (sure, at);
        }
        Array.Fill(_cells, 1u << 31, worst, SlotSize);
        _cells[worst] = check;
        return worst;
    }

    /// <summary>Moves a cell towards a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Learn(ref uint cell, int bit)
    {
        uint n = cell & MostCount, last = (cell >> 7 & 2) | (uint)bit;
        int p = (int)(cell >> 10), target = bit << 22;
        p += (int)(((long)(target - p) * s_rate[n]) >> 16);
        cell = (uint)Math.Clamp(p, 0, (1 << 22) - 1) << 10 | last << 8 | Math.Min(n + 1, MostCount);
    }
}
