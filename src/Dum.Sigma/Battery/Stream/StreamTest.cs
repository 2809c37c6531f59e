namespace Dum.Sigma.Battery.Stream;

/// <summary>A test that goes along with a stream and keeps counts only: what it needs does not grow with the stream.</summary>
abstract class StreamTest
{
    /// <summary>Bytes of one piece of a stream: a sequence of 2²⁰ bits.</summary>
    public const int Segment = 1 << 17;

    /// <summary>Takes the next piece.</summary>
    /// <param name="segment"><see cref="Segment"/> bytes.</param>
    public abstract void Add(ReadOnlySpan<byte> segment);

    /// <summary>Gives the probabilities over all that was taken so far.</summary>
    public abstract void Finish(Action<PartResult> take);
}
