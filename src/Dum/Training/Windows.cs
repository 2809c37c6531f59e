using Dum.Numerics;

namespace Dum.Training;

/// <summary>
/// Which stretch of the text every row of every step reads: all windows once in a shuffled order, then all again in
/// another. A function of (seed, row counted from the start), so nothing has to be kept to go on after a kill.
/// </summary>
/// <param name="seed">Of the run.</param>
/// <param name="count">Ids in the text.</param>
/// <param name="length">Ids per window, the one to be predicted last not counted.</param>
/// <param name="draws">Is told every draw; null for nobody.</param>
sealed class Windows(ulong seed, int count, int length, DrawRecorder? draws = null)
{
    readonly Philox _random = new(seed, DrawDomain.Windows, draws);

    /// <summary>Windows per pass over the text; at least 1.</summary>
    public int PerPass { get; } = Math.Max(1, (count - 1) / length);

    /// <summary>Where the window of this row begins.</summary>
    public int Start(long row)
    {
        uint pass = (uint)(row / PerPass);
        // A pass begins a little later than the one before, so that windows are cut elsewhere.
        int shift = pass == 0 ? 0 : (int)(_random.Unit(1, pass, 0) * length);
        return Math.Min(shift + (Shuffled((int)(row % PerPass), pass) * length), Math.Max(0, count - 1 - length));
    }

    /// <summary>A permutation of 0 … PerPass − 1: a Feistel network over the next power of four, walked until it lands inside.</summary>
    int Shuffled(int index, uint pass)
    {
        int half = 1;
        while (1L << (2 * half) < PerPass)
            half++;
        uint mask = (1u << half) - 1, at = (uint)index;
        do
        {
            uint left = at >> half, right = at & mask;
            for (uint round = 0; round < 4; round++)
                (left, right) = (right, left ^ (_random.At(2 + round, pass, right).A & mask));
            at = (left << half) | right;
        }
        while (at >= PerPass);
        return (int)at;
    }
}
