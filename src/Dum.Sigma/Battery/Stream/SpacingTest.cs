using System.Runtime.InteropServices;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>
/// Marsaglia's birthday spacings: of 4,096 words, sorted, the distances that come more than once are a Poisson number of
/// mean n³/4m = 4. Numbers on a lattice repeat their distances too often, a bit counter too seldom.
/// </summary>
sealed class SpacingTest : StreamTest
{
    const int Count = 4096;
    const double Mean = 4;

    static readonly string[] s_parts = ["words", "words, halves exchanged", "tops of pairs"];

    readonly long[] _repeats = new long[s_parts.Length], _draws = new long[s_parts.Length];
    readonly uint[] _days = new uint[Count], _other = new uint[Count];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(segment);
        for (int at = 0; at + Count <= words.Length; at += Count)
        {
            words.Slice(at, Count).CopyTo(_days);
            Draw(0);
            for (int i = 0; i < Count; i++)
                _days[i] = (words[at + i] << 16) | (words[at + i] >> 16);
            Draw(1);
        }
        for (int at = 0; at + (2 * Count) <= words.Length; at += 2 * Count)
        {
            for (int i = 0; i < Count; i++)
                _days[i] = (words[at + (2 * i)] & 0xFFFF0000) | (words[at + (2 * i) + 1] >> 16);
            Draw(2);
        }
    }

    public override void Finish(Action<PartResult> take)
    {
        for (int i = 0; i < s_parts.Length; i++)
            take(new PartResult(TestNames.Spacings, s_parts[i], Special.PoissonTwoSided(_repeats[i], Mean * _draws[i])));
    }

    void Draw(int part)
    {
        Sort();
        for (int i = Count - 1; i > 0; i--)
            _days[i] -= _days[i - 1];
        Sort();
        for (int i = 1; i < Count; i++)
            _repeats[part] += _days[i] == _days[i - 1] ? 1 : 0;
        _draws[part]++;
    }

    /// <summary>By 11, 11 and 10 bits from the lowest.</summary>
    void Sort()
    {
        Span<int> starts = stackalloc int[2048];
        uint[] from = _days, to = _other;
        for (int shift = 0; shift < 33; shift += 11)
        {
            starts.Clear();
            foreach (uint day in from)
                starts[(int)(day >> shift) & 2047]++;
            int sum = 0;
            for (int i = 0; i < starts.Length; i++)
                (starts[i], sum) = (sum, sum + starts[i]);
            foreach (uint day in from)
                to[starts[(int)(day >> shift) & 2047]++] = day;
            (from, to) = (to, from);
        }
        if (from != _days)
            from.CopyTo(_days, 0);
    }
}
