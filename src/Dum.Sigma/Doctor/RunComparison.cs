using System.Globalization;
using System.Text.RegularExpressions;

namespace Dum.Sigma.Doctor;

/// <summary>
/// Compares two recordings row by row under the places where rows belong, so that runs in other batches, with other threads or
/// from other machines can be laid side by side. What comes first is decided by the order of the first run.
/// </summary>
public static partial class RunComparison
{
    /// <summary>Units in the last place up to which another order of the same sum is the likely cause.</summary>
    const long FewUlps = 1 << 12;

    /// <summary>Compares.</summary>
    /// <param name="first">Its order decides what is first.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="DumException">They are of two models or two texts, or have no row in common.</exception>
    public static ComparisonResult Of(Recording first, Recording second)
    {
        if (Differ(first, second, "model"))
            throw new DumException(Tongue.Say("the recordings are of two models, so there is nothing to compare: record one model twice", "записи сделаны с двух моделей, сравнивать нечего: запишите дважды одну"));
        var index = new Dictionary<(string Operation, Place Place), (RecordedResult Result, int Walk, int Row)>();
        long rows = 0;
        foreach ((RecordedResult result, int walk) in Results(second))
            for (int r = 0; r < result.Places.Length; r++, rows++)
                index[(result.Operation, result.Places[r])] = (result, walk, r);
        long compared = 0, alone = 0, read = 0, otherwise = 0;
        Divergence? divergence = null;
        foreach ((RecordedResult result, int walk) in Results(first))
            for (int r = 0; r < result.Places.Length; r++)
            {
                if (!index.TryGetValue((result.Operation, result.Places[r]), out (RecordedResult Result, int Walk, int Row) other))
                {
                    alone++;
                    continue;
                }
                compared++;
                if (result.Operation == NamedKernels.Embedding)
                {
                    read++;
                    otherwise += result.Hashes[r] != other.Result.Hashes[other.Row] ? 1 : 0;
                }
                if (divergence is null && (result.Hashes[r] != other.Result.Hashes[other.Row] || result.Columns != other.Result.Columns))
                    divergence = Describe(first, second, result, walk, r, other, index);
            }
        if (compared == 0)
            throw new DumException(Tongue.Say("the two recordings have no row in common: they are not of the same run", "в двух записях нет ни одной общей строки: это разные прогоны"));
        // A fault in the embedding spoils a row or leaves all places wrong with the same text; other tokens are no fault.
        if (Differ(first, second, "text") && otherwise * 4 > read)
            throw new DumException(Tongue.Say(
                "the recordings are of two texts, or of one cut otherwise (--prompt, --steps), so there is nothing to compare: record the same tokens twice",
                "записи сделаны с двух текстов или с одного, нарезанного иначе (--prompt, --steps), сравнивать нечего: запишите дважды одни и те же токены"));
        alone += rows - compared;
        return new ComparisonResult(Settings(first, second), compared, alone, divergence, Prints(first, second));
    }

    /// <summary>Whether both say what they were made with, and not the same.</summary>
    static bool Differ(Recording first, Recording second, string setting)
    {
        string? a = Of(first), b = Of(second);
        return a is not null && b is not null && a != b;

        string? Of(Recording recording) => recording.Settings.FirstOrDefault(s => s.Key == setting).Value;
    }

    static IEnumerable<(RecordedResult Result, int Walk)> Results(Recording recording) =>
        recording.Walks.SelectMany((walk, i) => walk.Select(result => (result, i + 1)));

    static Divergence Describe(
        Recording first, Recording second, RecordedResult a, int walk, int row, (RecordedResult Result, int Walk, int Row) b,
        Dictionary<(string, Place), (RecordedResult Result, int Walk, int Row)> index)
    {
        int column = -1, apart = 0;
        long ulps = 0;
        float[]? x = a.Values < 0 || b.Result.Values < 0 || a.Columns != b.Result.Columns ? null : first.Row(a, row);
        float[]? y = x is null ? null : second.Row(b.Result, b.Row);
        for (int c = 0; x is not null && c < x.Length; c++)
        {
            long distance = Ulps(x[c], y![c]);
            if (distance == 0)
                continue;
            column = column < 0 ? c : column;
            apart++;
            ulps = Math.Max(ulps, distance);
        }
        return new Divergence
        {
            Operation = a.Operation,
            Layer = LayerNumber().Match(a.Operation) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1,
            Place = a.Places[row],
            Column = column,
            ColumnsApart = apart,
            Columns = a.Columns,
            Ulps = ulps,
            Nature = Nature(x, y, apart, ulps),
            First = new DivergenceSide(walk, a.Places.Length, row, column < 0 ? float.NaN : x![column]),
            Second = new DivergenceSide(b.Walk, b.Result.Places.Length, b.Row, column < 0 ? float.NaN : y![column]),
            Boundary = Boundary(first, a.Operation, index),
        };
    }

