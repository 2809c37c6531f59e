using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>The exactly solvable flows of one ring, or of rings side by side, and Strang's composition of them.</summary>
static class RingFlow<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Equal Strang steps, halves between them merged.</summary>
    /// <param name="table">Of one step.</param>
    /// <param name="room">State, rewritten; with what the source leaves from <see cref="Hold"/>.</param>
    /// <param name="steps">How many.</param>
    /// <param name="rhythm">Of a ring on its own, for the shift of frequency with energy; null for rings side by side, which have none.</param>
    public static void Steps(FlowTable<T> table, RingRoom<T> room, int steps, RingRhythm? rhythm)
    {
        int front = FlowTable<T>.MostTaps * room.Stride;
        bool twists = rhythm is { Delta: not 0 };
        if (twists)
            Twist(table.Half, rhythm!, room.Real, room.Imaginary);
        Turn(table.Half, table.Saturates, room.Real, room.Imaginary, room.BetweenReal.AsSpan(front), room.BetweenImaginary.AsSpan(front));
        for (int i = 0; i < steps; i++)
        {
            bool last = i == steps - 1;
            Rotor<T> rotor = last ? table.Half : table.Whole;
            Span<T> real = last ? room.Real : room.NextReal.AsSpan(front), imaginary = last ? room.Imaginary : room.NextImaginary.AsSpan(front);
            Wrap(table, room);
            if (twists)
            {
                Shift(table, room, real, imaginary);
                Twist(rotor, rhythm!, real, imaginary);
                Turn(rotor, table.Saturates, real, imaginary, real, imaginary);
            }
            else
                ShiftAndTurn(table, room, rotor, real, imaginary);
            if (!last)
                room.Swap();
        }
    }

    /// <summary>What the constant drive and the held inputs leave after a step.</summary>
    /// <param name="table">Sources of the step.</param>
    /// <param name="inputs">Inputs held over the step; empty when no input drives the ring.</param>
    /// <param name="room">Receives the sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hold(FlowTable<T> table, ReadOnlySpan<T> inputs, RingRoom<T> room)
    {
        int padded = room.HeldReal.Length;
        table.BiasReal.CopyTo(room.HeldReal, 0);
        table.BiasImaginary.CopyTo(room.HeldImaginary, 0);
        ref T re = ref MemoryMarshal.GetArrayDataReference(room.HeldReal), im = ref MemoryMarshal.GetArrayDataReference(room.HeldImaginary);
        ref T sr = ref MemoryMarshal.GetArrayDataReference(table.SourceReal), si = ref MemoryMarshal.GetArrayDataReference(table.SourceImaginary);
        for (int i = 0; i < inputs.Length; i++)
        {
            Vector256<T> u = Vector256.Create(inputs[i]);
            for (int j = 0; j < padded; j += Vector256<T>.Count)
            {
                VectorMath.Fma(u, Vector256.LoadUnsafe(ref sr, (nuint)((i * padded) + j)), Vector256.LoadUnsafe(ref re, (nuint)j)).StoreUnsafe(ref re, (nuint)j);
                VectorMath.Fma(u, Vector256.LoadUnsafe(ref si, (nuint)((i * padded) + j)), Vector256.LoadUnsafe(ref im, (nuint)j)).StoreUnsafe(ref im, (nuint)j);
            }
        }
    }

    /// <summary>A ring without saturation and shift: one complex multiplication and what the source leaves, exact for any step.</summary>
    /// <param name="table">The whole rotor of the step.</param>
    /// <param name="room">State, rewritten; with what the source leaves from <see cref="Hold"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve(FlowTable<T> table, RingRoom<T> room)
    {
        ref T re = ref MemoryMarshal.GetArrayDataReference(room.Real), im = ref MemoryMarshal.GetArrayDataReference(room.Imaginary);
        ref T er = ref MemoryMarshal.GetArrayDataReference(table.Whole.Real), ei = ref MemoryMarshal.GetArrayDataReference(table.Whole.Imaginary);
        ref T br = ref MemoryMarshal.GetArrayDataReference(room.HeldReal), bi = ref MemoryMarshal.GetArrayDataReference(room.HeldImaginary);
        for (int j = 0; j < room.Real.Length; j += Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref re, (nuint)j), y = Vector256.LoadUnsafe(ref im, (nuint)j), c = Vector256.LoadUnsafe(ref er, (nuint)j), s = Vector256.LoadUnsafe(ref ei, (nuint)j);
            Vector256<T> a = VectorMath.Fma(x, c, VectorMath.Fma(-y, s, Vector256.LoadUnsafe(ref br, (nuint)j)));
            Vector256<T> b = VectorMath.Fma(x, s, VectorMath.Fma(y, c, Vector256.LoadUnsafe(ref bi, (nuint)j)));
            a.StoreUnsafe(ref re, (nuint)j);
            b.StoreUnsafe(ref im, (nuint)j);
        }
    }

    /// <summary>Local flow: rotation, growth and saturation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Turn(Rotor<T> rotor, bool saturates, Span<T> real, Span<T> imaginary, Span<T> toReal, Span<T> toImaginary)
    {
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        ref T er = ref MemoryMarshal.GetArrayDataReference(rotor.Real), ei = ref MemoryMarshal.GetArrayDataReference(rotor.Imaginary), g = ref MemoryMarshal.GetArrayDataReference(rotor.Saturation);
        ref T outRe = ref MemoryMarshal.GetReference(toReal), outIm = ref MemoryMarshal.GetReference(toImaginary);
        for (nuint j = 0; j < (nuint)real.Length; j += (nuint)Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref re, j), y = Vector256.LoadUnsafe(ref im, j);
            Turn(ref x, ref y, Vector256.LoadUnsafe(ref er, j), Vector256.LoadUnsafe(ref ei, j), Vector256.LoadUnsafe(ref g, j), saturates);
            x.StoreUnsafe(ref outRe, j);
            y.StoreUnsafe(ref outIm, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Turn(ref Vector256<T> x, ref Vector256<T> y, Vector256<T> c, Vector256<T> s, Vector256<T> g, bool saturates)
    {
        Vector256<T> a = VectorMath.Fma(x, c, -(y * s)), b = VectorMath.Fma(x, s, y * c);
        if (saturates)
        {
            Vector256<T> shrink = Vector256<T>.One / Vector256.Sqrt(VectorMath.Fma(g, VectorMath.Fma(x, x, y * y), Vector256<T>.One));
            a *= shrink;
            b *= shrink;
        }
        (x, y) = (a, b);
    }

    /// <summary>The phase −δ·∫|z|², before the modulus changes: −δ/(2β)·log(1 + β·g·|z|²), or −δ·g/2·|z|² without saturation.</summary>
    static void Twist(Rotor<T> rotor, RingRhythm rhythm, Span<T> real, Span<T> imaginary)
    {
        for (int j = 0; j < rhythm.Omega.Length; j++)
        {
            double x = double.CreateTruncating(real[j]), y = double.CreateTruncating(imaginary[j]), energy = (x * x) + (y * y);
            double saturated = double.CreateTruncating(rotor.Saturation[j]) * energy;
            double angle = rhythm.Beta == 0 || Math.Abs(saturated) < 1e-9 ? -rotor.Twist[j] * energy : -rhythm.Delta / (2 * rhythm.Beta) * FixedMath.Log(1 + saturated);
            (double sin, double cos) = FixedMath.SinCos(angle);
            (real[j], imaginary[j]) = (T.CreateTruncating((x * cos) - (y * sin)), T.CreateTruncating((x * sin) + (y * cos)));
        }
    }

    /// <summary>In front of a ring stands its own end, as often as it goes round.</summary>
    internal static void Wrap(FlowTable<T> table, RingRoom<T> room)
    {
        Wrap(room.BetweenReal, room.Count, room.Stride, table.Taps);
        Wrap(room.BetweenImaginary, room.Count, room.Stride, table.Taps);
    }

    static void Wrap(T[] state, int count, int stride, int taps)
    {
        const int Room = FlowTable<T>.MostTaps;
        ref T first = ref MemoryMarshal.GetArrayDataReference(state);
        for (int n = 1, at = count; n < taps; n++)
        {
            at = at == 0 ? count - 1 : at - 1;
            if (stride == 1)
                state[Room - n] = state[Room + at];
            else
                Vector256.LoadUnsafe(ref first, (nuint)((Room + at) * stride)).StoreUnsafe(ref first, (nuint)((Room - n) * stride));
        }
    }

    /// <summary>Shift along the ring and what the source leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Shift(FlowTable<T> table, RingRoom<T> room, Span<T> real, Span<T> imaginary)
    {
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        var shift = new ShiftRow(table, room);
        for (nuint j = 0; j < (nuint)real.Length; j += (nuint)Vector256<T>.Count)
        {
            shift.At(j, out Vector256<T> x, out Vector256<T> y);
            x.StoreUnsafe(ref re, j);
            y.StoreUnsafe(ref im, j);
        }
    }

    /// <summary>The shift and the local flow after it in one pass: while one row waits for its root, the next is summed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ShiftAndTurn(FlowTable<T> table, RingRoom<T> room, Rotor<T> rotor, Span<T> real, Span<T> imaginary)
    {
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        ref T er = ref MemoryMarshal.GetArrayDataReference(rotor.Real), ei = ref MemoryMarshal.GetArrayDataReference(rotor.Imaginary), g = ref MemoryMarshal.GetArrayDataReference(rotor.Saturation);
        var shift = new ShiftRow(table, room);
        bool saturates = table.Saturates;
        nuint j = 0, lanes = (nuint)Vector256<T>.Count, end = (nuint)room.Real.Length;
        for (; j + lanes < end; j += 2 * lanes)
        {
            nuint k = j + lanes;
            shift.At(j, out Vector256<T> x, out Vector256<T> y, out Vector256<T> v, out Vector256<T> w);
            Turn(ref x, ref y, Vector256.LoadUnsafe(ref er, j), Vector256.LoadUnsafe(ref ei, j), Vector256.LoadUnsafe(ref g, j), saturates);
            Turn(ref v, ref w, Vector256.LoadUnsafe(ref er, k), Vector256.LoadUnsafe(ref ei, k), Vector256.LoadUnsafe(ref g, k), saturates);
            x.StoreUnsafe(ref re, j);
            y.StoreUnsafe(ref im, j);
            v.StoreUnsafe(ref re, k);
            w.StoreUnsafe(ref im, k);
        }
        if (j < end)
        {
            shift.At(j, out Vector256<T> x, out Vector256<T> y);
            Turn(ref x, ref y, Vector256.LoadUnsafe(ref er, j), Vector256.LoadUnsafe(ref ei, j), Vector256.LoadUnsafe(ref g, j), saturates);
            x.StoreUnsafe(ref re, j);
            y.StoreUnsafe(ref im, j);
        }
    }

    /// <summary>The shift of one vector of oscillators.</summary>
    readonly ref struct ShiftRow(FlowTable<T> table, RingRoom<T> room)
    {
        readonly ref T _real = ref MemoryMarshal.GetArrayDataReference(room.BetweenReal), _imaginary = ref MemoryMarshal.GetArrayDataReference(room.BetweenImaginary);
        readonly ref T _tapReal = ref MemoryMarshal.GetReference(table.TapsReal(0)), _tapImaginary = ref MemoryMarshal.GetReference(table.TapsImaginary(0));
        readonly ref T _heldReal = ref MemoryMarshal.GetArrayDataReference(room.HeldReal), _heldImaginary = ref MemoryMarshal.GetArrayDataReference(room.HeldImaginary);
        readonly nuint _stride = (nuint)room.Stride, _end = (nuint)(table.Taps * Vector256<T>.Count);
        readonly bool _straight = table.Straight;

        /// <summary>Two vectors at once: where taps are real, they share the loads of the taps.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(nuint j, out Vector256<T> a, out Vector256<T> b, out Vector256<T> c, out Vector256<T> d)
        {
            nuint k = j + (nuint)Vector256<T>.Count;
            if (!_straight)
            {
                At(j, out a, out b);
                At(k, out c, out d);
                return;
            }
            (a, b) = (Vector256.LoadUnsafe(ref _heldReal, j), Vector256.LoadUnsafe(ref _heldImaginary, j));
            (c, d) = (Vector256.LoadUnsafe(ref _heldReal, k), Vector256.LoadUnsafe(ref _heldImaginary, k));
            nuint at = j + (FlowTable<T>.MostTaps * _stride);
            for (nuint n = 0; n < _end; n += (nuint)Vector256<T>.Count, at -= _stride)
            {
                Vector256<T> tap = Vector256.LoadUnsafe(ref _tapReal, n);
                a = VectorMath.Fma(tap, Vector256.LoadUnsafe(ref _real, at), a);
                b = VectorMath.Fma(tap, Vector256.LoadUnsafe(ref _imaginary, at), b);
                c = VectorMath.Fma(tap, Vector256.LoadUnsafe(ref _real, at + (nuint)Vector256<T>.Count), c);
                d = VectorMath.Fma(tap, Vector256.LoadUnsafe(ref _imaginary, at + (nuint)Vector256<T>.Count), d);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(nuint j, out Vector256<T> a, out Vector256<T> b)
        {
            (a, b) = (Vector256.LoadUnsafe(ref _heldReal, j), Vector256.LoadUnsafe(ref _heldImaginary, j));
            nuint at = j + (FlowTable<T>.MostTaps * _stride);
            if (_straight)
                for (nuint n = 0; n < _end; n += (nuint)Vector256<T>.Count, at -= _stride)
                {
                    Vector256<T> c = Vector256.LoadUnsafe(ref _tapReal, n);
                    a = VectorMath.Fma(c, Vector256.LoadUnsafe(ref _real, at), a);
                    b = VectorMath.Fma(c, Vector256.LoadUnsafe(ref _imaginary, at), b);
                }
            else
                for (nuint n = 0; n < _end; n += (nuint)Vector256<T>.Count, at -= _stride)
                {
                    Vector256<T> x = Vector256.LoadUnsafe(ref _real, at), y = Vector256.LoadUnsafe(ref _imaginary, at), c = Vector256.LoadUnsafe(ref _tapReal, n), s = Vector256.LoadUnsafe(ref _tapImaginary, n);
                    a = VectorMath.Fma(-s, y, VectorMath.Fma(c, x, a));
                    b = VectorMath.Fma(s, x, VectorMath.Fma(c, y, b));
                }
        }
    }
}
