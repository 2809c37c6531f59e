namespace Dum.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a random number is a function
/// of its address, so any draw of any run can be made again without the draws before it.
/// </summary>
/// <param name="run">The key.</param>
/// <param name="domain">What the draws are for.</param>
/// <param name="recorder">Is told every draw; null for nobody.</param>
readonly struct Philox(ulong run, uint domain, DrawRecorder? recorder = null)
{
    const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <inheritdoc cref="Philox(ulong, uint, DrawRecorder?)"/>
    public Philox(ulong run, DrawDomain domain, DrawRecorder? recorder = null) : this(run, (uint)domain, recorder)
    {
    }

    /// <summary>Four words at an address. The key is the run; the counter is domain, layer, step and position.</summary>
    public (uint A, uint B, uint C, uint D) At(uint layer, uint step, uint position)
    {
        (uint, uint, uint, uint) block = Block(domain, layer, step, position, (uint)run, (uint)(run >> 32));
        recorder?.Note(run, domain, layer, step, position, block);
        return block;
    }

    /// <summary>A number in [0, 1) with 53 bits.</summary>
    public double Unit(uint layer, uint step, uint position)
    {
        (uint a, uint b, _, _) = At(layer, step, position);
        return ((a >> 5) * 67108864.0 + (b >> 6)) / 9007199254740992.0;
    }

    /// <summary>Two independent normal deviates (Box and Muller, 1958).</summary>
    public (double First, double Second) Normal(uint layer, uint step, uint position)
    {
        (uint a, uint b, uint c, uint d) = At(layer, step, position);
        double u = ((a >> 5) * 67108864.0 + (b >> 6) + 0.5) / 9007199254740992.0;
        double v = ((c >> 5) * 67108864.0 + (d >> 6)) / 9007199254740992.0;
        double radius = Math.Sqrt(-2 * FixedMath.Log(u));
        (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * v);
        return (radius * cos, radius * sin);
    }

    /// <summary>The function itself: four counter words, two key words, ten rounds.</summary>
    public static (uint A, uint B, uint C, uint D) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }
        return (c0, c1, c2, c3);
    }
}
