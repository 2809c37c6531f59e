using System.Runtime.InteropServices;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>Whether the ends of neighbouring words fill pairs and triples evenly: congruential generators lie on planes.</summary>
sealed class LatticeTest : StreamTest
{
    const int Pair = 1 << 10, Triple = 1 << 9;

    readonly uint[] _topPairs = new uint[Pair], _lowPairs = new uint[Pair], _topPairs64 = new uint[Pair], _lowPairs64 = new uint[Pair], _triples = new uint[Triple], _triples64 = new uint[Triple];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(segment);
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            _topPairs[((words[i] >> 27) << 5) | (words[i + 1] >> 27)]++;
            _lowPairs[((words[i] & 31) << 5) | (words[i + 1] & 31)]++;
        }
        for (int i = 0; i + 2 < words.Length; i += 3)
            _triples[((words[i] >> 29) << 6) | ((words[i + 1] >> 29) << 3) | (words[i + 2] >> 29)]++;
        ReadOnlySpan<ulong> wide = MemoryMarshal.Cast<byte, ulong>(segment);
        for (int i = 0; i + 1 < wide.Length; i += 2)
        {
            _topPairs64[((wide[i] >> 59) << 5) | (wide[i + 1] >> 59)]++;
            _lowPairs64[((wide[i] & 31) << 5) | (wide[i + 1] & 31)]++;
        }
        for (int i = 0; i + 2 < wide.Length; i += 3)
            _triples64[((wide[i] >> 61) << 6) | ((wide[i + 1] >> 61) << 3) | (wide[i + 2] >> 61)]++;
    }

    public override void Finish(Action<PartResult> take)
    {
        foreach ((string part, uint[] counts) in ((string, uint[])[])
        [
            ("tops of pairs, 32 bits", _topPairs), ("ends of pairs, 32 bits", _lowPairs), ("tops of pairs, 64 bits", _topPairs64),
            ("ends of pairs, 64 bits", _lowPairs64), ("tops of triples, 32 bits", _triples), ("tops of triples, 64 bits", _triples64),
        ])
            take(new PartResult(TestNames.Lattice, part, ChiSquare.TailOfEven(counts)));
    }
}
