using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Contour memory of all rings: slots found by phase, each one line of the processor's cache. A slot holds, for one nibble after one
/// context, a check of the phase and fifteen cells, the nodes of the four decisions: a probability of 16 bits, a count of 8 by which it moves by
/// 1/(n + 1.5) of its error, and a <see cref="BitHistory"/>. Memory is fixed: of two slots the less met makes room.
/// </summary>
sealed class ContourCells
{
    /// <summary>Numbers of a slot: its check and fifteen cells.</summary>
    public const int Slot = 16;

    // Half of 65536/(n + 1.5): the move of a probability by its count.
    static readonly int[] s_rate = [.. Enumerable.Range(0, 256).Select(n => (int)(32768 / (n + 1.5)))];

    readonly uint[] _cells;
    readonly int _start, _shift, _ring;

    /// <param name="rings">How many share the memory, in equal parts.</param>
    /// <param name="bits">Cells of a ring, as a power of two, from 10.</param>
    public ContourCells(int rings, int bits)
    {
        (_ring, _shift) = (1 << bits, 32 - (bits - 4));
        // Pinned, so that slots can begin where lines of the cache begin. Untouched memory stays zero: nothing has come there yet.
        _cells = GC.AllocateArray<uint>((rings << bits) + Slot, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_cells, 0) & 63) / sizeof(uint);
    }

    /// <summary>The first of all numbers.</summary>
    public ref uint First => ref _cells[_start];

    /// <summary>Where the slot of a phase begins, or its neighbour if that is where it stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Place(int ring, uint address) => (ring * _ring) + ((int)(address >> _shift) * Slot);

    /// <summary>The place for the low nibble: near that of the high one, mostly in the same page of memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LowPlace(int place, int nibble) => place ^ ((nibble + 1) * 2 * Slot);

    /// <summary>Fetches a place without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Touch(int place) => Volatile.Read(ref Unsafe.Add(ref First, place));

    /// <summary>The slot of a phase; taken over from the less met of two neighbours where it is new.</summary>
    /// <param name="place">From <see cref="Place"/> or <see cref="LowPlace"/>.</param>
    /// <param name="check">Tells the phase from others of that place.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int place, uint check)
    {
        ref uint cells = ref First;
        if (Unsafe.Add(ref cells, place) == check)
            return place;
        int other = place ^ Slot;
        if (Unsafe.Add(ref cells, other) == check)
            return other;
        int worst = (Unsafe.Add(ref cells, place + 1) >> 8 & 255) <= (Unsafe.Add(ref cells, other + 1) >> 8 & 255) ? place : other;
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref cells, worst), Slot).Clear();
        Unsafe.Add(ref cells, worst) = check;
        return worst;
    }

    /// <summary>A cell's probability of a one, of 65536; a half where nothing came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Probability(uint cell) => (int)(cell >> 16) ^ 0x8000;

    /// <summary>How many bits moved a cell, up to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(uint cell) => (int)(cell >> 8 & 255);

    /// <summary>A cell after a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Learned(uint cell, int bit, ref int rates, ref byte next)
    {
        uint n = cell >> 8 & 255;
        int p = Probability(cell);
        p += ((((bit << 16) - bit - p) * Unsafe.Add(ref rates, n)) + (1 << 14)) >> 15;
        return (uint)(p ^ 0x8000) << 16 | Math.Min(n + 1, 255) << 8 | Unsafe.Add(ref next, ((cell & 255) * 2) + (uint)bit);
    }

    /// <summary>The rates that <see cref="Learned"/> takes, by count.</summary>
    public static ref int Rates => ref MemoryMarshal.GetArrayDataReference(s_rate);
}
