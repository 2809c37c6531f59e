using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery;

/// <summary>
/// What one part of a test has said about all segments: the most unusual segment, and the sum of all, which finds what is
/// too weak for any one. The laws of single segments are asymptotic, so a shift of all of them by a small part of a
/// deviation is allowed for before the sum counts.
/// </summary>
sealed class PartRecord(string test, string part)
{
    /// <summary>Deviations by which the mean of a good source's results may be off.</summary>
    const double Allowance = 0.05;

    double _least = 1, _sum, _whole = 1;
    long _leastPlace = -1;
    int _count;

    public string Test => test;

    public string Part => part;

    /// <summary>Takes the result of a segment.</summary>
    public void Segment(double p, long place)
    {
        // Not further than this: a result of exactly 1 is common among counts, and one of 0 is already found by itself.
        _sum += Math.Clamp(Special.TailQuantile(p), -4, 8);
        _count++;
        if (p < _least)
            (_least, _leastPlace) = (p, place);
    }

    /// <summary>Takes a result over the whole stream.</summary>
    public void Whole(double p) => _whole = p;

    /// <summary>The probability of the part.</summary>
    public double P => _count == 0 ? _whole : Math.Min(1, 2 * Math.Min(One, Together));

    /// <summary>Where the most unusual segment begins; −1 where it takes the whole to see it.</summary>
    public long Place => _count > 0 && One <= Together ? _leastPlace : -1;

    double One => Family.Sidak(_least, _count);

    double Together => _count < 2 ? 1 : Special.TwoSided(Math.Max(0, Math.Abs(_sum) - (Allowance * _count)) / Math.Sqrt(_count));
}
