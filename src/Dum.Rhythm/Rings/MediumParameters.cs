namespace Dum.Rhythm.Rings;

/// <summary>
/// A medium before it runs: rings, the sparse map between them, and how time is stepped. The equation of oscillator j of
/// ring r, with u the inputs and Z the collective modes:
/// <code>
/// dz/dt = (μ + R + iω + i·m·u)·z − (β + iδ)·|z|²·z − γ·|z|⁴·z + κ·(e^(−iφ)·z_(j−1) − z) + e^(2πiqj/M)·Σ_s K·e^(ia)·Z_s + b·u + c + σ·ξ(t)
/// dR/dt = η·(ρ − mean |z|²)
/// </code>
/// </summary>
public sealed class MediumParameters
{
    /// <summary>Most oscillators of one medium.</summary>
    public const int MostOscillators = 1 << 22;

    /// <summary>Most inputs, rings and edges.</summary>
    public const int MostInputs = 4096, MostRings = 1 << 16, MostEdges = 1 << 20;

    // All that listening rings read from the rings they listen to: oscillators, once for each signal.
    const long MostHeard = 1 << 24;

    /// <summary>Numbers that arrive at each event, D.</summary>
    public required int Inputs { get; init; }

    /// <summary>The rings.</summary>
    public required IReadOnlyList<Ring> Rings { get; init; }

    /// <summary>The contour map; empty where rings are on their own or only listen.</summary>
    public IReadOnlyList<ContourEdge> Edges { get; init; } = [];

    /// <summary>Key of the fluctuation: the same seed fluctuates alike.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest step between two exchanges over the contour map, in units of time.</summary>
    public double Step { get; init; } = 0.1;

    /// <summary>
    /// Most that a ring may turn, grow or shift within one of its own steps, in radians: the steps of a ring are the
    /// common one divided by a power of two until it holds, so fast octaves take more steps than slow ones. Infinite: no division.
    /// </summary>
    public double StepAngle { get; init; } = 0.5;

    /// <summary>How flows are composed.</summary>
    public Composition Composition { get; init; } = Composition.Strang;

    /// <summary>Groups that learning must leave as they are.</summary>
    public ParameterGroup Frozen { get; set; }

    /// <summary>All oscillators.</summary>
    public int Oscillators => Rings.Sum(r => r.Structure.Count);

    /// <summary>Checks sizes and ranges.</summary>
    /// <exception cref="DumException">A size contradicts another, a number is not finite, or a ring would explode.</exception>
    public void Check()
    {
        Require(Inputs is >= 0 and <= MostInputs && Rings.Count is > 0 and <= MostRings && Edges.Count <= MostEdges, "sizes", "размеры");
        Require(Step > 0 && double.IsFinite(Step) && StepAngle > 0, "the step", "шаг");
        Require(Composition is Composition.Strang or Composition.Fourth, "the composition", "композиция");
        long all = 0, heard = 0;
        for (int r = 0; r < Rings.Count; r++)
        {
            (RingStructure s, RingRhythm h, RingContour c) = Rings[r];
            int m = s.Count;
            all += m;
            Require(m is > 0 and <= 65536 && all <= MostOscillators, $"the number of oscillators of ring {r}", $"число осцилляторов кольца {r}");
            Require(Fits(s.GainReal, m * Inputs) && Fits(s.GainImaginary, m * Inputs) && s.GainReal.Length == s.GainImaginary.Length, $"the gains of ring {r}", $"усиления кольца {r}");
            Require(Fits(s.Modulation, m * ((long)Inputs + s.Listens.Length)) && (s.Listens.Length == 0 || s.Modulation.Length > 0), $"the modulation of ring {r}", $"модуляция кольца {r}");
            Require(Fits(s.BiasReal, m) && Fits(s.BiasImaginary, m) && s.BiasReal.Length == s.BiasImaginary.Length, $"the bias of ring {r}", $"смещение кольца {r}");
            Require(h.Omega.Length == m && h.Mu.Length == m && Fits(h.Omega, m) && Fits(h.Mu, m), $"the frequencies of ring {r}", $"частоты кольца {r}");
            Require(double.IsFinite(h.Beta) && double.IsFinite(h.Delta) && double.IsFinite(h.Quintic) && (h.Quintic == 0 ? h.Beta >= 0 : h.Quintic > 0 && h.Beta < 0), $"the saturation of ring {r}", $"насыщение кольца {r}");
            Require(h.Recovery >= 0 && double.IsFinite(h.Recovery) && double.IsFinite(h.Rest) && (h.Recovery == 0 || h.Quintic > 0), $"the recovery of ring {r}", $"восстановление кольца {r}");
            Require(h.Beta > 0 || h.Quintic > 0 || h.Mu.All(x => x < 0), $"ring {r} would explode: growth needs saturation", $"кольцо {r} взорвалось бы: росту нужно насыщение; проверьте");
            Require(c.Kappa >= 0 && double.IsFinite(c.Kappa) && double.IsFinite(c.Phi) && c.Noise >= 0 && double.IsFinite(c.Noise), $"the coupling of ring {r}", $"связь кольца {r}");
            Require(s.Listens.All(l => (uint)l.Ring < (uint)Rings.Count && l.Delay >= 0 && double.IsFinite(l.Delay) && (heard += Rings[l.Ring].Structure.Count) <= MostHeard), $"what ring {r} listens to", $"что слушает кольцо {r}");
            Require((c.Noise == 0 && h.Quintic == 0) || Composition == Composition.Strang, "a fluctuating or bursting medium takes Strang steps", "флуктуирующей или вспыхивающей среде нужны шаги Стренга; проверьте");
        }
        Require(Edges.All(e => (uint)e.From < (uint)Rings.Count && (uint)e.To < (uint)Rings.Count && double.IsFinite(e.Strength) && double.IsFinite(e.Phase)), "the contour map", "карта контуров");
    }

    static bool Fits(double[] values, long length) => (values.Length == 0 || values.Length == length) && values.All(double.IsFinite);

    static void Require(bool holds, string english, string russian)
    {
        if (!holds)
            throw new DumException(Tongue.Say($"the medium is not well-formed: {english}", $"среда задана неверно: {russian}"));
    }
}

/// <summary>How exactly solvable flows are composed into a step.</summary>
public enum Composition
{
    /// <summary>Half, whole, half (Strang 1968): second order.</summary>
    Strang = 0,

    /// <summary>Five Strang steps, the middle one backwards (Suzuki 1990): fourth order.</summary>
    Fourth = 1,
}
