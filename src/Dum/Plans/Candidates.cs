using Dum.Numerics;

namespace Dum.Plans;

/// <summary>
/// Chooses the candidates of a sampled loss: ids drawn without repeats in proportion to a power of their frequency, then
/// the targets of the batch. The draws follow from (seed, step, micro-batch).
/// </summary>
sealed class Candidates
{
    const double Power = 0.75;

    readonly ulong _seed;
    Philox _random;
    readonly double[] _until;
    readonly int[] _stamp, _place;
    readonly int[] _ids;
    int _round;

    /// <param name="seed">Of the run.</param>
    /// <param name="counts">How often every id occurs in the text.</param>
    /// <param name="drawn">Ids to draw; below the number of ids.</param>
    /// <param name="rows">Of a batch.</param>
    public Candidates(ulong seed, ReadOnlySpan<long> counts, int drawn, int rows)
    {
        (_seed, _random) = (seed, new Philox(seed, DrawDomain.Candidates));
        (_stamp, _place) = (new int[counts.Length], new int[counts.Length]);
        Drawn = drawn;
        _ids = new int[drawn + rows];
        LogCounts = new float[_ids.Length];
        Columns = new int[rows];
        _until = new double[counts.Length];
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
            _until[i] = sum += FixedMath.Pow(counts[i] + 1, Power);
    }

    /// <summary>Ids that are drawn; the targets stand behind them.</summary>
    public int Drawn { get; }

    /// <summary>All candidates; what is not used repeats the last.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Logarithm of how often a candidate was to be expected among the draws.</summary>
    public float[] LogCounts { get; }

    /// <summary>The column of every row's target, or below 0.</summary>
    public int[] Columns { get; }

    /// <summary>Which step of the run, and which micro-batch of it.</summary>
    public (int Step, int Micro) At { get; set; }

    /// <summary>From now on every draw is told to <paramref name="draws"/>, or to nobody.</summary>
    public void Record(DrawRecorder? draws) => _random = new Philox(_seed, DrawDomain.Candidates, draws);

    public void Draw(ReadOnlySpan<int> targets)
    {
        _round++;
        int tries = 0, n = 0;
        while (n < Drawn)
        {
            int id = Find(_random.Unit((uint)At.Micro, (uint)At.Step, (uint)tries++) * _until[^1]);
            if (_stamp[id] == _round)
                continue;
            _stamp[id] = _round;
            _ids[n++] = id;
        }
        // The same for targets: a new round, so that a target that was drawn too still gets a column of its own.
        _round++;
        for (int r = 0; r < targets.Length; r++)
        {
            int id = targets[r];
            if (id < 0)
            {
                Columns[r] = -1;
                continue;
            }
            if (_stamp[id] != _round)
            {
                (_stamp[id], _place[id]) = (_round, n);
                _ids[n++] = id;
            }
            Columns[r] = _place[id];
        }
        _ids.AsSpan(n).Fill(_ids[Math.Max(0, n - 1)]);
        for (int i = 0; i < _ids.Length; i++)
        {
            double p = (_until[_ids[i]] - (_ids[i] > 0 ? _until[_ids[i] - 1] : 0)) / _until[^1];
            LogCounts[i] = (float)FixedMath.Log(1 - FixedMath.Exp(tries * FixedMath.Log(1 - p)));
        }
    }

    int Find(double at)
    {
        int low = 0, high = _until.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_until[middle] > at)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
