using System.Text.Json;
using Dum.Rhythm.Rings;

namespace Dum.App.Views.Rhythm;

/// <summary>What a page shows of a medium: the last moments of its rings, and the mean energy of each oscillator over all time. Bounded.</summary>
/// <param name="medium">The medium as it runs.</param>
/// <param name="resonators">How many rings, from the first on, are banks of resonators: those make up the spectrum.</param>
sealed class RingFrames(Medium<double> medium, int resonators)
{
    const int Moments = 240, MostShown = 24;

    readonly Queue<double[]> _frames = new();
    readonly double[][] _energy = [.. Enumerable.Range(0, medium.Rings).Select(r => new double[medium.Real(r).Length])];
    long _count;

    /// <summary>Takes the medium as it is now.</summary>
    public void Take()
    {
        _count++;
        var frame = new List<double>();
        for (int r = 0; r < medium.Rings; r++)
        {
            ReadOnlySpan<double> re = medium.Real(r), im = medium.Imaginary(r);
            for (int j = 0; j < re.Length; j++)
            {
                _energy[r][j] += (re[j] * re[j]) + (im[j] * im[j]);
                if (j < MostShown)
                    frame.AddRange([re[j], im[j]]);
            }
        }
        Keep(_frames, [.. frame]);
    }

    /// <summary>Keeps as many rows as there are moments.</summary>
    public static void Keep(Queue<double[]> of, double[] row)
    {
        of.Enqueue(row);
        if (of.Count > Moments)
            of.Dequeue();
    }

    /// <summary>Writes <c>rings</c> (shortest and longest period, none for one that listens), <c>frames</c> (for each ring in turn, real and imaginary parts of some of its oscillators) and <c>spectrum</c> (period, mean energy).</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("rings");
        for (int r = 0; r < medium.Rings; r++)
        {
            double[] omega = medium.Parameters.Rings[r].Rhythm.Omega;
            json.WriteStartObject();
            json.WriteNumber("shown", Math.Min(MostShown, omega.Length));
            if (r < resonators || medium.Parameters.Rings[r].Structure.Listens.Length == 0)
            {
                json.WriteNumber("from", Math.Round(Period(omega[^1]), 1));
                json.WriteNumber("to", Math.Round(Period(omega[0]), 1));
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Rows(json, "frames", _frames, 3);
        Rows(json, "spectrum", Enumerable.Range(0, resonators)
            .SelectMany(r => _energy[r].Select((e, j) => new[] { Period(medium.Parameters.Rings[r].Rhythm.Omega[j]), e / Math.Max(_count, 1) }))
            .OrderBy(p => p[0]), 6);
    }

    /// <summary>Writes rows of numbers; null for what is not finite.</summary>
    public static void Rows(Utf8JsonWriter json, string name, IEnumerable<double[]> rows, int digits)
    {
        json.WriteStartArray(name);
        foreach (double[] row in rows)
        {
            json.WriteStartArray();
            foreach (double value in row)
                if (double.IsFinite(value))
                    json.WriteNumberValue(Math.Abs(value) < 1e9 ? Math.Round(value, digits) : value);
                else
                    json.WriteNullValue();
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    static double Period(double omega) => 2 * Math.PI / omega;
}
