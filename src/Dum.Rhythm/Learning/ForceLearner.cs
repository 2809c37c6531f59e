using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// FORCE (Sussillo and Abbott 2009): a medium hears its own readout, and recursive least squares keeps that readout near
/// the target while it learns; afterwards the medium runs on by itself.
/// </summary>
/// <param name="medium">Its inputs are the outputs fed back.</param>
/// <param name="features">What the readout sees.</param>
/// <param name="readout">As many outputs as the medium has inputs.</param>
/// <param name="most">Bound on what is fed back, so that a free run stays bounded.</param>
public sealed class ForceLearner(Medium<double> medium, FeatureMap features, RlsReadout readout, double most = 4)
{
    readonly double[] _x = new double[features.Count], _output = new double[readout.Outputs];

    /// <summary>One step of time: hears the last output, advances, reads out, and learns where a target is given.</summary>
    /// <param name="interval">Time of the step.</param>
    /// <param name="target">What the output should be; empty in a free run.</param>
    /// <returns>The output.</returns>
    public ReadOnlySpan<double> Step(double interval, ReadOnlySpan<double> target)
    {
        medium.Hear(_output);
        medium.Advance(interval);
        features.Read(_x);
        readout.Predict(_x, _output);
        if (!target.IsEmpty)
            readout.Learn(_x, target);
        foreach (ref double y in _output.AsSpan())
            y = double.IsFinite(y) ? Math.Clamp(y, -most, most) : 0;
        return _output;
    }
}
