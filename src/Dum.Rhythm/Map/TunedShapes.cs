using Dum.Rhythm.Series;

namespace Dum.Rhythm.Map;

/// <summary>Media for the usual series, their parameters chosen by random search on validation series (see docs/rhythm.md).</summary>
static class TunedShapes
{
    /// <summary>Mackey–Glass, τ = 17, sampled at 1.0.</summary>
    /// <param name="features">Numbers that the readout may see.</param>
    public static PredictorOptions MackeyGlass(int features) => Fill(features, new()
    {
        Echo = 33,
        Damping = 0.345,
        FirstDelay = 15,
        Delays = 6,
        Ridge = 9.5e-14,
        Noise = 1.3e-8,
        Refinements = 5,
        Tuning = new() { Ears = 4, Strength = 2.1, Damping = 2.32, DampingSpread = 0.5, Spread = 0.196, Now = 1 },
    });

    /// <summary>NARMA-10.</summary>
    /// <inheritdoc cref="MackeyGlass"/>
    public static PredictorOptions Narma(int features) => Fill(features, new()
    {
        Echo = 25,
        Damping = 0.148,
        FirstDelay = 1,
        Delays = 16,
        Ridge = 1.6e-8,
        Refinements = 4,
        Tuning = new() { Ears = 4, Strength = 0.088, Damping = 0.704, DampingSpread = 0.98, Spread = 0.203, Now = 1 },
    });

    /// <summary>As many listeners as leave no more than so many features.</summary>
    public static PredictorOptions Fill(int features, PredictorOptions o) =>
        o with { Resonances = ((features - 1 - o.Inputs) / (o.Energy ? 3 : 2)) - (o.Inputs * o.Echo) };
}
