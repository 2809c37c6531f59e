using System.Numerics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>
/// A ring that bursts: β below 0 lets energy feed growth, γ ends it, and a slow reserve R is spent while the ring is loud
/// and recovers while it is silent (the elliptic burster: Izhikevich 2000). Four exact flows composed by Strang's halves:
/// reserve, growth and rotation, energy, shift along the ring.
/// </summary>
static class BurstFlow<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Longest step that keeps the energy bounded, in units of γ/β²; half of it is used, as an angle.</summary>
    const double Quickest = 2;

    /// <summary>How fast energy may change it, per unit of time; steps of half a radian of this stay bounded.</summary>
    public static double Rate(RingRhythm rhythm) => Quickest * rhythm.Beta * rhythm.Beta / rhythm.Quintic;

    /// <summary>Equal Strang steps.</summary>
    /// <param name="table">Of one step.</param>
    /// <param name="room">State, rewritten; with what the source leaves.</param>
    /// <param name="steps">How many.</param>
    /// <param name="step">Length of each.</param>
    /// <param name="rhythm">Of the ring.</param>
    /// <param name="reserve">R, rewritten.</param>
    public static void Steps(FlowTable<T> table, RingRoom<T> room, int steps, double step, RingRhythm rhythm, ref double reserve)
    {
        int front = FlowTable<T>.MostTaps;
        for (int i = 0; i < steps; i++)
        {
            Recover(room, rhythm, step / 2, ref reserve);
            Grow(table, room, reserve * step / 2);
            Bend(room, rhythm, step / 2);
            room.Real.CopyTo(room.BetweenReal, front);
            room.Imaginary.CopyTo(room.BetweenImaginary, front);
            RingFlow<T>.Wrap(table, room);
            RingFlow<T>.Shift(table, room, room.Real, room.Imaginary);
            Bend(room, rhythm, step / 2);
            Grow(table, room, reserve * step / 2);
            Recover(room, rhythm, step / 2, ref reserve);
        }
    }

    /// <summary>The reserve while the state stands still. A ring that is never disturbed stays silent however much it has: it keeps no more than β²/γ, four times what is enough.</summary>
    static void Recover(RingRoom<T> room, RingRhythm rhythm, double time, ref double reserve)
    {
        if (rhythm.Recovery == 0)
            return;
        double energy = 0, most = rhythm.Beta * rhythm.Beta / rhythm.Quintic;
        for (int j = 0; j < room.Count; j++)
            energy += double.CreateTruncating((room.Real[j] * room.Real[j]) + (room.Imaginary[j] * room.Imaginary[j]));
        reserve = Math.Clamp(reserve + (rhythm.Recovery * time * (rhythm.Rest - (energy / room.Count))), -most, most);
    }

    /// <summary>Rotation, and growth by μ and the reserve.</summary>
    static void Grow(FlowTable<T> table, RingRoom<T> room, double extra)
    {
        RingFlow<T>.Turn(table.Half, false, room.Real, room.Imaginary, room.Real, room.Imaginary);
        T growth = T.CreateTruncating(FixedMath.Exp(extra));
        for (int j = 0; j < room.Count; j++)
            (room.Real[j], room.Imaginary[j]) = (room.Real[j] * growth, room.Imaginary[j] * growth);
    }

    /// <summary>
    /// Energy s = |z|² alone, and the phase it costs. The quintic half, s/√(1 + 2γs²t), the cubic, s/(1 + 2βst), the quintic
    /// half again: each exact, and the first keeps the second from its pole.
    /// </summary>
    static void Bend(RingRoom<T> room, RingRhythm rhythm, double time)
    {
        double quintic = 2 * rhythm.Quintic * time, cubic = 2 * rhythm.Beta * time;
        for (int j = 0; j < room.Count; j++)
        {
            double x = double.CreateTruncating(room.Real[j]), y = double.CreateTruncating(room.Imaginary[j]), start = (x * x) + (y * y);
            double shrink = 1 / Math.Sqrt(1 + (quintic * start * start)), energy = start * shrink;
            // No step that the ring chooses comes near a quarter; a longer one is bounded.
            double factor = 1 / Math.Max(1 + (cubic * energy), 0.25);
            energy *= factor;
            shrink *= factor;
            factor = 1 / Math.Sqrt(1 + (quintic * energy * energy));
            (energy, shrink) = (energy * factor, Math.Sqrt(shrink * factor));
            (double sin, double cos) = rhythm.Delta == 0 ? (0, 1) : FixedMath.SinCos(-rhythm.Delta * time * (start + energy) / 2);
            (room.Real[j], room.Imaginary[j]) = (T.CreateTruncating(shrink * ((x * cos) - (y * sin))), T.CreateTruncating(shrink * ((x * sin) + (y * cos))));
        }
    }
}
