using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Rhythm.Bytes;

/// <summary>What came of a state, in one number: a probability of 22 bits that moves by 1/(n + 1.5) of its error, and n in ten bits.</summary>
static class AdaptiveCell
{
    // Where n stops: the slowest rate.
    const uint Most = 255;

    // 65536/(n + 1.5).
    static readonly int[] s_rate = [.. Enumerable.Range(0, (int)Most + 1).Select(n => (int)(65536 / (n + 1.5)))];

    /// <summary>A cell that nothing has come of yet.</summary>
    /// <param name="probability">First guess, of 65536.</param>
    public static uint Fresh(int probability) => (uint)probability << 16;

    /// <summary>Probability of a one, of 65536.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Probability(uint cell) => (int)(cell >> 16);

    /// <summary>The rates that <see cref="Learn(ref uint, int, ref int)"/> takes, by count.</summary>
    public static ref int Rates => ref MemoryMarshal.GetArrayDataReference(s_rate);

    /// <summary>Moves a cell towards a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Learn(ref uint cell, int bit, ref int rates)
    {
        uint n = cell & 1023;
        int p = (int)(cell >> 10);
        p += (int)(((long)((bit << 22) - bit - p) * Unsafe.Add(ref rates, n)) >> 16);
        cell = (uint)p << 10 | Math.Min(n + 1, Most);
    }
}
