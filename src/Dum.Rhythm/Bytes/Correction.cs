using System.Runtime.CompilerServices;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>Corrects a probability by what came of it in a context: a table over its logit, interpolated between 33 points (Mahoney's APM).</summary>
sealed class Correction
{
    const int Points = 33, Width = 128;

    readonly ushort[] _table;
    readonly int _rate;
    int _at;

    /// <param name="contexts">How many there are.</param>
    /// <param name="rate">A point moves by 2^−rate of its error.</param>
    public Correction(int contexts, int rate)
    {
        (_table, _rate) = (new ushort[contexts * Points], rate);
        for (int i = 0; i < _table.Length; i++)
            _table[i] = (ushort)Logistic.Squash(((i % Points) - (Points / 2)) * Width);
    }

    /// <summary>The corrected probability, of 65536.</summary>
    /// <param name="logit">±2047.</param>
    /// <param name="context">Which row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Look(int logit, int context)
    {
        int place = logit + 2048, low = place / Width, share = place % Width, at = (context * Points) + low;
        int p = ((_table[at] * (Width - share)) + (_table[at + 1] * share)) / Width;
        _at = share >= Width / 2 ? at + 1 : at;
        return Math.Clamp(p, 1, 65535);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(int bit)
    {
        ref ushort p = ref _table[_at];
        p = (ushort)(p + ((((bit << 16) - bit) - p) >> _rate));
    }
}
