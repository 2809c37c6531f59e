using System.Numerics;
using System.Runtime.InteropServices;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery.Stream;

/// <summary>Whether light and heavy words (by their ones) follow each other as independent ones do: a trace of too few mixing steps.</summary>
sealed class WeightTest : StreamTest
{
    readonly Kind[] _kinds = [new("bytes", 8, 3, 5, 5), new("words of 32 bits", 32, 15, 18, 4), new("words of 64 bits", 64, 31, 34, 4)];

    public override void Add(ReadOnlySpan<byte> segment)
    {
        foreach (byte b in segment)
            _kinds[0].Add(BitOperations.PopCount(b));
        foreach (uint word in MemoryMarshal.Cast<byte, uint>(segment))
            _kinds[1].Add(BitOperations.PopCount(word));
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(segment))
            _kinds[2].Add(BitOperations.PopCount(word));
    }

    public override void Finish(Action<PartResult> take)
    {
        foreach (Kind kind in _kinds)
            take(kind.Result());
    }

    /// <summary>Words in three classes by weight, counted in groups of neighbours.</summary>
    sealed class Kind
    {
        readonly string _name;
        readonly int _middle, _heavy, _length;
        readonly long[] _counts;
        readonly double[] _law;
        int _cell, _filled;

        public Kind(string name, int bits, int middle, int heavy, int length)
        {
            (_name, _middle, _heavy, _length) = (name, middle, heavy, length);
            double[] one = new double[3];
            double binomial = Math.ScaleB(1, -bits);
            for (int w = 0; w <= bits; w++)
            {
                one[Class(w)] += binomial;
                binomial *= (double)(bits - w) / (w + 1);
            }
            _law = [1];
            for (int i = 0; i < length; i++)
                _law = [.. _law.SelectMany(p => one.Select(q => p * q))];
            _counts = new long[_law.Length];
        }

        public void Add(int weight)
        {
            _cell = (_cell * 3) + Class(weight);
            if (++_filled == _length)
            {
                _counts[_cell]++;
                (_cell, _filled) = (0, 0);
            }
        }

        public PartResult Result() => new(TestNames.Weights, _name, ChiSquare.Tail(_counts, _law, _counts.Sum()));

        int Class(int weight) => weight < _middle ? 0 : weight < _heavy ? 1 : 2;
    }
}
