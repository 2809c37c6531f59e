using Dum.Numerics;
using Dum.Rhythm.Learning;
using Dum.Rhythm.Rings;
using Xunit;

namespace Dum.Rhythm.Tests.Learning;

/// <summary>Readouts against the normal equations, and what local rules settle on.</summary>
public class ReadoutTests
{
    static double[] Sample(int features, uint t)
    {
        var p = new Philox(9, 1);
        return [.. Enumerable.Range(0, features).Select(i => p.Normal((uint)i, t, 0).First)];
    }

    [Fact]
    public void One_block_without_forgetting_is_ridge_regression()
    {
        const int F = 12;
        var (rls, ridge) = (new RlsReadout(F, 2, 1, 0.3, block: 0), new RidgeSolver(F, 2));
        for (uint t = 0; t < 40; t++)
        {
            double[] x = Sample(F, t), y = [x[0] - (2 * x[3]) + Math.Sin(t), x[1] * x[2]];
            rls.Learn(x, y);
            ridge.Add(x, y);
        }
        double[] exact = ridge.Solve(0.3 / 40);

        for (int i = 0; i < exact.Length; i++)
            Assert.Equal(exact[i], rls.Weights[i], 9);
    }

    [Fact]
    public void Fewer_samples_than_features_give_the_weights_of_the_ridge()
    {
        // At the optimum Xᵀ(y − Xw) = λ·n·w, whichever products were factorised.
        const int F = 40, N = 15;
        var solver = new RidgeSolver(F, 1);
        double[] y = [.. Enumerable.Range(0, N).Select(t => Math.Sin(t))];
        for (uint t = 0; t < N; t++)
            solver.Add(Sample(F, t), [y[t]]);
        double[] w = solver.Solve(0.2);

        for (int i = 0; i < F; i++)
            Assert.Equal(0.2 * N * w[i], Enumerable.Range(0, N).Sum(t => Sample(F, (uint)t)[i] * (y[t] - Sample(F, (uint)t).Zip(w, (a, b) => a * b).Sum())), 9);
    }

    [Fact]
    public void A_softmax_readout_comes_to_the_probabilities_that_classes_were_drawn_by()
    {
        const int F = 6, Classes = 4;
        var random = new Philox(10, 1);
        double[] Truth(double[] x)
        {
            double[] p = [.. Enumerable.Range(0, Classes).Select(c => c == 3 ? 0 : Math.Exp(x[c] - x[c + 1] + (0.3 * c)))];
            return [.. p.Select(v => v / p.Sum())];
        }
        var readout = new SoftmaxReadout(F, Classes);
        Assert.All(readout.Predict(Sample(F, 0)).ToArray(), p => Assert.Equal(0.25, p, 12));
        double off = 0;
        for (uint t = 0; t < 6000; t++)
        {
            double[] x = [.. Sample(F, t)], truth = Truth(x), said = readout.Predict(x).ToArray();
            Assert.Equal(1, said.Sum(), 9);
            off += t >= 5000 ? said.Zip(truth, (a, b) => Math.Abs(a - b)).Max() / 1000 : 0;
            double draw = random.Unit(0, t, 0);
            int label = 0;
            while (label < Classes - 1 && (draw -= truth[label]) > 0)
                label++;
            readout.Learn(x, label);
        }
        Assert.InRange(off, 0, 0.06);
    }

    [Fact]
    public void Ridge_solves_its_normal_equations()
    {
        const int F = 9;
        var solver = new RidgeSolver(F, 1);
        double[][] xs = [.. Enumerable.Range(0, 29).Select(t => Sample(F, (uint)t))];
        double[] ys = [.. xs.Select((x, t) => Math.Cos(t) + x[4])];
        for (int t = 0; t < xs.Length; t++)
            solver.Add(xs[t], [ys[t]]);
        double[] w = solver.Solve(0.01);

        // Xᵀ(y − Xw) = λ·n·w.
        for (int i = 0; i < F; i++)
            Assert.Equal(0.01 * xs.Length * w[i], xs.Select((x, t) => x[i] * (ys[t] - x.Zip(w, (a, b) => a * b).Sum())).Sum(), 10);
    }

    [Fact]
    public void Refinement_undoes_the_ridge_where_features_nearly_coincide()
    {
        var solver = new RidgeSolver(2, 1);
        for (int t = 0; t < 100; t++)
            solver.Add([Math.Sin(t), Math.Sin(t) + (1e-4 * Math.Cos(t))], [Math.Cos(t)]);

        // cos = (x1 − x0)·1e4 exactly; the plain ridge cannot see so small a difference.
        Assert.True(Math.Abs(solver.Solve(1e-7)[1] - 1e4) > 5e3);
        Assert.Equal(1e4, solver.Solve(1e-7, 2000)[1], 1.0);
    }

