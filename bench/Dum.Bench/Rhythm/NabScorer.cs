namespace Dum.Bench.Rhythm;

/// <summary>What findings are worth to somebody.</summary>
/// <param name="Name">As NAB calls it.</param>
/// <param name="FalseAlarm">Cost of a false alarm far from any window.</param>
/// <param name="Miss">Cost of a window in which nothing was found; finding one at its start is worth 1.</param>
sealed record NabProfile(string Name, double FalseAlarm, double Miss)
{
    public static NabProfile Standard { get; } = new("standard", 0.11, 1);

    public static NabProfile LowFalseAlarms { get; } = new("reward low FP", 0.22, 1);

    public static NabProfile LowMisses { get; } = new("reward low FN", 0.11, 2);
}

/// <summary>The score of a detector.</summary>
/// <param name="Score">100 for every window found at once with no false alarm, 0 for silence.</param>
/// <param name="Threshold">Records that score as much or more are alarms.</param>
/// <param name="Found">Windows with an alarm.</param>
/// <param name="Windows">All windows.</param>
/// <param name="FalseAlarms">Alarms outside windows.</param>
readonly record struct NabScore(double Score, double Threshold, int Found, int Windows, int FalseAlarms);

/// <summary>
/// Scores as the Numenta Anomaly Benchmark 1.1 does (Lavin and Ahmad 2015): a window pays for its earliest alarm along a
/// falling sigmoid, alarms outside cost less just behind a window than far from it, the first 15 % are not scored, and one
/// threshold serves all files.
/// </summary>
static class NabScorer
{
    /// <summary>What an alarm at each record is worth: 1 … 0 along a window, 0 … −1 behind it and outside.</summary>
    public static double[] Worth(NabSeries series)
    {
        var worth = new double[series.Values.Length];
        Array.Fill(worth, -1);
        double most = Sigmoid(-1);
        for (int w = 0; w < series.Windows.Length; w++)
        {
            (int first, int last) = series.Windows[w];
            int width = last - first + 1, next = w + 1 < series.Windows.Length ? series.Windows[w + 1].First : worth.Length;
            for (int i = first; i <= last; i++)
                worth[i] = Sigmoid(-(last - i + 1) / (double)width) / most;
            for (int i = last + 1; i < next; i++)
                worth[i] = Sigmoid((i - last) / (double)(width - 1));
        }
        return worth;
    }

    /// <summary>The score at a threshold, or at the best one for the profile.</summary>
    /// <param name="said">Files with what a detector said of each of their records.</param>
    /// <param name="profile">What findings are worth.</param>
    /// <param name="threshold">Null for the best.</param>
    public static NabScore Score(IReadOnlyList<(NabSeries Series, double[] Scores)> said, NabProfile profile, double? threshold = null)
    {
        var records = new List<(double Score, double Worth, int Window)>();
        int windows = 0;
        foreach ((NabSeries series, double[] scores) in said)
        {
            double[] worth = Worth(series);
            for (int i = series.Probation; i < scores.Length; i++)
            {
                int inside = Array.FindIndex(series.Windows, w => i >= w.First && i <= w.Last);
                records.Add((scores[i], worth[i], inside < 0 ? -1 : windows + inside));
            }
            windows += series.Windows.Length;
        }
        records.Sort((a, b) => b.Score.CompareTo(a.Score));

        var paid = new double[windows];
        Array.Fill(paid, -profile.Miss);
        double sum = -profile.Miss * windows;
        int found = 0, alarms = 0;
        var best = new NabScore(sum, double.PositiveInfinity, 0, windows, 0);
        for (int i = 0; i < records.Count && (threshold is null || records[i].Score >= threshold);)
        {
            double level = records[i].Score;
            for (; i < records.Count && records[i].Score == level; i++)
            {
                (_, double worth, int window) = records[i];
                if (window < 0)
                {
                    (sum, alarms) = (sum + (profile.FalseAlarm * worth), alarms + 1);
                    continue;
                }
                found += paid[window] < 0 ? 1 : 0;
                sum += Math.Max(0, worth - paid[window]);
                paid[window] = Math.Max(worth, paid[window]);
            }
            if (threshold is not null || sum > best.Score)
                best = new NabScore(sum, level, found, windows, alarms);
        }
        double silence = -profile.Miss * windows, perfect = windows;
        return best with { Score = 100 * (best.Score - silence) / (perfect - silence), Threshold = threshold ?? best.Threshold };
    }

    /// <summary>NAB's scaled sigmoid: 0.987 at −1, the start of a window; 0 at its end; −1 from three widths behind it.</summary>
    static double Sigmoid(double position) => position > 3 ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;
}
