using Dum.Numerics;
using Dum.Rhythm.Series;

namespace Dum.Rhythm.Map;

/// <summary>Rows that are decided on series of numbers: matrices, back-propagation, depth, positions.</summary>
static class SeriesRows
{
    const ulong Test = 0x6D6170;

    /// <summary>A dense matrix between all units, against rings that listen to a few.</summary>
    public static MapExperiment Matrices(MapOptions o)
    {
        int features = o.Quick ? 200 : 400;
        return new MapExperiment(new MapRow(
            "matrices", new("matrices everywhere", "матрицы везде"),
            new("NARMA-10: 2,000 steps learned, 2,000 foretold", "NARMA-10: 2000 шагов обучения, 2000 прогноза"),
            new("error, standard deviations", "ошибка, стандартные отклонения"), Less: true,
            new($"one ring of resonators, one that listens, {features} features", $"кольцо резонаторов и кольцо-слушатель, признаков {features}"),
            new("reservoir with a dense matrix, as many units as the time allows", "резервуар с полной матрицей, единиц — сколько позволяет время"), null, null,
            new("both tuned on other series; what the matrix reaches with as many features, in more time, stands in docs/rhythm.md", "обе стороны настроены на других рядах; что даёт матрица с тем же числом признаков за большее время — в docs/rhythm.md")),
            seed => Narma(seed, features),
            (seed, seconds) =>
            {
                // Steps and solution both cost the square of the units: how much is measured on a small one.
                const int Trial = 100;
                double each = MapExperiment.Least(() => Reservoir(seed, Trial).Score()) / (Trial * Trial);
                return Reservoir(seed, (int)Math.Clamp(Math.Sqrt(seconds / each), 20, features));
            });
    }

    /// <summary>A reservoir on NARMA-10. Radius, gain, bias and penalty were the best of 156 on two other series.</summary>
    static MapOutcome Reservoir(ulong seed, int units)
    {
        (double[] input, double[] next) = Signals.Narma(NarmaLength, Test + seed);
        var reservoir = new EchoState(units, 0.98, 0.01, 0.2, seed);
        reservoir.Learn(input[..NarmaTrain], next, NarmaFrom, 1e-12);
        return new MapOutcome(Error(next, NarmaTrain, t =>
        {
            reservoir.Step(input[t]);
            return reservoir.Say();
        }), reservoir);
    }

    /// <summary>Layers stacked, against rings that listen.</summary>
    public static MapExperiment Depth(MapOptions o)
    {
        int features = o.Quick ? 200 : 400;
        const int Taps = 20, Units = 32;
        return new MapExperiment(new MapRow(
            "depth", new("depth as a stack of layers", "глубина как стопка слоёв"),
            new("NARMA-10: 2,000 steps learned, 2,000 foretold", "NARMA-10: 2000 шагов обучения, 2000 прогноза"),
            new("error, standard deviations", "ошибка, стандартные отклонения"), Less: true,
            new($"two rings, one listens, {features} features", $"два кольца, одно слушает, признаков {features}"),
            new($"three hidden layers over the last {Taps} inputs", $"три скрытых слоя над последними входами: {Taps}"), null, null,
            new($"the layers learn until as much time is spent; the better of layers of {Units} and of as many units as take the same memory; one hidden layer is in the row on back-propagation", $"слои учатся, пока не пройдёт столько же времени; лучшее из слоёв по {Units} и слоёв той же памяти; один скрытый слой — в строке об обратном распространении")),
            seed => Narma(seed, features),
            (seed, seconds) => Layers(seed, seconds, Units))
        { Large = (seed, seconds, bytes) => Layers(seed, seconds, Perceptron.UnitsFor(Taps, 3, bytes)) };

        static MapOutcome Layers(ulong seed, double seconds, int units)
        {
            (double[] input, double[] next) = Signals.Narma(NarmaLength, Test + seed);
            double mean = next[..NarmaTrain].Average(), size = Math.Sqrt(next[..NarmaTrain].Average(v => (v - mean) * (v - mean)));
            var network = new Perceptron([Taps, units, units, units, 1], seed);
            int[] known = [.. Enumerable.Range(NarmaFrom, NarmaTrain - NarmaFrom)];
            network.Learn([.. known.Select(t => Window(input, t, Taps))], [.. known.Select(t => new[] { (next[t] - mean) / size })], seconds);
            return new MapOutcome(Error(next, NarmaTrain, t => mean + (size * network.Say(Window(input, t, Taps))[0])), network);
        }
    }

