using System.Runtime.InteropServices;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>Comparisons of floats by their bits. Any NaN equals any other: which of two NaNs an addition keeps is the processor's choice.</summary>
static class Bits
{
    public static bool Same(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        if (MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)))
            return;
        for (int i = 0; i < expected.Length; i++)
            if (!Same(expected[i], actual[i]))
                Assert.Fail($"{what}, number {i}: {expected[i]:R} expected, {actual[i]:R} found");
    }

    /// <summary>|a − b| ≤ relative·(|b| + the root of the row's mean square).</summary>
    public static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double relative, string what)
    {
        double sum = 0;
        foreach (float x in expected)
            sum += (double)x * x;
        double typical = Math.Sqrt(sum / Math.Max(1, expected.Length));
        for (int i = 0; i < expected.Length; i++)
            Near(expected[i], actual[i], relative * (Math.Abs(expected[i]) + typical), $"{what}, number {i}");
    }

    /// <summary>|a − b| ≤ bound; a NaN is never near.</summary>
    public static void Near(double expected, double actual, double bound, string what)
    {
        // Not Assert.True: its message would be built for each of millions of numbers.
        if (!(Math.Abs(expected - actual) <= bound))
            Assert.Fail($"{what}: {expected:R} expected, {actual:R} found, {Math.Abs(expected - actual) / bound:F2} times the bound");
    }
}
