using Dum.Sigma.Battery.Nist;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// The linear complexity of one bit of every word, over 65,536 words: half of that for random bits, the size of the state for
/// any generator that is linear over GF(2), from shift registers to the Mersenne twister.
/// </summary>
sealed class PlaneTest : StreamTest
{
    const int Bits = 1 << 16;

    readonly Plane[] _planes =
    [
        new("lowest of 32 bits", 4, 0), new("highest of 32 bits", 4, 31), new("lowest of 64 bits", 8, 0), new("highest of 64 bits", 8, 63), new("lowest of bytes", 1, 0),
    ];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        foreach (Plane plane in _planes)
            plane.Add(segment);
    }

    public override void Finish(Action<PartResult> take)
    {
        var linear = new LinearComplexity();
        foreach (Plane plane in _planes)
            take(plane.Result(linear));
    }

    /// <summary>The first bits of a plane.</summary>
    sealed class Plane(string name, int width, int bit)
    {
        readonly ulong[] _words = new ulong[Bits / 64];
        int _count;

        public void Add(ReadOnlySpan<byte> segment)
        {
            if (_count == Bits)
                return;
            ReadOnlySpan<byte> lane = segment[(bit / 8)..];
            for (int at = 0; at < lane.Length && _count < Bits; at += width, _count++)
                _words[_count / 64] |= (ulong)((lane[at] >> (bit % 8)) & 1) << (63 - (_count % 64));
        }

        public PartResult Result(LinearComplexity linear) =>
            new(TestNames.Planes, name, LinearComplexity.Tail(linear.Of(_words.AsSpan(0, (_count + 63) / 64), _count), _count));
    }
}
