using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>Rings that are good for something, with the reason why.</summary>
public static class RingPresets
{
    /// <summary>
    /// Linear memory. Resonators with equal damping and evenly spaced frequencies: their impulse responses are as good as
    /// orthogonal over the time they remember, which random frequencies are not (100 features keep 99 past inputs, a random
    /// network of 100 units about 30). Inputs kick it by 1/count, so that its mode is of their size.
    /// </summary>
    /// <param name="count">Resonators; twice as many past samples can be told apart.</param>
    /// <param name="damping">Per unit of time; memory lasts some 1/damping.</param>
    /// <param name="input">Which input it remembers.</param>
    /// <param name="inputs">Inputs of the medium.</param>
    /// <param name="band">Highest frequency, radians per unit of time: π covers what unit sampling can carry.</param>
    public static Ring Echo(int count, double damping, int input = 0, int inputs = 1, double band = Math.PI)
    {
        var gain = new double[count * inputs];
        for (int j = 0; j < count; j++)
            gain[(j * inputs) + input] = 1.0 / count;
        return new Ring(
            new RingStructure { Count = count, Kicked = true, GainReal = gain, GainImaginary = new double[gain.Length] },
            new RingRhythm { Omega = [.. Enumerable.Range(0, count).Select(j => band * (j + 0.5) / count)], Mu = Filled(count, -damping) },
            new RingContour());
    }

    /// <summary>
    /// Nonlinear features. Damped oscillators under a constant drive, their frequencies moved by what they hear: each
    /// answers along its resonance curve 1/(γ − i(ω + m·y)), which is a smooth bump along a random direction of y. Many of
    /// them approximate smooth functions of what was heard, as random features do (Rahimi and Recht 2007).
    /// </summary>
    /// <param name="count">Oscillators.</param>
    /// <param name="options">How they are tuned.</param>
    /// <param name="hears">What they listen to; each oscillator to <see cref="ResonanceOptions.Ears"/> of it.</param>
    /// <param name="inputs">Inputs of the medium; the ring itself hears only what it listens to.</param>
    /// <param name="seed">Key of the random structure.</param>
    public static Ring Resonance(int count, ResonanceOptions options, Listening[] hears, int inputs, ulong seed)
    {
        var random = new Philox(seed, 0x5245534F);
        int signals = inputs + hears.Length;
        var (omega, mu, bias, modulation) = (new double[count], new double[count], new double[count], new double[count * signals]);
        for (uint j = 0; j < count; j++)
        {
            omega[j] = options.Speed * options.Spread * ((2 * random.Unit(j, 0, 0)) - 1);
            double damping = options.Speed * options.Damping * FixedMath.Exp(options.DampingSpread * ((2 * random.Unit(j, 1, 0)) - 1));
            (mu[j], bias[j]) = (-damping, damping);
            for (uint e = 0; e < options.Ears; e++)
            {
                int heard = e == 0 && options.Now > 0 ? (int)(random.Unit(j, 2, e) * options.Now) : (int)(random.Unit(j, 2, e) * hears.Length);
                modulation[(j * signals) + inputs + heard] += options.Speed * options.Strength * random.Normal(j, 3, e).First / Math.Sqrt(options.Ears);
            }
        }
        return new Ring(
            new RingStructure { Count = count, BiasReal = bias, BiasImaginary = new double[count], Modulation = modulation, Listens = hears },
            new RingRhythm { Omega = omega, Mu = mu },
            new RingContour());
    }

    /// <summary>A rhythm of its own: limit cycles of one frequency, coupled so that they keep step.</summary>
    /// <param name="count">Oscillators.</param>
    /// <param name="omega">Frequency, radians per unit of time.</param>
    /// <param name="radius">Amplitude it returns to.</param>
    /// <param name="growth">How fast it returns, per unit of time.</param>
    /// <param name="kappa">Coupling along the ring.</param>
    public static Ring Pacemaker(int count, double omega, double radius = 1, double growth = 0.5, double kappa = 0.3) => new(
        new RingStructure { Count = count },
        new RingRhythm { Omega = Filled(count, omega), Mu = Filled(count, growth), Beta = growth / (radius * radius) },
        new RingContour { Kappa = kappa });

    /// <summary>
    /// Bursts: silent until the reserve has recovered, then loud until it is spent (β = −2, γ = 1). Of radius 1 to 1.6 while
    /// loud; with slow recovery a burst and the silence before it take 2/(ηρ) and 2·(√2 − (1 − ρ)·ln(1 + √2/(1 − ρ)))/η. The ring must
    /// be disturbed once: rest is a solution.
    /// </summary>
    /// <param name="count">Oscillators.</param>
    /// <param name="omega">Frequency within a burst, radians per unit of time.</param>
    /// <param name="rest">ρ, in (0, 1): above, it does not come to rest.</param>
    /// <param name="recovery">η, per unit of time, well below ω.</param>
    /// <param name="kappa">Coupling along the ring.</param>
    public static Ring Burster(int count, double omega, double rest = 0.5, double recovery = 0.02, double kappa = 0.3) => new(
        new RingStructure { Count = count },
        new RingRhythm { Omega = Filled(count, omega), Mu = new double[count], Beta = -2, Quintic = 1, Recovery = recovery, Rest = rest },
        new RingContour { Kappa = kappa });

    /// <summary>
    /// A register of phases: limit cycles at rest (ω = 0) and strongly bound to radius 1, so that only phases matter. How
    /// often the phase winds around the ring is a whole number that small disturbances cannot change.
    /// </summary>
    /// <param name="count">Oscillators; whole numbers up to a sixth of it are kept safely.</param>
    /// <param name="kappa">Coupling along the ring.</param>
    public static Ring PhaseRegister(int count, double kappa = 1) => new(
        new RingStructure { Count = count },
        new RingRhythm { Omega = new double[count], Mu = Filled(count, 4), Beta = 4 },
        new RingContour { Kappa = kappa });

    static double[] Filled(int count, double value)
    {
        var values = new double[count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>How a ring of <see cref="RingPresets.Resonance"/> is tuned. Rates are per unit of time, before <see cref="Speed"/>.</summary>
public sealed record ResonanceOptions
{
    /// <summary>Damping γ; the middle of its range on a logarithmic scale.</summary>
    public double Damping { get; init; } = 1.5;

    /// <summary>Half the range of log γ.</summary>
    public double DampingSpread { get; init; } = 0.7;

    /// <summary>Frequencies lie evenly within ± this.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>Standard deviation of the modulation by a signal of unit size.</summary>
    public double Strength { get; init; } = 0.7;

    /// <summary>Signals that an oscillator hears.</summary>
    public int Ears { get; init; } = 4;

    /// <summary>The first ear hears one of this many first signals; 0 for any.</summary>
    public int Now { get; init; }

    /// <summary>All rates times this: 1 remembers a little by itself, 10 answers at once.</summary>
    public double Speed { get; init; } = 1;
}
