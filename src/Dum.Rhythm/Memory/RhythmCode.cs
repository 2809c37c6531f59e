using System.Globalization;
using System.Numerics;
using Dum.Numerics;

namespace Dum.Rhythm.Memory;

/// <summary>A rhythm as a person writes it: strokes such as <c>x..x..x.</c>, or numbers; <c>?</c> for what is not known.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">Its samples; NaN for what is not known.</param>
/// <param name="Strokes">True when it was written as strokes.</param>
public sealed record RhythmCode(string Name, double[] Values, bool Strokes)
{
    // Half a turn times this, at most, for a value far from the mean: ends of the scale stay apart.
    const double Reach = 0.8, Soft = 1.5;

    // Strokes stand a third of a turn from rests: at half a turn a rhythm and its inverse would be one up to their phase.
    const double Stroke = 2 * Math.PI / 3;

    /// <summary>Reads 'name: x..x..x.' or 'name, 1, 2.5, ?, 3'; without a name the whole line is the rhythm.</summary>
    /// <exception cref="DumException">The line is no rhythm.</exception>
    public static RhythmCode Parse(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal), comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            string strokes = line[(colon + 1)..].Trim();
            if (strokes.Length is 0 or > RhythmStore.MostLength || !strokes.All(c => c is 'x' or 'X' or '.' or '-' or '?' or '|' or ' '))
                throw Wrong(line);
            return new RhythmCode(colon < 0 ? "" : line[..colon].Trim(), [.. strokes.Where(c => c is not ('|' or ' ')).Select(c => c is 'x' or 'X' ? 1 : c == '?' ? double.NaN : 0.0)], true);
        }
        string[] cells = line.Split(',');
        bool named = Number(cells[0]) is null;
        double?[] numbers = [.. cells[(named ? 1 : 0)..].Select(Number)];
        if (numbers.Length is 0 or > RhythmStore.MostLength || numbers.Any(n => n is null))
            throw Wrong(line);
        return new RhythmCode(named ? cells[0].Trim() : "", [.. numbers.Select(n => n!.Value)], false);
    }

    /// <summary>Phases: strokes stand a third of a turn from rests, numbers by how far they lie from their mean. Unknown samples are 0.</summary>
    /// <param name="length">Length of the pattern.</param>
    /// <param name="offset">Where in it the rhythm begins.</param>
    public Complex[] Phases(int length, int offset)
    {
        var pattern = new Complex[length];
        (double mean, double spread) = Scale();
        for (int i = 0; i < Values.Length && offset + i < length; i++)
        {
            if (!double.IsFinite(Values[i]))
                continue;
            double angle = Strokes ? Values[i] * Stroke : spread > 0 ? Math.PI * Reach * Bent((Values[i] - mean) / spread / Soft) : 0;
            (double sin, double cos) = FixedMath.SinCos(angle);
            pattern[offset + i] = new Complex(cos, sin);
        }
        return pattern;
    }

    /// <summary>Mean and standard deviation of what is known; 0 where nothing is.</summary>
    (double Mean, double Spread) Scale()
    {
        double sum = 0, squares = 0;
        int known = 0;
        foreach (double v in Values)
            (sum, known) = double.IsFinite(v) ? (sum + v, known + 1) : (sum, known);
        double mean = sum / Math.Max(known, 1);
        foreach (double v in Values)
            squares += double.IsFinite(v) ? (v - mean) * (v - mean) : 0;
        return (mean, Math.Sqrt(squares / Math.Max(known, 1)));
    }

    /// <summary>tanh x.</summary>
    static double Bent(double x) => 1 - (2 / (FixedMath.Exp(2 * x) + 1));

    static double? Number(string cell) =>
        cell.Trim() is "" or "?" or "NaN" ? double.NaN : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && Math.Abs(v) < 1e100 ? v : null;

    static DumException Wrong(string line)
    {
        string shown = line.Length > 40 ? line[..40] + "…" : line;
        return new DumException(Tongue.Say(
            $"'{shown}' is no rhythm: write 'name: x..x..x.' or 'name, 1, 2.5, ?, 3'", $"«{shown}» — не ритм: пишите 'имя: x..x..x.' или 'имя, 1, 2.5, ?, 3'"));
    }
}