    /// <summary>Errors carried back through a network, against a readout that each feature of a medium feeds by itself.</summary>
    public static MapExperiment Backpropagation(MapOptions o)
    {
        int features = o.Quick ? 300 : 1000;
        const int Train = 3000, WashOut = 1000, Ahead = 84, Starts = 50, Taps = 25, Units = 64;
        return new MapExperiment(new MapRow(
            "backpropagation", new("back-propagation", "обратное распространение"),
            new("Mackey–Glass, τ = 17: 2,000 steps learned, then 84 on its own, from 50 places", "Маккей — Гласс, τ = 17: 2000 шагов обучения, затем 84 самостоятельно, из 50 мест"),
            new("log10 of the error after 84 steps, standard deviations", "log10 ошибки через 84 шага, стандартные отклонения"), Less: true,
            new($"medium with a local readout, {features} features", $"среда с локальным считыванием, признаков {features}"),
            new($"a hidden layer over the last {Taps} values, by back-propagation", $"скрытый слой над последними значениями ({Taps}), обратным распространением"), null, null,
            new($"the network learns until as much time is spent; the better of {Units} units and of as many as take the same memory", $"сеть учится, пока не пройдёт столько же времени; лучшее из {Units} единиц и стольких, что занимают ту же память")),
            seed =>
            {
                (double[] series, double[] other) = MackeyGlass(seed);
                double[][] changes = [.. Enumerable.Range(0, Train).Select(t => new[] { series[t + 1] - series[t] })];
                var model = new Trained(TunedShapes.MackeyGlass(features), seed, [.. series[..Train].Select(v => new[] { v })], changes, WashOut);
                model.Reset();
                double error = 0;
                for (int s = 0, t = 0; s < Starts; s++)
                {
                    for (; t < 300 + (s * 50); t++)
                        model.Lead([other[t]]);
                    model.Free([other[t - 1]], (k, said) =>
                    {
                        error += k == Ahead - 1 ? (said[0] - other[t + k]) * (said[0] - other[t + k]) : 0;
                        return k < Ahead - 1;
                    });
                }
                return new MapOutcome(Math.Log10(Math.Sqrt(error / Starts)), model);
            },
            (seed, seconds) => Network(seed, seconds, Units))
        { Large = (seed, seconds, bytes) => Network(seed, seconds, Perceptron.UnitsFor(Taps, 1, bytes)) };

        static MapOutcome Network(ulong seed, double seconds, int units)
        {
            (double[] series, double[] other) = MackeyGlass(seed);
            var network = new Perceptron([Taps, units, 1], seed);
            // Changes are some eight times smaller than values: to unit size for the network.
            const double Scale = 8;
            int[] known = [.. Enumerable.Range(WashOut, Train - WashOut)];
            network.Learn([.. known.Select(t => Window(series, t, Taps))], [.. known.Select(t => new[] { Scale * (series[t + 1] - series[t]) })], seconds);
            double error = 0;
            for (int s = 0; s < Starts; s++)
            {
                int at = 300 + (s * 50);
                double[] window = Window(other, at - 1, Taps);
                for (int k = 0; k < Ahead; k++)
                {
                    double value = Math.Clamp(window[0] + (network.Say(window)[0] / Scale), -6, 6);
                    Array.Copy(window, 0, window, 1, Taps - 1);
                    window[0] = value;
                }
                error += (window[0] - other[at + Ahead - 1]) * (window[0] - other[at + Ahead - 1]);
            }
            return new MapOutcome(Math.Log10(Math.Sqrt(error / Starts)), network);
        }

        static (double[] Series, double[] Other) MackeyGlass(ulong seed) => (Unit(Signals.MackeyGlass(Train + 1, seed)), Unit(Signals.MackeyGlass(3000, Test + seed)));

        // To zero mean and unit spread.
        static double[] Unit(double[] x) => [.. x.Select(v => (v + 0.065) / 0.22)];
    }

