using System.Numerics;
using System.Runtime.CompilerServices;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>Recall of an earlier moment: the nearest one at which a long ring had the same phase, followed while it keeps being right.</summary>
sealed class Echo
{
    /// <summary>Logits that an echo says.</summary>
    public const int Logits = 2;

    const int Most = 65535, Verified = 32, Lengths = 32, Failures = 4, Moments = 18;

    readonly byte[] _history;
    readonly int _mask, _least;
    readonly int[] _seen = new int[1 << Moments];

    // What came of a length, after so many echoes in a row that failed early.
    readonly uint[] _map = new uint[Failures * Lengths * 2];
    int _at, _cell, _failed;

    /// <param name="history">The last bytes, at their number modulo its length, a power of two.</param>
    /// <param name="least">Shortest agreement that is followed: the span of the ring.</param>
    public Echo(byte[] history, int least)
    {
        (_history, _mask, _least) = (history, history.Length - 1, least);
        for (int i = 0; i < _map.Length; i++)
            _map[i] = AdaptiveCell.Fresh((i & 1) == 0 ? 8192 : 57344);
    }

    /// <summary>How many bytes agree so far; 0 without an echo.</summary>
    public int Length { get; private set; }

    /// <summary>The byte that followed then, or −1.</summary>
    public int Expected => Length > 0 ? _history[_at & _mask] : -1;

    /// <summary>Length in sixteen classes, 0 without an echo.</summary>
    public int Level => Length == 0 ? 0 : Length < 16 ? 1 + (Length / 2) : Math.Min(5 + BitOperations.Log2((uint)Length), 15);

    /// <summary>What it says of a decision; nothing once it has failed within the byte.</summary>
    /// <param name="partial">The bits of the byte so far behind a leading one.</param>
    /// <param name="bit">Which bit is next, 7…0.</param>
    /// <param name="logits">Receives the logit of what came of such echoes, and how far their probability is from a half.</param>
    /// <returns>Whether it says something.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Say(int partial, int bit, Span<int> logits)
    {
        int expected = Length > 0 ? _history[_at & _mask] | 256 : 0;
        if (expected >> (bit + 1) != partial)
        {
            _cell = -1;
            logits[0] = logits[1] = 0;
            return false;
        }
        int level = Length < 16 ? Length : Math.Min(12 + BitOperations.Log2((uint)Length), Lengths - 1);
        _cell = (((_failed * Lengths) + level) * 2) + ((expected >> bit) & 1);
        int p = AdaptiveCell.Probability(_map[_cell]);
        (logits[0], logits[1]) = (Logistic.Stretch(p), (p - 32768) >> 6);
        return true;
    }

    /// <summary>Learns the bit that came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(int bit)
    {
        if (_cell >= 0)
            AdaptiveCell.Learn(ref _map[_cell], bit, ref AdaptiveCell.Rates);
    }

    /// <summary>A byte has come and stands in the history.</summary>
    /// <param name="now">How many bytes have come, modulo 2³².</param>
    public void Take(int now)
    {
        if (Length > 0)
        {
            if (_history[_at & _mask] == _history[(now - 1) & _mask])
            {
                Length = Math.Min(Length + 1, Most);
                if (Length % 16 == 0)
                    _failed = Math.Max(_failed - 1, 0);
            }
            else
                (Length, _failed) = (0, Math.Min(_failed + 1, Failures - 1));
            _at = (_at + 1) & _mask;
        }
        uint phase = 0;
        for (int i = 1; i <= _least; i++)
            phase = PhaseCode.Kicked(phase, _history[(now - i) & _mask]);
        ref int seen = ref _seen[PhaseCode.Address(phase, _least) >> (32 - Moments)];
        if (Length == 0 && seen != 0 && (uint)(now - seen) < _mask - Verified)
        {
            int length = 0;
            while (length < Verified && _history[(seen - 1 - length) & _mask] == _history[(now - 1 - length) & _mask])
                length++;
            if (length >= _least)
                (_at, Length) = (seen & _mask, length);
        }
        seen = now;
    }
}
