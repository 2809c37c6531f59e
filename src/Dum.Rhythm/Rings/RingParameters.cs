namespace Dum.Rhythm.Rings;

/// <summary>The three groups of parameters: they are kept, frozen, saved and reported apart.</summary>
[Flags]
public enum ParameterGroup
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>What is wired to what: fixed by the seed.</summary>
    Structural = 1,

    /// <summary>Frequencies, growth and saturation: slow plasticity.</summary>
    Rhythmic = 2,

    /// <summary>How rings are coupled within and to each other: fast plasticity.</summary>
    Contour = 4,
}

/// <summary>A signal that a ring hears from another one: what went into it some time ago, as its collective state still echoes it.</summary>
/// <param name="Ring">Index of the ring listened to.</param>
/// <param name="Delay">How long ago, in units of time, 0 or more.</param>
public readonly record struct Listening(int Ring, double Delay);

/// <summary>Structural parameters of a ring of M oscillators with D inputs and L listened signals.</summary>
public sealed class RingStructure
{
    /// <summary>Oscillators, M in 1…65536.</summary>
    public required int Count { get; init; }

    /// <summary>Index q of the collective mode that the ring speaks through: Z = 1/M·Σ e^(−2πiqj/M)·z_j.</summary>
    public int Mode { get; init; }

    /// <summary>True when an input arrives as an impulse at its event (z += b·u); false when it drives the ring until the next event.</summary>
    public bool Kicked { get; init; }

    /// <summary>Real parts of the input gains b, M × D, oscillator after oscillator; empty for none.</summary>
    public double[] GainReal { get; init; } = [];

    /// <summary>Imaginary parts of the input gains b, M × D; empty for none.</summary>
    public double[] GainImaginary { get; init; } = [];

    /// <summary>Frequency modulation m by inputs and then by listened signals, M × (D + L), in radians per unit of time; empty for none.</summary>
    public double[] Modulation { get; init; } = [];

    /// <summary>Real parts of the constant drive c, M; empty for none.</summary>
    public double[] BiasReal { get; init; } = [];

    /// <summary>Imaginary parts of the constant drive c, M; empty for none.</summary>
    public double[] BiasImaginary { get; init; } = [];

    /// <summary>The L signals that modulate it besides the inputs.</summary>
    public Listening[] Listens { get; init; } = [];
}

/// <summary>Rhythmic parameters of a ring.</summary>
public sealed class RingRhythm
{
    /// <summary>Natural frequencies ω, M, radians per unit of time.</summary>
    public required double[] Omega { get; init; }

    /// <summary>Growth rates μ, M, per unit of time: below 0 a resonator, above 0 a limit cycle of radius √(μ/β).</summary>
    public required double[] Mu { get; init; }

    /// <summary>Saturation β, at least 0; above 0 wherever a μ is not below 0. Below 0, where energy feeds growth, only with <see cref="Quintic"/>.</summary>
    public double Beta { get; set; }

    /// <summary>Quintic saturation γ of −γ·|z|⁴·z, at least 0; above 0 only with β below 0: such a ring is silent or loud, and both hold.</summary>
    public double Quintic { get; set; }

    /// <summary>Recovery η of the ring's reserve, at least 0, per unit of time: dR/dt = η·(ρ − mean |z|²), and R adds to every μ. Only with <see cref="Quintic"/>: the ring bursts.</summary>
    public double Recovery { get; set; }

    /// <summary>Energy ρ per oscillator at which the reserve stands still.</summary>
    public double Rest { get; set; }

    /// <summary>Dependence of the frequency on the energy, δ.</summary>
    public double Delta { get; set; }
}

/// <summary>Contour parameters of a ring.</summary>
public sealed class RingContour
{
    /// <summary>Coupling κ of each oscillator to the one before it, at least 0, per unit of time.</summary>
    public double Kappa { get; set; }

    /// <summary>Phase lag φ of that coupling, radians.</summary>
    public double Phi { get; set; }

    /// <summary>Strength σ of the fluctuation, per square root of a unit of time, at least 0.</summary>
    public double Noise { get; set; }
}

/// <summary>A ring: its parameters in their three groups.</summary>
/// <param name="Structure">What is wired to what.</param>
/// <param name="Rhythm">Frequencies, growth, saturation.</param>
/// <param name="Contour">Coupling.</param>
public sealed record Ring(RingStructure Structure, RingRhythm Rhythm, RingContour Contour);

/// <summary>One edge of the contour map: ring <paramref name="To"/> is driven, in its own mode, by K·e^(ia) times the collective mode of ring <paramref name="From"/>.</summary>
/// <param name="From">The ring that speaks.</param>
/// <param name="To">The ring that hears.</param>
/// <param name="Strength">K, per unit of time.</param>
/// <param name="Phase">a, radians.</param>
public readonly record struct ContourEdge(int From, int To, double Strength, double Phase);
