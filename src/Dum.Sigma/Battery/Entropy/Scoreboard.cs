using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// Up to sixteen predictors of bits, of which the one with the most hits is followed; of equals the one that scored last, and
/// within a step the predictors score in order. Without branches on single hits, which are as random as the bits.
/// </summary>
sealed class Scoreboard
{
    static readonly Vector256<int> s_first = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128), s_second = Vector256.ShiftLeft(s_first, 8);

    Vector256<int> _first, _second;
    int _winner, _most;
    long _run;

    /// <summary>Right predictions of the followed.</summary>
    public long Hits { get; private set; }

    /// <summary>The longest run of them.</summary>
    public long Longest { get; private set; }

    /// <summary>Takes a step.</summary>
    /// <param name="known">Bit d says that predictor d has a prediction.</param>
    /// <param name="right">Bit d says that it was right; among those known.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(uint known, uint right)
    {
        int hit = (int)(right >> _winner) & 1, silent = ~(int)(known >> _winner) & 1;
        Hits += hit;
        // A step without a prediction neither lengthens a run nor ends it.
        _run = (_run + hit) & -(hit | silent);
        Longest = Math.Max(Longest, _run);
        Vector256<int> all = Vector256.Create((int)right), first = Vector256.Equals(all & s_first, s_first), second = Vector256.Equals(all & s_second, s_second);
        _first -= first;
        _second -= second;
        Vector256<int> most = Vector256.Create(_most);
        uint reached = (Vector256.GreaterThanOrEqual(_first, most) & first).ExtractMostSignificantBits() | ((Vector256.GreaterThanOrEqual(_second, most) & second).ExtractMostSignificantBits() << 8);
        if ((reached & ~(1u << _winner)) != 0)
            Overtake(reached, right);
        else
            _most += hit;
    }

    void Overtake(uint reached, uint right)
    {
        for (; reached != 0; reached &= reached - 1)
        {
            int d = BitOperations.TrailingZeroCount(reached);
            // A point that the winner scores in this step counts only from its own turn on.
            int against = Score(_winner) - (_winner > d ? (int)(right >> _winner) & 1 : 0);
            if (Score(d) >= against)
                _winner = d;
        }
        _most = Score(_winner);
    }

    int Score(int d) => d < 8 ? _first.GetElement(d) : _second.GetElement(d - 8);
}
