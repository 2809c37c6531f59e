using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>What a readout may look at, per oscillator.</summary>
[Flags]
public enum Features
{
    /// <summary>Re z and Im z.</summary>
    Linear = 1,

    /// <summary>|z|².</summary>
    Energy = 2,

    /// <summary>Re and Im of z_j·z̄_(j+1).</summary>
    Neighbours = 4,
}

/// <summary>Turns the state of a medium into numbers for a readout: 1, the inputs, then ring by ring what was asked for.</summary>
public sealed class FeatureMap
{
    readonly Medium<double> _medium;
    readonly Features[] _of;

    /// <summary>The same features of every ring, or a choice for each.</summary>
    public FeatureMap(Medium<double> medium, params Features[] of)
    {
        _medium = medium;
        _of = of.Length == medium.Rings ? of : of.Length == 1 ? [.. Enumerable.Repeat(of[0], medium.Rings)] : throw new ArgumentException("one choice, or one for each ring", nameof(of));
        Count = 1 + medium.Inputs.Length;
        for (int r = 0; r < _of.Length; r++)
            Count += medium.Real(r).Length * ((_of[r].HasFlag(Features.Linear) ? 2 : 0) + (_of[r].HasFlag(Features.Energy) ? 1 : 0) + (_of[r].HasFlag(Features.Neighbours) ? 2 : 0));
    }

    /// <summary>Numbers per sample, F; Re and Im count as two.</summary>
    public int Count { get; }

    /// <summary>Writes F numbers.</summary>
    public void Read(Span<double> to)
    {
        to[0] = 1;
        _medium.Inputs.CopyTo(to[1..]);
        int at = 1 + _medium.Inputs.Length;
        for (int r = 0; r < _of.Length; r++)
        {
            ReadOnlySpan<double> re = _medium.Real(r), im = _medium.Imaginary(r);
            int n = re.Length;
            if (_of[r].HasFlag(Features.Linear))
            {
                re.CopyTo(to[at..]);
                im.CopyTo(to[(at + n)..]);
                at += 2 * n;
            }
            if (_of[r].HasFlag(Features.Energy))
            {
                for (int j = 0; j < n; j++)
                    to[at + j] = (re[j] * re[j]) + (im[j] * im[j]);
                at += n;
            }
            if (_of[r].HasFlag(Features.Neighbours))
            {
                for (int j = 0; j < n; j++)
                {
                    int k = j + 1 < n ? j + 1 : 0;
                    (to[at + j], to[at + n + j]) = ((re[j] * re[k]) + (im[j] * im[k]), (im[j] * re[k]) - (re[j] * im[k]));
                }
                at += 2 * n;
            }
        }
    }
}
