using System.Globalization;
using Dum.Files;

namespace Dum.Rhythm.Series;

/// <summary>One sequence and what it is.</summary>
/// <param name="Label">Its class; empty where it is not known.</param>
/// <param name="Samples">Samples in order, D numbers each.</param>
public sealed record LabelledSequence(string Label, double[][] Samples)
{
    // Sequences are held in memory: what a person would classify fits many times over.
    const long MostBytes = 1L << 30;
    const int MostChannels = 1024;

    /// <summary>
    /// Reads sequences: the .ts format of the time-series archive (channels parted by ':', numbers by ',', the label last),
    /// or lines of 'label,number,number…' for one channel.
    /// </summary>
    /// <exception cref="DumException">The file cannot be read, or a line is not a sequence; names the line.</exception>
    public static List<LabelledSequence> ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new DumException(Tongue.Say($"{path} does not exist", $"{path} не существует"));
            if (file.Length > MostBytes)
                throw new DumException(Tongue.Say($"{path} is larger than 1 GiB: cut it", $"{path} больше 1 ГиБ: разделите его"));
            return Read(File.ReadLines(path), path, path.EndsWith(".ts", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
    }

    static List<LabelledSequence> Read(IEnumerable<string> lines, string path, bool archive)
    {
        var found = new List<LabelledSequence>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line[0] is '#' or '@')
                continue;
            LabelledSequence? one = archive ? Archive(line) : Plain(line);
            found.Add(one ?? throw new DumException(Tongue.Say($"{path}, line {number}: not a sequence", $"{path}, строка {number}: не последовательность")));
            if (one.Samples[0].Length != found[0].Samples[0].Length)
                throw new DumException(Tongue.Say(
                    $"{path}, line {number}: {one.Samples[0].Length} channels where the first sequence has {found[0].Samples[0].Length}",
                    $"{path}, строка {number}: каналов {one.Samples[0].Length}, а у первой последовательности {found[0].Samples[0].Length}"));
        }
        return found.Count > 0 ? found : throw new DumException(Tongue.Say($"{path} holds no sequence", $"в {path} нет последовательностей"));
    }

    static LabelledSequence? Archive(string line)
    {
        string[] parts = line.Split(':');
        if (parts.Length is < 2 or > MostChannels)
            return null;
        double[][] channels = [.. parts[..^1].Select(Numbers)];
        int length = channels[0].Length;
        if (length == 0 || channels.Any(c => c.Length != length))
            return null;
        return new LabelledSequence(parts[^1].Trim(), [.. Enumerable.Range(0, length).Select(t => channels.Select(c => c[t]).ToArray())]);
    }

    static LabelledSequence? Plain(string line)
    {
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        double[] values = comma < 0 ? [] : Numbers(line[(comma + 1)..]);
        return values.Length == 0 ? null : new LabelledSequence(line[..comma].Trim(), [.. values.Select(v => new[] { v })]);
    }

    /// <summary>Numbers parted by commas; a gap repeats what stood before it. Empty when something is no number.</summary>
    static double[] Numbers(string text)
    {
        string[] parts = text.Split(',');
        var values = new double[parts.Length];
        double last = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[i].Trim();
            if (part is "" or "?" or "NaN" or "nan")
                values[i] = last;
            else if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && Math.Abs(v) < 1e100)
                values[i] = last = v;
            else
                return [];
        }
        return values;
    }
}
