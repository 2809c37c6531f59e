using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// The medium for signals nobody has looked at yet: for each column rings of resonators three octaves apart, from one
/// sample to the longest period asked for, and one ring of phase-modulated oscillators that listens to the fastest of each.
/// </summary>
public static class StreamMedium
{
    /// <summary>Most columns of a signal.</summary>
    public const int MostColumns = 64;

    const int Octaves = 3, MostResonators = 16, Ears = 4, Delays = 8;
    const double FastDamping = 0.12;

    /// <summary>Rings that each column has of its own.</summary>
    public static int RingsPerColumn(int longest) => 1 + (int)Math.Ceiling(Math.Max(0, Math.Log2(longest / 24.0)) / Octaves);

    /// <summary>Makes the medium, at rest.</summary>
    /// <param name="columns">Inputs, 1…<see cref="MostColumns"/>.</param>
    /// <param name="longest">Longest period it should resonate with, in samples.</param>
    /// <param name="seed">Key of the random structure.</param>
    public static Medium<double> Make(int columns, int longest, ulong seed)
    {
        int scales = RingsPerColumn(longest), resonators = Math.Max(4, MostResonators / Math.Max(1, columns / 2)), listeners = columns <= 4 ? 64 : 96;
        var rings = new List<Ring>();
        for (int c = 0; c < columns; c++)
            for (int s = 0; s < scales; s++)
            {
                double slower = 1.0 / (1 << (Octaves * s)), damping = FastDamping * slower;
                Ring echo = RingPresets.Echo(resonators, damping, c, columns, Math.PI * slower);
                // Of unit size when white noise of unit size comes in.
                for (int i = 0; i < echo.Structure.GainReal.Length; i++)
                    echo.Structure.GainReal[i] *= resonators * Math.Sqrt(2 * damping);
                rings.Add(echo);
            }
        Listening[] hears = [.. Enumerable.Range(0, Delays).SelectMany(d => Enumerable.Range(0, columns).Select(c => new Listening(c * scales, d)))];
        rings.Add(RingPresets.Resonance(listeners, new ResonanceOptions { Ears = Ears, Strength = 0.5, Damping = 1.2, Spread = 1, Now = columns }, hears, columns, seed));
        return new Medium<double>(new MediumParameters { Inputs = columns, Seed = seed, Rings = rings });
    }

    /// <summary>What a readout sees of it.</summary>
    public static FeatureMap Map(Medium<double> medium) => new(medium, Features.Linear);
}
