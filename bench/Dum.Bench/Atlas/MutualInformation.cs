namespace Dum.Bench;

/// <summary>Agreement of two ways to group the same things.</summary>
static class MutualInformation
{
    /// <summary>Adjusted mutual information with the mean entropy below (Vinh, Epps and Bailey, JMLR 2010): 0 for chance, 1 for the same grouping.</summary>
    public static double Adjusted(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int n = a.Length;
        var both = new Dictionary<(int, int), int>();
        Dictionary<int, int> left = [], right = [];
        for (int i = 0; i < n; i++)
        {
            both[(a[i], b[i])] = both.GetValueOrDefault((a[i], b[i])) + 1;
            left[a[i]] = left.GetValueOrDefault(a[i]) + 1;
            right[b[i]] = right.GetValueOrDefault(b[i]) + 1;
        }
        double mutual = both.Sum(p => (double)p.Value / n * Math.Log((double)n * p.Value / ((double)left[p.Key.Item1] * right[p.Key.Item2])));
        double expected = Expected([.. left.Values], [.. right.Values], n), mean = (Entropy(left.Values, n) + Entropy(right.Values, n)) / 2;
        return mean - expected <= 1e-12 ? 1 : (mutual - expected) / (mean - expected);
    }

    static double Entropy(IEnumerable<int> counts, int n) => -counts.Sum(c => (double)c / n * Math.Log((double)c / n));

    /// <summary>What two random groupings of these sizes share, under the hypergeometric distribution. Equal sizes are counted once.</summary>
    static double Expected(int[] left, int[] right, int n)
    {
        var factorial = new double[n + 1];
        for (int i = 1; i <= n; i++)
            factorial[i] = factorial[i - 1] + Math.Log(i);
        double sum = 0;
        foreach (IGrouping<int, int> l in left.GroupBy(x => x))
            foreach (IGrouping<int, int> r in right.GroupBy(x => x))
            {
                int a = l.Key, b = r.Key;
                double inner = 0;
                for (int k = Math.Max(1, a + b - n); k <= Math.Min(a, b); k++)
                    inner += (double)k / n * Math.Log((double)n * k / ((double)a * b)) * Math.Exp(factorial[a] + factorial[b] + factorial[n - a] + factorial[n - b]
                        - factorial[n] - factorial[k] - factorial[a - k] - factorial[b - k] - factorial[n - a - b + k]);
                sum += inner * l.Count() * r.Count();
            }
        return sum;
    }
}
