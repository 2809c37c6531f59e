using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class QuantiseTests
{
    /// <summary>
    /// The rule in scalars: the step of a group of 32 is its largest magnitude / 127; every number times the reciprocal of
    /// the step, rounded to the nearest, ties to even. A group whose step is 10⁻³⁰ or less is all zeros.
    /// </summary>
    internal static (sbyte[] Quanta, float[] Steps) Model(ReadOnlySpan<float> row)
    {
        int groups = (row.Length + 31) / 32;
        sbyte[] quanta = new sbyte[groups * 32];
        float[] steps = new float[groups];
        for (int g = 0; g < groups; g++)
        {
            float largest = 0;
            for (int i = g * 32; i < Math.Min(row.Length, (g + 1) * 32); i++)
                largest = Math.Max(largest, Math.Abs(row[i]));
            steps[g] = largest / 127;
            float inverse = steps[g] > 1e-30f ? 1 / steps[g] : 0;
            for (int i = g * 32; i < Math.Min(row.Length, (g + 1) * 32); i++)
                quanta[i] = (sbyte)MathF.Round(row[i] * inverse, MidpointRounding.ToEven);
        }
        return (quanta, steps);
    }

    [Fact]
    public void Rows_of_every_length_and_size_follow_the_rule()
    {
        var random = new Random(1);
        for (int n = 1; n <= 130; n++)
            foreach (int power in new[] { -140, -120, -96, -30, 0, 30, 120 })
            {
                float[] row = [.. Enumerable.Range(0, n).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, power + random.Next(6))))];
                Check(row);
            }
    }

    [Fact]
    public void Ties_go_to_even_and_zeros_of_both_signs_stay()
    {
        // With a largest of 127 the step is 1, and halves are exact.
        float[] ties = [127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, -126.5f, -127, 0, -0f, float.Epsilon];
        Check(ties);
        Assert.Equal([127, 0, 2, 2, 0, -2, -2, 126, -126, -127, 0, 0, 0], Row(ties).Quanta[..13].Select(q => (int)q));
        Check(new float[40]);
        Check([.. Enumerable.Repeat(-0f, 33)]);
        Check([.. Enumerable.Repeat(float.Epsilon, 64)]);
        Check([.. Enumerable.Repeat(float.MaxValue, 32)]);
        Check([.. Enumerable.Range(0, 32).Select(i => i == 31 ? -3e38f : 1e-3f)]);
    }

    /// <summary>A number that is not finite makes the step of its group NaN and its bytes 0, so that every product says so, the same on all paths.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_group_that_is_not_finite_becomes_NaN(float bad)
    {
        for (int at = 0; at < 70; at++)
        {
            float[] row = [.. Enumerable.Range(0, 70).Select(i => (float)Math.Sin(i))];
            (sbyte[] clean, float[] cleanSteps, _) = Row(row);
            row[at] = bad;
            (sbyte[] quanta, float[] steps, int[] sums) = Row(row);
            for (int g = 0; g < 3; g++)
            {
                sbyte[] part = quanta[(g * 32)..((g + 1) * 32)];
                Assert.Equal(at / 32 == g ? new sbyte[32] : clean[(g * 32)..((g + 1) * 32)], part);
                Assert.Equal(at / 32 == g ? float.NaN : cleanSteps[g], steps[g]);
                Assert.Equal(8 * part.Sum(q => q), sums[g]);
            }
        }
    }

    /// <summary>Bytes of weights: within half a step, but for the rounding of the step to a half.</summary>
    [Fact]
    public void Weights_are_within_half_a_step()
    {
        var random = new Random(2);
        sbyte[] quanta = new sbyte[32];
        for (int round = 0; round < 2000; round++)
        {
            float[] values = [.. Enumerable.Range(0, 1 + random.Next(32)).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-8, 12))))];
            float largest = values.Max(Math.Abs);
            float step = Float16.ToSingle(Quantise.Int8(values, quanta));
            // Half a unit in the last place of a half, of which the smallest have fewer bits.
            double rounding = Math.Max(largest / 127 / 2048, Math.Pow(2, -25));
            Bits.Near(largest / 127, step, rounding * 1.0001, "step");
            for (int i = 0; i < values.Length; i++)
                Bits.Near(values[i], quanta[i] * step, (step * 0.5001) + (127 * rounding), $"byte {i}");

            step = Float16.ToSingle(Quantise.Int4(values, quanta));
            // One of the three scales tried is largest / −8, so the choice is at least as good as that one.
            double plain = Error(values, [.. values.Select(v => (sbyte)Math.Clamp(MathF.Round(v / Signed(values)), -8, 7))], Signed(values));
            Assert.InRange(Error(values, quanta, step), 0, plain * 1.0001);
            Assert.All(quanta[values.Length..], q => Assert.Equal(0, q));
        }

        static float Signed(float[] values) => Float16.ToSingle(Float16.FromSingle(values.MaxBy(Math.Abs) / -8));
        static double Error(float[] values, sbyte[] quanta, float step) => values.Select((v, i) => Math.Pow(v - (quanta[i] * (double)step), 2)).Sum();
    }

    static void Check(float[] values)
    {
        (sbyte[] quanta, float[] steps, int[] sums) = Row(values);
        (sbyte[] expected, float[] expectedSteps) = Model(values);
        Assert.Equal(expected, quanta);
        Assert.Equal(expectedSteps, steps);
        for (int g = 0; g < steps.Length; g++)
            Assert.Equal(8 * expected.Skip(g * 32).Take(32).Sum(q => q), sums[g]);
    }

    /// <summary>The kernel between fences; magnitudes are checked here.</summary>
    static (sbyte[] Quanta, float[] Steps, int[] Sums) Row(float[] values)
    {
        int groups = (values.Length + 31) / 32;
        using Sheet x = new(1, values.Length), y = new(1, 18 * groups);
        values.CopyTo(x[0]);
        QuantisedRows rows = QuantisedRows.In(y.Data, 1, groups);
        Quantise.Row(x.Data, values.Length, rows.Quanta, rows.Magnitudes, rows.Scales, rows.Sums);
        x.IsIntact();
        y.IsIntact();
        sbyte[] quanta = new Span<sbyte>(rows.Quanta, groups * 32).ToArray();
        for (int i = 0; i < quanta.Length; i++)
            Assert.Equal(Math.Abs((int)quanta[i]), rows.Magnitudes[i]);
        return (quanta, new Span<float>(rows.Scales, groups).ToArray(), new Span<int>(rows.Sums, groups).ToArray());
    }
}
