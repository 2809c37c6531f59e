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
        for (int i = 0; i < half; i += 32)
        {
            ulong x = bits.Load(2 * i);
            for (int j = i; j < Math.Min(half, i + 32); j++, x <<= 2)
                (_re[j], _im[j]) = ((2.0 * (x >> 63)) - 1, (2.0 * ((x >> 62) & 1)) - 1);
        }
        _fft.Forward(_re, _im);
        double limit = Threshold * n;
        long below = 0;
        for (int k = 0; k < half; k++)
            below += Fft.Power(_re, _im, _cos, _sin, k) < limit ? 1 : 0;
        return below;
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
}