    /// <summary>Positions as codes beside the values, against time as the phase of resonators.</summary>
    public static MapExperiment Positions(MapOptions o)
    {
        int count = o.Quick ? 2000 : 6000;
        const int Taps = 8, Waves = 4, Units = 48;
        return new MapExperiment(new MapRow(
            "positions", new("position codes", "коды позиции"),
            new("two sines, a third of the samples never came, the times are told; the next value foretold", "две синусоиды, трети отсчётов нет, времена известны; прогноз следующего значения"),
            new("error, standard deviations, second half", "ошибка, стандартные отклонения, вторая половина"), Less: true,
            new("medium that the time passes through", "среда, через которую проходит время"),
            new($"a hidden layer over the last {Taps} values, the age of each coded in sines and cosines", $"скрытый слой над последними значениями ({Taps}), возраст каждого — в синусах и косинусах"), null, null,
            new("the medium learns sample by sample, the network over and over from the first half until as much time is spent; the better of 48 units and of as many as take the same memory", "среда учится по одному отсчёту, сеть — много раз по первой половине, пока не пройдёт столько же времени; лучшее из 48 единиц и стольких, что занимают ту же память")),
            seed =>
            {
                (int[] times, double[] values) = Irregular(count, seed);
                var forecaster = new Forecaster(1, new ForecastOptions { Seed = seed });
                var said = new Forecast[1];
                double error = 0;
                int asked = 0;
                for (int i = 0; i < times.Length; i++)
                {
                    if (Asked(times, i))
                        (error, asked) = (error + ((values[i] - said[0].Value) * (values[i] - said[0].Value)), asked + 1);
                    forecaster.Step([values[i]], i == 0 ? 1 : times[i] - times[i - 1], said);
                }
                return new MapOutcome(Math.Sqrt(error / asked), forecaster);
            },
            (seed, seconds) => Network(seed, seconds, Units))
        { Large = (seed, seconds, bytes) => Network(seed, seconds, Perceptron.UnitsFor(Taps * (1 + (2 * Waves)), 1, bytes)) };

        MapOutcome Network(ulong seed, double seconds, int units)
        {
            (int[] times, double[] values) = Irregular(count, seed);
            double[] Coded(int i)
            {
                var x = new double[Taps * (1 + (2 * Waves))];
                for (int k = 0; k < Taps; k++)
                {
                    x[k] = values[i - 1 - k];
                    for (int w = 0; w < Waves; w++)
                        (x[Taps + (((k * Waves) + w) * 2)], x[Taps + (((k * Waves) + w) * 2) + 1]) = FixedMath.SinCos((times[i - 1] + 1 - times[i - 1 - k]) * Math.PI / (1 << w));
                }
                return x;
            }
            var network = new Perceptron([Taps * (1 + (2 * Waves)), units, 1], seed);
            int[] known = [.. Enumerable.Range(Taps, (times.Length / 2) - Taps).Where(i => times[i] - times[i - 1] == 1)];
            network.Learn([.. known.Select(Coded)], [.. known.Select(i => new[] { values[i] })], seconds);
            int[] asked = [.. Enumerable.Range(0, times.Length).Where(i => Asked(times, i))];
            return new MapOutcome(Math.Sqrt(asked.Sum(i => Math.Pow(values[i] - network.Say(Coded(i))[0], 2)) / asked.Length), network);
        }

        static bool Asked(int[] times, int i) => i > times.Length / 2 && times[i] - times[i - 1] == 1;

        // Of unit size; frequencies that no code of position has.
        static (int[] Times, double[] Values) Irregular(int count, ulong seed)
        {
            var random = new Philox(seed, 0x495252);
            double first = 0.6 + (0.2 * random.Unit(1, 0, 0)), second = 0.25 + (0.15 * random.Unit(1, 1, 0));
            int[] times = [.. Enumerable.Range(0, count).Where(t => random.Unit(0, (uint)t, 0) >= 1.0 / 3)];
            return (times, [.. times.Select(t => FixedMath.SinCos(first * t).Sin + FixedMath.SinCos(second * t).Sin)]);
        }
    }

    const int NarmaLength = 4400, NarmaTrain = 2200, NarmaFrom = 200, NarmaScored = 100;

    static MapOutcome Narma(ulong seed, int features)
    {
        (double[] input, double[] next) = Signals.Narma(NarmaLength, Test + seed);
        var model = new Trained(TunedShapes.Narma(features), seed, [.. input[..NarmaTrain].Select(v => new[] { v })], [.. next.Select(v => new[] { v })], NarmaFrom);
        return new MapOutcome(Error(next, NarmaTrain, t =>
        {
            model.Lead([input[t]]);
            return model.Say()[0];
        }), model);
    }

    /// <summary>Root mean square error from a place on, in standard deviations of the target; the first answers are not scored.</summary>
    static double Error(double[] target, int from, Func<int, double> say)
    {
        double error = 0, mean = target[(from + NarmaScored)..NarmaLength].Average(), variance = 0;
        for (int t = from; t < NarmaLength; t++)
        {
            double said = say(t);
            if (t < from + NarmaScored)
                continue;
            error += (said - target[t]) * (said - target[t]);
            variance += (target[t] - mean) * (target[t] - mean);
        }
        return Math.Sqrt(error / variance);
    }

    /// <summary>The last values up to a place, the latest first.</summary>
    static double[] Window(double[] series, int at, int taps) => [.. Enumerable.Range(0, taps).Select(k => series[at - k])];
}
