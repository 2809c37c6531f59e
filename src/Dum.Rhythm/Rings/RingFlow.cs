using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>The exactly solvable flows of one ring. Arrays are padded to whole vectors; what stands in the padding is never read by an oscillator.</summary>
static class RingFlow<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Local flow: rotation, growth, saturation, and the shift of frequency with energy.</summary>
    /// <param name="rotor">Over which time.</param>
    /// <param name="rhythm">Of the ring.</param>
    /// <param name="real">State, padded.</param>
    /// <param name="imaginary">State, padded.</param>
    /// <param name="toReal">Receives what becomes of it; may be the state itself.</param>
    /// <param name="toImaginary">Receives what becomes of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(Rotor<T> rotor, RingRhythm rhythm, Span<T> real, Span<T> imaginary, Span<T> toReal, Span<T> toImaginary)
    {
        if (rhythm.Delta != 0)
            Twist(rotor, rhythm, real, imaginary);
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        ref T er = ref MemoryMarshal.GetArrayDataReference(rotor.Real), ei = ref MemoryMarshal.GetArrayDataReference(rotor.Imaginary), g = ref MemoryMarshal.GetArrayDataReference(rotor.Saturation);
        ref T outRe = ref MemoryMarshal.GetReference(toReal), outIm = ref MemoryMarshal.GetReference(toImaginary);
        bool saturates = rhythm.Beta > 0;
        for (nuint j = 0; j < (nuint)real.Length; j += (nuint)Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref re, j), y = Vector256.LoadUnsafe(ref im, j), c = Vector256.LoadUnsafe(ref er, j), s = Vector256.LoadUnsafe(ref ei, j);
            Vector256<T> a = VectorMath.Fma(x, c, -(y * s)), b = VectorMath.Fma(x, s, y * c);
            if (saturates)
            {
                Vector256<T> root = Vector256.Sqrt(VectorMath.Fma(Vector256.LoadUnsafe(ref g, j), VectorMath.Fma(x, x, y * y), Vector256<T>.One));
                Vector256<T> shrink = Vector256<T>.One / root;
                a *= shrink;
                b *= shrink;
            }
            a.StoreUnsafe(ref outRe, j);
            b.StoreUnsafe(ref outIm, j);
        }
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

    /// <summary>What the constant drive and the held inputs leave after a step.</summary>
    /// <param name="table">Sources of the step.</param>
    /// <param name="inputs">Inputs held over the step; empty when no input drives the ring.</param>
    /// <param name="real">Receives the sum, padded.</param>
    /// <param name="imaginary">Receives the sum, padded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hold(StepTable<T> table, ReadOnlySpan<T> inputs, T[] real, T[] imaginary)
    {
        int padded = real.Length;
        table.BiasReal.CopyTo(real, 0);
        table.BiasImaginary.CopyTo(imaginary, 0);
        ref T re = ref MemoryMarshal.GetArrayDataReference(real), im = ref MemoryMarshal.GetArrayDataReference(imaginary);
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

    /// <summary>Shift along the ring and what the source leaves.</summary>
    /// <param name="table">Taps of the step.</param>
    /// <param name="heldReal">What the source leaves, from <see cref="Hold"/>.</param>
    /// <param name="heldImaginary">The same of the imaginary parts.</param>
    /// <param name="count">Oscillators of the ring.</param>
    /// <param name="fromReal">State from <see cref="StepTable{T}.MostTaps"/> on; the room before it is filled here.</param>
    /// <param name="fromImaginary">The same of the imaginary parts.</param>
    /// <param name="real">Receives the state, padded.</param>
    /// <param name="imaginary">Receives the state, padded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shift(StepTable<T> table, T[] heldReal, T[] heldImaginary, int count, Span<T> fromReal, Span<T> fromImaginary, Span<T> real, Span<T> imaginary)
    {
        const int Room = StepTable<T>.MostTaps;
        int taps = table.Taps, padded = real.Length;
        // In front of the ring stands its own end, as often as it goes round.
        for (int n = 1, at = count; n < taps; n++)
        {
            at = at == 0 ? count - 1 : at - 1;
            (fromReal[Room - n], fromImaginary[Room - n]) = (fromReal[Room + at], fromImaginary[Room + at]);
        }
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        ref T hr = ref MemoryMarshal.GetReference(fromReal), hi = ref MemoryMarshal.GetReference(fromImaginary);
        ref T tr = ref MemoryMarshal.GetArrayDataReference(table.TapReal), ti = ref MemoryMarshal.GetArrayDataReference(table.TapImaginary);
        ref T br = ref MemoryMarshal.GetArrayDataReference(heldReal), bi = ref MemoryMarshal.GetArrayDataReference(heldImaginary);
        for (int j = 0; j < padded; j += Vector256<T>.Count)
        {
            Vector256<T> a = Vector256.LoadUnsafe(ref br, (nuint)j), b = Vector256.LoadUnsafe(ref bi, (nuint)j);
            Vector256<T> first = Vector256.Create(tr);
            a = VectorMath.Fma(first, Vector256.LoadUnsafe(ref hr, (nuint)(j + Room)), a);
            b = VectorMath.Fma(first, Vector256.LoadUnsafe(ref hi, (nuint)(j + Room)), b);
            for (int n = 1; n < taps; n++)
            {
                Vector256<T> x = Vector256.LoadUnsafe(ref hr, (nuint)(j + Room - n)), y = Vector256.LoadUnsafe(ref hi, (nuint)(j + Room - n)), c = Vector256.Create(Unsafe.Add(ref tr, n));
                a = VectorMath.Fma(c, x, a);
                b = VectorMath.Fma(c, y, b);
                if (!table.Straight)
                {
                    Vector256<T> s = Vector256.Create(Unsafe.Add(ref ti, n));
                    a = VectorMath.Fma(-s, y, a);
                    b = VectorMath.Fma(s, x, b);
                }
            }
            a.StoreUnsafe(ref re, (nuint)j);
            b.StoreUnsafe(ref im, (nuint)j);
        }
    }

    /// <summary>A ring without saturation and shift: one complex multiplication and what the source leaves, exact for any step.</summary>
    /// <param name="table">The whole rotor of the step.</param>
    /// <param name="heldReal">What the source leaves, from <see cref="Hold"/>.</param>
    /// <param name="heldImaginary">The same of the imaginary parts.</param>
    /// <param name="real">State, padded; rewritten.</param>
    /// <param name="imaginary">State, padded; rewritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve(StepTable<T> table, T[] heldReal, T[] heldImaginary, Span<T> real, Span<T> imaginary)
    {
        int padded = real.Length;
        ref T re = ref MemoryMarshal.GetReference(real), im = ref MemoryMarshal.GetReference(imaginary);
        ref T er = ref MemoryMarshal.GetArrayDataReference(table.Whole.Real), ei = ref MemoryMarshal.GetArrayDataReference(table.Whole.Imaginary);
        ref T br = ref MemoryMarshal.GetArrayDataReference(heldReal), bi = ref MemoryMarshal.GetArrayDataReference(heldImaginary);
        for (int j = 0; j < padded; j += Vector256<T>.Count)
        {
            Vector256<T> x = Vector256.LoadUnsafe(ref re, (nuint)j), y = Vector256.LoadUnsafe(ref im, (nuint)j), c = Vector256.LoadUnsafe(ref er, (nuint)j), s = Vector256.LoadUnsafe(ref ei, (nuint)j);
            Vector256<T> a = VectorMath.Fma(x, c, VectorMath.Fma(-y, s, Vector256.LoadUnsafe(ref br, (nuint)j)));
            Vector256<T> b = VectorMath.Fma(x, s, VectorMath.Fma(y, c, Vector256.LoadUnsafe(ref bi, (nuint)j)));
            a.StoreUnsafe(ref re, (nuint)j);
            b.StoreUnsafe(ref im, (nuint)j);
        }
    }
}
