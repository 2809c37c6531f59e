namespace Dum.Rhythm.Series;

/// <summary>
/// Tells slips among the first values of a signal, when nothing is known yet of what is usual: up to three that stand a hundred
/// times as far from the median as half of all do. More of them are no slips, and equal values tell nothing.
/// </summary>
static class EarlySlips
{
    /// <summary>Values after which they are looked at once.</summary>
    public const int Enough = 30;

    const int Most = 3;
    const double Far = 100;

    /// <summary>Which of the values are slips.</summary>
    /// <param name="values">Finite.</param>
    public static bool[] Among(ReadOnlySpan<double> values)
    {
        double middle = Median(values.ToArray());
        double[] away = new double[values.Length];
        for (int i = 0; i < away.Length; i++)
            away[i] = Math.Abs(values[i] - middle);
        double usual = Median([.. away]);
        bool[] slips = [.. away.Select(a => usual > 0 && a > Far * usual)];
        return slips.Count(s => s) <= Most ? slips : new bool[slips.Length];
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
