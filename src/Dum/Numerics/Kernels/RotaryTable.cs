namespace Dum.Numerics.Kernels;

/// <summary>Cosines and sines of rotary position encoding: [position][size/2], made once with arithmetic that is the same everywhere.</summary>
sealed unsafe class RotaryTable : IDisposable
{
    readonly NativeFloats _memory;

    /// <param name="size">Channels per head, even.</param>
    /// <param name="positions">Rows of the table.</param>
    /// <param name="frequencies">size/2 angles per position, in radians.</param>
    /// <param name="amplitude">Factor on cosine and sine (YaRN's attention factor); 1 otherwise.</param>
    public RotaryTable(int size, int positions, ReadOnlySpan<double> frequencies, double amplitude = 1)
    {
        (Half, Positions) = (size / 2, positions);
        _memory = new NativeFloats(Math.Max(1, 2L * positions * Half), "rotary table");
        for (int p = 0; p < positions; p++)
            for (int i = 0; i < Half; i++)
            {
                (double sin, double cos) = FixedMath.SinCos(p * frequencies[i]);
                Cos(p)[i] = (float)(cos * amplitude);
                Sin(p)[i] = (float)(sin * amplitude);
            }
    }

    public int Half { get; }
    public int Positions { get; }

    public float* Cos(int position) => _memory.Data + (2L * position * Half);

    public float* Sin(int position) => Cos(position) + Half;

    public void Dispose() => _memory.Dispose();
}
