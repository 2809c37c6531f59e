using Dum.Rhythm.Map;
using Dum.Rhythm.Series;

namespace Dum.Bench.Rhythm;

/// <summary>Makes a model that has learned a series.</summary>
/// <param name="seed">Of its structure.</param>
/// <param name="input">Samples, D each.</param>
/// <param name="target">What to say after each.</param>
/// <param name="washOut">Samples before the first that is learned.</param>
delegate SeriesModel SeriesMaker(ulong seed, double[][] input, double[][] target, int washOut);

/// <summary>What the prediction rows ask of a model, ours or a peer's.</summary>
abstract class SeriesModel
{
    /// <summary>Forgets what was heard, not what was learned.</summary>
    public abstract void Reset();

    /// <summary>Hears a sample.</summary>
    public abstract void Lead(double[] sample);

    /// <summary>What it says now.</summary>
    public abstract double[] Say();

    /// <summary>Runs on its own: what it says is the change from the last sample. Afterwards it stands where it stood.</summary>
    /// <param name="last">The last sample heard.</param>
    /// <param name="seen">Told each sample; false ends the run.</param>
    public abstract void Free(double[] last, Func<int, double[], bool> seen);
}

/// <summary>Rings with a readout.</summary>
sealed class RingModel(Trained trained) : SeriesModel
{
    public static SeriesMaker Maker(PredictorOptions o) => (seed, input, target, washOut) => new RingModel(new Trained(o, seed, input, target, washOut));

    public override void Reset() => trained.Reset();

    public override void Lead(double[] sample) => trained.Lead(sample);

    public override double[] Say() => trained.Say();

    public override void Free(double[] last, Func<int, double[], bool> seen) => trained.Free(last, seen);
}
