using System.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>The numbers of a ring, or of rings side by side, as they change: the state, what a source leaves, and room between two flows.</summary>
/// <param name="count">Oscillators of a ring.</param>
/// <param name="stride">Numbers from an oscillator to the next: 1, or the lanes of rings side by side.</param>
/// <param name="padded">Length of the state, whole vectors.</param>
sealed class RingRoom<T>(int count, int stride, int padded) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Count => count;

    public int Stride => stride;

    /// <summary>State, padded to whole vectors; what stands in the padding is never read by an oscillator.</summary>
    public T[] Real { get; } = new T[padded];

    public T[] Imaginary { get; } = new T[padded];

    /// <summary>What the source leaves after a step.</summary>
    public T[] HeldReal { get; } = new T[padded];

    public T[] HeldImaginary { get; } = new T[padded];

    /// <summary>The state on its way from the local flow to the shift, and back again; before it the end of the ring once more.</summary>
    public T[] BetweenReal { get; private set; } = new T[padded + (FlowTable<T>.MostTaps * stride)];

    public T[] BetweenImaginary { get; private set; } = new T[padded + (FlowTable<T>.MostTaps * stride)];

    /// <summary>Where the next step goes.</summary>
    public T[] NextReal { get; private set; } = new T[padded + (FlowTable<T>.MostTaps * stride)];

    public T[] NextImaginary { get; private set; } = new T[padded + (FlowTable<T>.MostTaps * stride)];

    /// <summary>The next step was taken.</summary>
    public void Swap() => (BetweenReal, NextReal, BetweenImaginary, NextImaginary) = (NextReal, BetweenReal, NextImaginary, BetweenImaginary);
}
