using Dum.Sigma.Formats;

namespace Dum.Sigma.Feedback;

/// <summary>
/// Numbers kept in a short format that lose nothing of what is added to them: what rounding takes away stays beside its own
/// number, in the same format, and returns with the next addition (error feedback; Kahan, 1965, for a sum; Karimireddy and
/// others, 2019, for training).
/// </summary>
/// <param name="count">Numbers.</param>
/// <param name="format">What they are kept in.</param>
public sealed class CarriedFloats(int count, FloatFormat format)
{
    readonly float[] _values = new float[count], _carry = new float[count];

    /// <summary>The numbers, all of the format.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>What each is short of: at most half a cell.</summary>
    public Span<float> Carry => _carry;

    /// <summary>Sets all numbers.</summary>
    public void Set(ReadOnlySpan<float> exact)
    {
        Array.Clear(_carry);
        Keep(exact);
    }

    /// <summary>Adds to all numbers.</summary>
    public void Add(ReadOnlySpan<float> delta)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(delta.Length, count);
        for (int i = 0; i < count; i++)
            Keep(i, delta[i] + _carry[i], _values[i]);
    }

    /// <summary>Replaces all numbers by new ones, computed from <see cref="Values"/> and <see cref="Carry"/> or not.</summary>
    public void Keep(ReadOnlySpan<float> exact)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(exact.Length, count);
        for (int i = 0; i < count; i++)
            Keep(i, exact[i], 0);
    }

    void Keep(int at, float delta, float to)
    {
        double exact = (double)to + delta;
        format.Residual((float)exact, out _values[at]);
        format.Residual((float)(exact - _values[at]), out _carry[at]);
    }
}
