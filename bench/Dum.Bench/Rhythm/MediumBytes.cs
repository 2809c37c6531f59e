using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Bench.Rhythm;

/// <summary>
/// The medium alone on bytes, no tables and no mixing of contexts: each byte moves the frequencies of one ring of damped
/// oscillators by a fixed random amount each, so that a state is a sum over the last bytes of their phases together: random
/// features of all orders at once. Eight logistic readouts of the states and the products of neighbours name the next byte and learn from it.
/// </summary>
static class MediumBytes
{
    const int Oscillators = 4096, Code = 16;
    const double Strength = Math.PI, Slowest = 0.1, Fastest = 0.4;

    // The share of its error that a readout moves by: at first, in the end, and the bytes after which it is half way.
    const double FirstRate = 2, LastRate = 0.4, Half = 60_000;

    public static Table Measure(IReadOnlyList<string> files)
    {
        var table = new Table($"The medium alone on bytes: one ring of {Oscillators} oscillators, learned while predicted, from nothing", ("file", ""), ("weights", "0"), ("bits per byte", "0.000"), ("last sixth", "0.000"), ("goal", "0.00"), ("best peer", "0.00"), ("KB/s of processor time", "0.0"));
        foreach (string file in files)
        {
            byte[] text = File.ReadAllBytes(file);
            double before = Cpu.Self, all = 0, late = 0;
            int weights = Run(text, (t, bits) =>
            {
                all += bits;
                late += t >= text.Length - (text.Length / 6) ? bits : 0;
            });
            table.Add(Path.GetFileName(file), weights, all / text.Length, late / (text.Length / 6), 2.45, 2.90, text.Length / (Cpu.Self - before) / 1e3);
        }
        return table;
    }

    /// <returns>How many weights are learned.</returns>
    static int Run(byte[] text, Action<int, double> cost)
    {
        var medium = new Medium<double>(new MediumParameters { Inputs = Code, Rings = [Ring()] });
        var map = new FeatureMap(medium, Features.Linear | Features.Neighbours);
        double[][] codes = [.. Enumerable.Range(0, 256).Select(c => Normals((uint)c, 0, Code, 1 / Math.Sqrt(Code)))];
        var x = new double[map.Count];
        var scaled = new float[(map.Count + 15) / 16 * 16];
        var tree = new ByteTree(scaled.Length);
        for (int t = 0; t < text.Length; t++)
        {
            map.Read(x);
            double size = 1 / Math.Sqrt(VectorMath.Dot(x, x));
            for (int i = 0; i < x.Length; i++)
                scaled[i] = (float)(x[i] * size);
            cost(t, tree.Learn(scaled, text[t], LastRate + ((FirstRate - LastRate) * Half / (Half + t))));
            medium.Hear(codes[text[t]]);
            medium.Advance(1);
        }
        return tree.Weights;
    }

    /// <summary>Oscillators of unit drive, their dampings spread evenly over the logarithm, all listening to the whole code of a byte.</summary>
    static Ring Ring()
    {
        double[] damping = [.. Enumerable.Range(0, Oscillators).Select(j => Slowest * FixedMath.Exp(FixedMath.Log(Fastest / Slowest) * Random.Unit((uint)j, 0, 2)))];
        return new Ring(
            new RingStructure
            {
                Count = Oscillators,
                BiasReal = [.. damping.Select(d => Math.Sqrt(2 * d))],
                BiasImaginary = new double[Oscillators],
                Modulation = [.. Enumerable.Range(0, Oscillators).SelectMany(j => Normals((uint)j, 1, Code, Strength))],
            },
            new RingRhythm { Omega = new double[Oscillators], Mu = [.. damping.Select(d => -d)] },
            new RingContour());
    }

    static Philox Random => new(1, 0x4D42);

    static double[] Normals(uint row, uint use, int count, double size) => [.. Enumerable.Range(0, count).Select(i => size * Random.Normal(row, (uint)i, use).First)];
}
