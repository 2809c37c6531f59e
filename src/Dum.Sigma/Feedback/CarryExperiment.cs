using Dum.Numerics;
using Dum.Sigma.Formats;

namespace Dum.Sigma.Feedback;

/// <summary>What keeping the residual is worth, with the control that keeps the same residuals in the wrong places.</summary>
/// <param name="Plain">Error of rounding to nearest.</param>
/// <param name="Stochastic">Error of stochastic rounding.</param>
/// <param name="Carried">Error with the residual returned to its own place.</param>
/// <param name="Shuffled">Error with the same residuals returned to other places.</param>
/// <param name="Exact">Error without rounding; the floor.</param>
public sealed record CarryResult(double Plain, double Stochastic, double Carried, double Shuffled, double Exact)
{
    /// <summary>Share of what rounding costs that carrying takes away.</summary>
    public double Removed => 1 - ((Carried - Exact) / (Plain - Exact));

    /// <summary>The same share for shuffled residuals: the control.</summary>
    public double RemovedByShuffled => 1 - ((Shuffled - Exact) / (Plain - Exact));

    /// <summary>The mean errors of several runs, so that the shares are not those of one run's luck.</summary>
    /// <param name="runs">At least one.</param>
    public static CarryResult Mean(IReadOnlyList<CarryResult> runs) =>
        new(runs.Average(r => r.Plain), runs.Average(r => r.Stochastic), runs.Average(r => r.Carried), runs.Average(r => r.Shuffled), runs.Average(r => r.Exact));
}

/// <summary>A recurrent state and a weight vector, kept in a short format with and without what rounding takes away.</summary>
public static class CarryExperiment
{
    enum Way
    {
        Exact,
        Nearest,
        Stochastic,
        Carried,
        Shuffled,
    }

    /// <summary>
    /// A state that runs through a <see cref="RecurrentMap"/>: drift of the state from that of an unrounded run, root of the mean
    /// square over the last half of the steps.
    /// </summary>
    /// <param name="weights">[size][size].</param>
    /// <param name="steps">At least 2.</param>
    /// <param name="format">What the state is kept in.</param>
    /// <param name="seed">Of inputs and draws.</param>
    public static CarryResult State(float[][] weights, int steps, FloatFormat format, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.CarriedState);
        var map = new RecurrentMap(weights, random);
        int n = map.Size;
        float[][] exact = Run(Way.Exact);
        return new CarryResult(Drift(Way.Nearest), Drift(Way.Stochastic), Drift(Way.Carried), Drift(Way.Shuffled), 0);

        double Drift(Way way)
        {
            float[][] run = Run(way);
            double squares = 0;
            for (int t = steps / 2; t < steps; t++)
                for (int i = 0; i < n; i++)
                    squares += ((double)run[t][i] - exact[t][i]) * ((double)run[t][i] - exact[t][i]);
            return Math.Sqrt(squares / (steps - (steps / 2)) / n);
        }

        float[][] Run(Way way)
        {
            var states = new float[steps][];
            var kept = new CarriedFloats(n, format);
            float[] input = new float[n], full = new float[n], next = new float[n];
            for (int t = 0; t < steps; t++)
            {
                for (int i = 0; i < n; i++)
                    input[i] = way switch
                    {
                        Way.Exact => full[i],
                        Way.Carried or Way.Shuffled => kept.Values[i] + kept.Carry[i],
                        _ => kept.Values[i],
                    };
                map.Next(input, t, next);
                if (way == Way.Exact)
                    next.CopyTo(full, 0);
                else
                    Round(way, kept, next, format, random, (uint)t);
                states[t] = [.. way == Way.Exact ? full : Enumerable.Range(0, n).Select(i => way is Way.Carried or Way.Shuffled ? kept.Values[i] + kept.Carry[i] : kept.Values[i])];
            }
            return states;
        }
    }

    /// <summary>
    /// Weights in a short format learn a known linear map by small steps, which are worked out from the short weights alone: mean
    /// squared error at the end. Rounded to nearest they stand still as soon as a step is less than half a cell.
    /// </summary>
    /// <param name="size">Weights.</param>
    /// <param name="steps">Steps of gradient descent.</param>
    /// <param name="format">What the weights are kept in.</param>
    /// <param name="seed">Of the map, the samples and the draws.</param>
    public static CarryResult Weights(int size, int steps, FloatFormat format, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.CarriedWeights);
        float[] target = [.. Enumerable.Range(0, size).Select(i => (float)random.Normal(0, 0, (uint)i).First)];
        return new CarryResult(Learn(Way.Nearest), Learn(Way.Stochastic), Learn(Way.Carried), Learn(Way.Shuffled), Learn(Way.Exact));

        double Learn(Way way)
        {
            var kept = new CarriedFloats(size, format);
            float[] weights = new float[size], x = new float[size];
            for (int t = 0; t < steps; t++)
            {
                double off = 0.1 * random.Normal(2, (uint)t, 0).First;
                for (int i = 0; i < size; i++)
                {
                    x[i] = (float)random.Normal(1, (uint)t, (uint)i).First;
                    off += (target[i] - weights[i]) * x[i];
                }
                double rate = 0.5 / size / (1 + (4.0 * t / steps));
                for (int i = 0; i < size; i++)
                    weights[i] += (float)(rate * off * x[i]) + (way is Way.Carried or Way.Shuffled ? kept.Carry[i] : 0);
                if (way == Way.Exact)
                    continue;
                Round(way, kept, weights, format, random, (uint)t);
                kept.Values.CopyTo(weights);
            }
            double squares = 0;
            for (int i = 0; i < size; i++)
            {
                // As with the state, what is kept counts, the number and what it is short of.
                double off = (double)weights[i] + (way is Way.Carried or Way.Shuffled ? kept.Carry[i] : 0) - target[i];
                squares += off * off;
            }
            return squares / size;
        }
    }

    static void Round(Way way, CarriedFloats kept, float[] exact, FloatFormat format, Philox random, uint step)
    {
        if (way == Way.Stochastic)
        {
            float[] drawn = [.. exact.Select((v, i) => (float)format.Decode(format.EncodeStochastic(v, random.Unit(3, step, (uint)i))))];
            kept.Keep(drawn);
            return;
        }
        kept.Keep(exact);
        if (way == Way.Shuffled)
            Shuffle(kept.Carry, random, step);
    }

    /// <summary>Fisher and Yates: the same residuals in other places.</summary>
    internal static void Shuffle(Span<float> residuals, Philox random, uint step)
    {
        for (int i = residuals.Length - 1; i > 0; i--)
        {
            int j = (int)(random.Unit(4, step, (uint)i) * (i + 1));
            (residuals[i], residuals[j]) = (residuals[j], residuals[i]);
        }
    }
}