    [Fact]
    public void Forgetting_follows_a_system_that_changes()
    {
        const int F = 20;
        var readout = new RlsReadout(F, 1, 0.98, 1, block: 8);
        double late = 0;
        for (uint t = 0; t < 1500; t++)
        {
            double[] x = Sample(F, t);
            double y = (t < 700 ? 1 : -1) * (x[2] + (0.5 * x[11])), said;
            double[] to = new double[1];
            readout.Predict(x, to);
            said = to[0];
            late += t >= 1300 ? (said - y) * (said - y) / 200 : 0;
            readout.Learn(x, [y]);
        }
        Assert.True(late < 0.02, $"{late}");
    }

    [Fact]
    public void A_long_silence_does_not_blow_it_up()
    {
        var readout = new RlsReadout(8, 1, 0.9, 1, block: 4);
        for (int t = 0; t < 100_000; t++)
            readout.Learn(new double[8], [0.0]);
        double[] x = Sample(8, 1), to = new double[1];
        for (int i = 0; i < 200; i++)
            readout.Learn(Sample(8, (uint)i), [Sample(8, (uint)i)[3]]);
        readout.Predict(x, to);

        Assert.Equal(x[3], to[0], 3);
    }

    [Fact]
    public void Blocks_lose_little_against_exact_least_squares()
    {
        // Features of a medium, predicting the sum of two sines a step ahead.
        double whole = Error(0), blocks = Error(16);
        Assert.True(blocks < 1.1 * whole + 1e-4, $"{blocks} {whole}");

        static double Error(int block)
        {
            var medium = new Medium<double>(new MediumParameters { Inputs = 1, Rings = [RingPresets.Echo(24, 0.1)] });
            var map = new FeatureMap(medium, Features.Linear);
            var readout = new RlsReadout(map.Count, 1, 1, 1e-3, block);
            var (x, said, noise) = (new double[map.Count], new double[1], new Philox(4, 4));
            double error = 0;
            for (int t = 0; t < 4000; t++)
            {
                medium.Hear([Value(t)]);
                medium.Advance(1);
                map.Read(x);
                readout.Predict(x, said);
                error += t > 3000 ? (said[0] - Value(t + 1)) * (said[0] - Value(t + 1)) / 1000 : 0;
                readout.Learn(x, [Value(t + 1)]);
            }
            return error;

            double Value(int t) => Math.Sin(0.37 * t) + Math.Sin(0.11 * t) + (0.1 * noise.Normal(0, (uint)t, 0).First);
        }
    }

    [Fact]
    public void Normalised_lms_learns_a_linear_map()
    {
        var readout = new LmsReadout(10, 1);
        for (uint t = 0; t < 2000; t++)
        {
            double[] x = Sample(10, t);
            readout.Learn(x, [x[1] - (3 * x[7])]);
        }
        Assert.Equal(-3, readout.Weights[7], 6);
        Assert.Equal(0, readout.Weights[0], 6);
    }

    [Fact]
    public void Force_goes_on_alone_with_what_it_was_led_to()
    {
        Ring ring = RingPresets.Resonance(100, new ResonanceOptions { Ears = 1, Strength = 0.6, Damping = 0.1, Spread = 1.5 }, [new Listening(0, 0)], 1, 2);
        var medium = new Medium<double>(new MediumParameters { Inputs = 1, Rings = [RingPresets.Echo(12, 0.1), ring] });
        var map = new FeatureMap(medium, 0, Features.Linear);
        var force = new ForceLearner(medium, map, new RlsReadout(map.Count, 1, 1, 1e-4, 0));
        for (int t = 0; t < 3000; t++)
            force.Step(1, [Target(t)]);
        double worst = 0;
        for (int t = 3000; t < 3300; t++)
            worst = Math.Max(worst, Math.Abs(force.Step(1, [])[0] - Target(t)));

        Assert.True(worst < 0.1, $"{worst}");

        static double Target(int t) => Math.Sin(0.25 * t) + (0.5 * Math.Sin(0.5 * t));
    }

    [Fact]
    public void Nothing_is_allocated_per_sample()
    {
        var readout = new RlsReadout(100, 2, 0.99, 1, 32);
        double[] x = Sample(100, 1), y = [1, 2];
        readout.Learn(x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            readout.Learn(x, y);
            readout.Predict(x, y);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
