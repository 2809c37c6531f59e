using System.Runtime.CompilerServices;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// The phases of fast-damped rings as whole numbers: a turn is 2³². Each byte kicks a ring by the byte's own fixed phase
/// and the ring turns on; what lies further back than its span has died away. The phase is then Σ_(i&lt;span) Φ(c_(t−i))·m^i modulo a
/// turn: an address that all moments with the same last bytes share, and, but for chance, no others. (A rolling hash: said plainly.)
/// </summary>
static class PhaseCode
{
    // Odd multipliers: a turn of the ring between two bytes, and the phase of a byte.
    const uint Turn = 0x2F0B4C47, Kick = 0x9E3779B1;

    /// <summary>A byte's own phase: never 0, so that a run of zero bytes is heard.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(int value) => ((uint)value + 1) * Kick;

    /// <summary>A phase after one more kick.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Kicked(uint phase, int value) => (phase + Of(value)) * Turn;

    /// <summary>A phase that only this ring has: spread over all bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Address(uint phase, int ring)
    {
        uint x = phase + ((uint)ring * 0x85EBCA6B);
        x = (x ^ (x >> 15)) * 0x2C1B3C6D;
        x = (x ^ (x >> 12)) * 0x297A2D39;
        return x ^ (x >> 15);
    }
}
