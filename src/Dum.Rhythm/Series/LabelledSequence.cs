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
    const int MostChannels = 1024, MostLine = 1 << 22;

    /// <summary>
    /// Reads sequences to learn from: the .ts format of the time-series archive (channels parted by ':', numbers by ',', the
    /// label last), or lines of 'label,number,number…' for one channel.
    /// </summary>
    /// <exception cref="DumException">The file cannot be read, or a line is not a sequence; names the line.</exception>
    public static List<LabelledSequence> ReadFile(string path)
    {
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > MostBytes)
                throw new DumException(Tongue.Say($"{path} is larger than 1 GiB: cut it", $"{path} больше 1 ГиБ: разделите его"));
            using StreamReader input = File.OpenText(path);
            List<LabelledSequence> found = [.. Read(input, IsArchive(path), 0, (line, channels) => throw new DumException(channels == 0
                ? Tongue.Say($"{path}, line {line}: not a sequence", $"{path}, строка {line}: не последовательность")
                : Tongue.Say($"{path}, line {line}: {channels} channels, the first sequence has another number of them", $"{path}, строка {line}: каналов {channels}, а у первой последовательности другое число")))];
            return found.Count > 0 ? found : throw new DumException(Tongue.Say($"{path} holds no sequence", $"в {path} нет последовательностей"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
    }

    /// <summary>Whether a file of this name is in the form of the time-series archive.</summary>
    public static bool IsArchive(string path) => path.EndsWith(".ts", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads sequences as they come, from a stream that may be endless.</summary>
    /// <param name="input">Stays open.</param>
    /// <param name="archive">Lines are of the archive's form.</param>
    /// <param name="channels">Numbers of a sample; 0 for as many as the first sequence has.</param>
    /// <param name="wrong">Told the number of a line that does not fit, and its channels, 0 where it is no sequence at all; says whether to go on.</param>
    public static IEnumerable<LabelledSequence> Read(TextReader input, bool archive, int channels, Func<long, int, bool> wrong)
    {
        var lines = new LineReader(input, MostLine);
        while (lines.Next() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line) || line[0] is '#' or '@')
                continue;
            LabelledSequence? one = archive ? Archive(line) : Plain(line);
            int width = one?.Samples[0].Length ?? 0;
            channels = channels == 0 ? width : channels;
            if (one is not null && width == channels)
                yield return one;
            else if (!wrong(lines.Lines, width))
                yield break;
        }
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
