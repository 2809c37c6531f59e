using System.Runtime.CompilerServices;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Nist;

/// <summary>2.6 of SP 800-22: peaks of the discrete Fourier transform of the bits as ±1. Keeps the plan of its last length.</summary>
sealed class Spectral
{
    /// <summary>−log 0.05: a twentieth of the peaks of random bits is higher than the root of n times this.</summary>
    const double Threshold = 2.995732273553991;

    Fft? _fft;
    double[] _re = [], _im = [], _cos = [], _sin = [];

    /// <summary>The probability of as many peaks below the threshold, or an even less likely number.</summary>
    public double Test(BitSequence bits)
    {
        int n = bits.Length;
        double below = n % 2 == 0 ? Even(bits) : Odd(bits);
        double off = (below - (0.95 * n / 2)) / Math.Sqrt(n * 0.95 * 0.05 / 4);
        return Special.TwoSided(off);
    }

    /// <summary>A real transform as a complex one of half the length: even bits are the real parts, odd ones the imaginary.</summary>
    long Even(BitSequence bits)
    {
        int n = bits.Length, half = n / 2;
        if (_fft?.Length != half || _cos.Length == 0)
        {
            (_fft, _re, _im) = (new Fft(half), new double[half], new double[half]);
            (_cos, _sin) = Fft.Roots(n, half, 1);
        }
        Fill(bits, half);
        _fft.Forward(_re, _im);
        return Fft.Below(Threshold * n, _re, _im, _cos, _sin);
    }

    /// <summary>Eight bits at a time: four even ones to the real parts and four odd ones to the imaginary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fill(BitSequence bits, int half)
    {
        int i = 0;
        for (; i + 32 <= half; i += 32)
        {
            ulong x = bits.Load(2 * i);
            for (int j = 0; j < 32; j += 4, x <<= 8)
            {
                s_even.AsSpan((int)(x >> 56) * 4, 4).CopyTo(_re.AsSpan(i + j));
                s_odd.AsSpan((int)(x >> 56) * 4, 4).CopyTo(_im.AsSpan(i + j));
            }
        }
        for (; i < half; i++)
            (_re[i], _im[i]) = ((2 * bits[2 * i]) - 1, (2 * bits[(2 * i) + 1]) - 1);
    }

    static long Odd(BitSequence bits)
    {
        int n = bits.Length;
        double[] re = new double[n], im = new double[n];
        for (int i = 0; i < n; i++)
            re[i] = (2 * bits[i]) - 1;
        new Fft(n).Forward(re, im);
        long below = 0;
        for (int k = 0; k < n / 2; k++)
            below += (re[k] * re[k]) + (im[k] * im[k]) < Threshold * n ? 1 : 0;
        return below;
    }

    /// <summary>The even and the odd bits of every byte, the first one first, as ±1.</summary>
    static readonly double[] s_even = Signs(7), s_odd = Signs(6);

    static double[] Signs(int first) => [.. Enumerable.Range(0, 4 * 256).Select(i => (2.0 * ((i / 4 >> (first - (2 * (i % 4)))) & 1)) - 1)];
}