    /// <summary>
    /// Sorts the calls of an operation by how many rows they had. Only rows count of whose sequence everything before agrees:
    /// what comes after is a consequence.
    /// </summary>
    static BatchBoundary? Boundary(Recording first, string operation, Dictionary<(string, Place), (RecordedResult Result, int Walk, int Row)> index)
    {
        var parted = new HashSet<int>();
        var firstSizes = new SortedDictionary<int, (int Agree, int Part)>();
        var secondSizes = new SortedDictionary<int, (int Agree, int Part)>();
        var now = new List<int>();
        foreach ((RecordedResult result, _) in Results(first))
        {
            now.Clear();
            for (int r = 0; r < result.Places.Length; r++)
            {
                if (parted.Contains(result.Places[r].Sequence) || !index.TryGetValue((result.Operation, result.Places[r]), out var other))
                    continue;
                bool same = result.Hashes[r] == other.Result.Hashes[other.Row];
                if (!same)
                    now.Add(result.Places[r].Sequence);
                if (result.Operation != operation)
                    continue;
                Count(firstSizes, result.Places.Length, same);
                Count(secondSizes, other.Result.Places.Length, same);
            }
            parted.UnionWith(now);
        }
        return Between(secondSizes, second: true) ?? Between(firstSizes, second: false);

        static void Count(SortedDictionary<int, (int Agree, int Part)> sizes, int rows, bool same)
        {
            (int agree, int part) = sizes.GetValueOrDefault(rows);
            sizes[rows] = same ? (agree + 1, part) : (agree, part + 1);
        }
    }

    /// <summary>Calls of a size differ when most of their rows do: single rows may have the same bits by chance, and a single fault is no matter of size.</summary>
    static BatchBoundary? Between(SortedDictionary<int, (int Agree, int Part)> sizes, bool second)
    {
        int from = sizes.FirstOrDefault(s => s.Value.Part > s.Value.Agree).Key, below = sizes.LastOrDefault(s => s.Value.Part == 0).Key;
        return below > 0 && below < from ? new BatchBoundary(second, below, from) : null;
    }

    static DivergenceNature Nature(float[]? x, float[]? y, int apart, long ulps)
    {
        if (x is null || y is null || apart == 0)
            return DivergenceNature.Unknown;
        if (apart == 1 && ulps == 1)
            return DivergenceNature.OneUlp;
        if (IsRounded(x, y) || IsRounded(y, x))
            return DivergenceNature.Format;
        double scale = Math.Sqrt(x.Average(v => (double)v * v));
        // Where terms cancel, few units of the sum are many of the small result: the row's own size decides as well.
        double worst = x.Zip(y, (p, q) => Math.Abs((double)p - q)).Max();
        return ulps <= FewUlps || worst <= scale * 1e-5 ? DivergenceNature.Order : DivergenceNature.Values;
    }

    /// <summary>Whether all numbers of one row are those of the other with fewer bits of mantissa.</summary>
    static bool IsRounded(float[] fine, float[] coarse)
    {
        uint used = 0;
        double worst = 0;
        for (int i = 0; i < fine.Length; i++)
        {
            used |= BitConverter.SingleToUInt32Bits(coarse[i]);
            if (fine[i] != 0 && float.IsFinite(fine[i]))
                worst = Math.Max(worst, Math.Abs(((double)coarse[i] - fine[i]) / fine[i]));
        }
        int free = System.Numerics.BitOperations.TrailingZeroCount(used | (1u << 23));
        return free >= 8 && worst <= Math.Pow(2, free - 24) * 1.001;
    }

    /// <summary>Floats between two numbers; 0 for the same bits only.</summary>
    static long Ulps(float a, float b)
    {
        int p = BitConverter.SingleToInt32Bits(a), q = BitConverter.SingleToInt32Bits(b);
        return p == q ? 0 : Math.Max(1, Math.Abs((p < 0 ? int.MinValue - (long)p : p) - (q < 0 ? int.MinValue - (long)q : q)));
    }

    static List<(string, string, string)> Settings(Recording first, Recording second)
    {
        var others = second.Settings.ToDictionary(s => s.Key, s => s.Value);
        // What was read is told by the rows themselves: recordings of different lengths of one text differ in this setting alone.
        return [.. first.Settings.Where(s => s.Key != "text" && others.GetValueOrDefault(s.Key) != s.Value).Select(s => (s.Key, s.Value, others.GetValueOrDefault(s.Key, "")))];
    }

    static List<(string, int, int)> Prints(Recording first, Recording second) =>
        [.. first.Prints.Where(p => p.Value.Count > 0 && second.Prints.TryGetValue(p.Key, out ResidualPrint? other) && other.Count > 0 && other.MantissaBits != p.Value.MantissaBits)
            .Select(p => (p.Key, p.Value.MantissaBits, second.Prints[p.Key].MantissaBits))];

    [GeneratedRegex(@"layers\.(\d+)\.")]
    private static partial Regex LayerNumber();
}
