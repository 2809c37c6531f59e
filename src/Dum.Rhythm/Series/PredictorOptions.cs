using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// A medium for signals: for each input a ring of resonators that remembers it, and one ring of phase-modulated
/// oscillators that listens to those memories and bends what it hears. Time between samples is 1.
/// </summary>
public sealed record PredictorOptions
{
    /// <summary>Inputs D.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>Resonators of each memory.</summary>
    public int Echo { get; init; } = 24;

    /// <summary>Their damping, per sample.</summary>
    public double Damping { get; init; } = 0.1;

    /// <summary>Their highest frequency, radians per sample.</summary>
    public double Band { get; init; } = Math.PI;

    /// <summary>The listener hears each input now and at delays from this one on.</summary>
    public int FirstDelay { get; init; } = 1;

    /// <summary>How many delays besides now.</summary>
    public int Delays { get; init; } = 15;

    /// <summary>Oscillators of the listener.</summary>
    public int Resonances { get; init; } = 100;

    /// <summary>How the listener is tuned; its <see cref="ResonanceOptions.Now"/> other than 0 sends the first ear of each oscillator to an input as it is now.</summary>
    public ResonanceOptions Tuning { get; init; } = new();

    /// <summary>Whether the readout sees |z|² too.</summary>
    public bool Energy { get; init; }

    /// <summary>Penalty of the readout per sample.</summary>
    public double Ridge { get; init; } = 1e-6;

    /// <summary>Steps of iterated refinement where the readout is solved at once.</summary>
    public int Refinements { get; init; } = 1;

    /// <summary>Standard deviation of noise added to the inputs while learning.</summary>
    public double Noise { get; init; }

    /// <summary>Numbers that the readout sees.</summary>
    public int Features => 1 + Inputs + (((Inputs * Echo) + Resonances) * (Energy ? 3 : 2));

    /// <summary>The medium, at rest.</summary>
    /// <param name="seed">Key of its random structure.</param>
    public Medium<double> Medium(ulong seed)
    {
        Listening[] hears = [.. Enumerable.Range(0, Inputs).Select(i => new Listening(i, 0)),
            .. Enumerable.Range(FirstDelay, Delays).SelectMany(d => Enumerable.Range(0, Inputs).Select(i => new Listening(i, d)))];
        Ring listener = RingPresets.Resonance(Resonances, Tuning with { Now = Tuning.Now > 0 ? Inputs : 0 }, hears, Inputs, seed);
        return new Medium<double>(new MediumParameters
        {
            Inputs = Inputs,
            Seed = seed,
            Rings = [.. Enumerable.Range(0, Inputs).Select(i => RingPresets.Echo(Echo, Damping, i, Inputs, Band)), listener],
        });
    }

    /// <summary>What the readout sees of a medium of this shape.</summary>
    public FeatureMap Map(Medium<double> medium) => new(medium, Energy ? Learning.Features.Linear | Learning.Features.Energy : Learning.Features.Linear);
}
