using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>The angles per position of a model's rotary encoding, with the scaling its checkpoint asks for.</summary>
static class Rotary
{
    public static RotaryTable Table(ModelShape shape, int positions)
    {
        (double[] frequencies, double amplitude) = Frequencies(shape);
        return new RotaryTable(shape.HeadSize, positions, frequencies, amplitude);
    }

    /// <summary>HeadSize/2 angles in radians per position, and the factor on cosine and sine.</summary>
    public static (double[] Frequencies, double Amplitude) Frequencies(ModelShape shape)
    {
        int half = shape.HeadSize / 2;
        RotaryScaling scaling = shape.RotaryScaling;
        double[] plain = new double[half];
        for (int i = 0; i < half; i++)
            plain[i] = FixedMath.Pow(shape.RotaryBase, -2.0 * i / shape.HeadSize);
        return scaling.Rule switch
        {
            RotaryRule.Linear => ([.. plain.Select(f => f / scaling.Factor)], 1),
            RotaryRule.Llama3 => ([.. plain.Select(f => Llama3(f, scaling))], 1),
            RotaryRule.Yarn => (Yarn(plain, shape), scaling.Attention > 0 ? scaling.Attention : (0.1 * FixedMath.Log(scaling.Factor)) + 1),
            _ => (plain, 1),
        };
    }

    static double Llama3(double frequency, RotaryScaling scaling)
    {
        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        if (turns > scaling.High)
            return frequency;
        if (turns < scaling.Low)
            return frequency / scaling.Factor;
        double smooth = (turns - scaling.Low) / (scaling.High - scaling.Low);
        return ((1 - smooth) * frequency / scaling.Factor) + (smooth * frequency);
    }

    static double[] Yarn(double[] plain, ModelShape shape)
    {
        RotaryScaling scaling = shape.RotaryScaling;
        double first = Math.Max(0, Math.Floor(PairWith(scaling.High))), last = Math.Min(shape.HeadSize - 1, Math.Ceiling(PairWith(scaling.Low)));
        return [.. plain.Select((f, i) =>
        {
            double ramp = Math.Clamp((i - first) / Math.Max(0.001, last - first), 0, 1);
            return (f / scaling.Factor * ramp) + (f * (1 - ramp));
        })];

        // The pair of channels that turns so many times within the first training's context.
        double PairWith(double turns) =>
            shape.HeadSize * FixedMath.Log(scaling.OriginalContext / (turns * 2 * Math.PI)) / (2 * FixedMath.Log(shape.RotaryBase));
    }
}
