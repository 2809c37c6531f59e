using System.Runtime.Intrinsics;
using Dum.Numerics;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class LanesTests
{
    /// <summary>A prime, so that every exponent meets many different mantissas: four million of all 2³² floats.</summary>
    const uint Stride = 1009;

    [Fact]
    public void Exp_keeps_its_bound_for_every_magnitude() => Sweep(Lanes.Exp, (x, y) =>
        float.IsNaN(x) ? float.IsNaN(y)
        : x < -87.33f ? y == 0
        : x > 88.72f ? float.IsPositiveInfinity(y)
        : Math.Abs(y - Math.Exp(x)) <= Math.Exp(x) * Math.Pow(2, -22));

    /// <summary>The exponential's 2⁻²² and two roundings; where e⁻ˣ is above the floats' range the result is 0.</summary>
    [Fact]
    public void Sigmoid_keeps_its_bound_for_every_magnitude() => Sweep(Lanes.Sigmoid, (x, y) =>
        float.IsNaN(x) ? float.IsNaN(y)
        : x < -88.72f ? y == 0
        : Math.Abs(y - (1 / (1 + Math.Exp(-x)))) <= (1 / (1 + Math.Exp(-x)) * Math.Pow(2, -22) * 1.5) + float.Epsilon);

    [Fact]
    public void Tanh_keeps_its_bound_and_its_sign_for_every_magnitude() => Sweep(Lanes.Tanh, (x, y) =>
        float.IsNaN(x) ? float.IsNaN(y) : Math.Abs(y - Math.Tanh(x)) <= Math.Pow(2, -22) && float.IsNegative(y) == float.IsNegative(x) && Math.Abs(y) <= 1);

    [Fact]
    public void Scalar_forms_are_the_first_lane()
    {
        foreach (float x in new[] { 0f, -0f, 1f, -3.7f, 88.72f, -87.33f, 100f, float.Epsilon, float.NaN, float.NegativeInfinity })
        {
            Assert.True(Bits.Same(Lanes.Exp(Vector256.Create(x))[3], Lanes.Exp(x)));
            Assert.True(Bits.Same(Lanes.Tanh(Vector256.Create(x))[5], Lanes.Tanh(x)));
        }
        Assert.Equal(1f, Lanes.Exp(0f));
        Assert.Equal(0f, Lanes.Tanh(0f));
    }

    /// <summary>Every length, every place inside a vector; now and then not finite.</summary>
    [Fact]
    public void Sums_are_the_documented_tree_bit_for_bit()
    {
        var random = new Random(4);
        using var memory = new NativeFloats(1200, "lanes");
        for (int round = 0; round < 6; round++)
            for (int n = 0; n <= 256; n++)
            {
                float* x = memory.Data + 8 + random.Next(16), y = memory.Data + 400 + random.Next(16), z = memory.Data + 800 + random.Next(16);
                Fill(random, memory, round);
                Assert.True(Bits.Same(Tree(n, (i, sum) => sum + x[i]), Lanes.Sum(x, n)), $"sum of {n}");
                Assert.True(Bits.Same(Tree(n, (i, sum) => MathF.FusedMultiplyAdd(x[i], y[i], sum)), Lanes.Dot(x, y, n)), $"dot of {n}");
                Assert.True(Bits.Same(Largest(x, n), Lanes.Max(x, n)), $"max of {n}");

                float before = z[-1], after = z[n], a = (float)random.NextDouble();
                float[] expected = [.. Enumerable.Range(0, n).Select(i => MathF.FusedMultiplyAdd(x[i], a, z[i]))];
                Lanes.AddScaled(z, x, a, n);
                Bits.Same(expected, new Span<float>(z, n), $"{n} scaled");
                Assert.True(Bits.Same(before, z[-1]) && Bits.Same(after, z[n]), $"{n}: written outside");
            }
    }

    [Fact]
    public void Parts_of_a_vector_touch_nothing_else()
    {
        using var memory = new NativeFloats(32, "lanes");
        for (int count = 0; count <= 8; count++)
        {
            new Span<float>(memory.Data, 32).Fill(float.NaN);
            Lanes.Store(Vector256.Create(1f, 2, 3, 4, 5, 6, 7, 8), memory.Data + 8, count);
            for (int i = 0; i < 32; i++)
                Assert.Equal(i >= 8 && i < 8 + count ? i - 7 : float.NaN, memory.Data[i]);
            Vector256<float> loaded = Lanes.Load(memory.Data + 8, count, -5);
            for (int i = 0; i < 8; i++)
                Assert.Equal(i < count ? i + 1 : -5, loaded[i]);
        }
    }

    static void Fill(Random random, NativeFloats memory, int round)
    {
        for (int i = 0; i < memory.Count; i++)
            memory.Data[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-20, 20)));
        // The first rounds are finite, the others have a few of each.
        for (int k = 0; round >= 2 && k < round; k++)
            memory.Data[random.Next(1200)] = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
    }

    /// <summary>
    /// Four vectors of eight lanes take blocks of 32 in turn. Of the rest, whole eights go to the first, second and third
    /// vector, what is left to the fourth. The lanes then fold as ((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7)).
    /// </summary>
    static float Tree(int n, Func<int, float, float> join)
    {
        float[] sums = new float[32];
        int whole = n / 32 * 32, eights = (n - whole) / 8;
        for (int i = 0; i < n; i++)
        {
            int vector = i < whole ? i / 8 % 4 : (i - whole) / 8 < eights ? (i - whole) / 8 : 3;
            ref float sum = ref sums[(vector * 8) + (i % 8)];
            sum = join(i, sum);
        }
        float[] lanes = [.. Enumerable.Range(0, 8).Select(l => sums[l] + sums[8 + l] + (sums[16 + l] + sums[24 + l]))];
        return lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7]));
    }

    static float Largest(float* x, int n)
    {
        float best = float.NegativeInfinity;
        for (int i = 0; i < n; i++)
            if (x[i] > best)
                best = x[i];
        return best;
    }

    static void Sweep(Func<Vector256<float>, Vector256<float>> function, Func<float, float, bool> holds)
    {
        float[] inputs = new float[8];
        int lane = 0;
        foreach (float edge in new[] { 0f, -0f, float.Epsilon, -float.Epsilon, 87.33f, -87.33f, 88.72f, -88.72f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN })
            Take(edge);
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
            Take(BitConverter.UInt32BitsToSingle((uint)bits));

        void Take(float x)
        {
            inputs[lane++ & 7] = x;
            if ((lane & 7) != 0)
                return;
            Vector256<float> y = function(Vector256.Create(inputs));
            for (int i = 0; i < 8; i++)
                if (!holds(inputs[i], y[i]))
                    Assert.Fail($"{inputs[i]:R} gives {y[i]:R}");
        }
    }
}
