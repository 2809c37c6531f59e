using System.Globalization;
using System.Text.Json;

namespace Dum.Bench.Rhythm;

/// <summary>A file of the Numenta Anomaly Benchmark: values with their times, and the windows in which an anomaly is to be found.</summary>
/// <param name="Name">Its path within <c>data/</c>, with forward slashes.</param>
/// <param name="Times">As written, to the second.</param>
/// <param name="Values">As many.</param>
/// <param name="Windows">Indices of the first and last record of each window, in order.</param>
sealed record NabSeries(string Name, string[] Times, double[] Values, (int First, int Last)[] Windows)
{
    // "2014-04-01 00:00:00": windows carry a fraction after it that the data do not.
    const int Second = 19;

    /// <summary>Records at the start that are not scored: 15 % of the file, of its first 5,000 records.</summary>
    public int Probation => (int)Math.Ceiling(Math.Min(Math.Floor(0.15 * Values.Length), 0.15 * 5000));

    /// <summary>
    /// Whether parameters may be chosen on it: a bit of the name's FNV-1a hash splits the 58 files into 33 for choosing
    /// (64 windows) and 25 held out (52 windows).
    /// </summary>
    public bool ForChoosing
    {
        get
        {
            uint hash = 2166136261;
            foreach (char c in Name)
                hash = (hash ^ c) * 16777619;
            return ((hash >> 16) & 1) == 0;
        }
    }

    /// <summary>All files of a checkout of numenta/NAB, by name.</summary>
    /// <param name="folder">The checkout: <c>data</c> and <c>labels</c> lie in it.</param>
    /// <exception cref="DumException">It is no such checkout, or a file in it is damaged.</exception>
    public static IReadOnlyList<NabSeries> ReadAll(string folder)
    {
        string labels = Path.Combine(folder, "labels", "combined_windows.json");
        if (!File.Exists(labels))
            throw new DumException($"{folder} is no checkout of numenta/NAB: labels/combined_windows.json is not in it");
        Dictionary<string, string[][]> windows = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(File.ReadAllText(labels)) ?? [];
        return [.. windows.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => Read(folder, w.Key, w.Value))];
    }

    /// <summary>What a detector said of each record: the third column of its stored results.</summary>
    /// <param name="folder">The checkout.</param>
    /// <param name="detector">Name of a folder in <c>results</c>.</param>
    /// <exception cref="DumException">There are no such results, or not as many as records.</exception>
    public double[] Results(string folder, string detector)
    {
        string path = Path.Combine(folder, "results", detector, Path.GetDirectoryName(Name)!, $"{detector}_{Path.GetFileName(Name)}");
        double[] scores = [.. Rows(path).Select(cells => Number(path, cells, 2))];
        return scores.Length == Values.Length ? scores : throw new DumException($"{path} has {scores.Length} records where {Name} has {Values.Length}");
    }

    static NabSeries Read(string folder, string name, string[][] windows)
    {
        string path = Path.Combine(folder, "data", name);
        string[][] rows = [.. Rows(path)];
        string[] times = [.. rows.Select(r => Short(r[0]))];
        return new NabSeries(name, times, [.. rows.Select(r => Number(path, r, 1))], [.. windows.Select(w => (Find(w[0]), Find(w[1])))]);

        int Find(string time) => Array.IndexOf(times, Short(time)) is >= 0 and var at ? at : throw new DumException($"{path} has no record at {time}");
    }

    static string Short(string time) => time[..Math.Min(time.Length, Second)];

    static IEnumerable<string[]> Rows(string path) =>
        (File.Exists(path) ? File.ReadLines(path) : throw new DumException($"{path} does not exist")).Skip(1).Where(l => l.Length > 0).Select(l => l.Split(','));

    static double Number(string path, string[] cells, int at) =>
        cells.Length > at && double.TryParse(cells[at], NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v
        : throw new DumException($"{path}: a line has no number in column {at + 1}");
}
