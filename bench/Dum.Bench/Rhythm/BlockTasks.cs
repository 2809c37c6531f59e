using Dum.Rhythm.Learning;
using Dum.Rhythm.Map;
using Dum.Rhythm.Rings;
using Dum.Rhythm.Series;

namespace Dum.Bench.Rhythm;

/// <summary>What blocks of recursive least squares cost in quality: NARMA-10 learned sample by sample once, then foretold without learning.</summary>
static class BlockTasks
{
    const int WashOut = 200, Learned = 2200, From = 2300, To = 4300;

    public static Table Measure(int seeds)
    {
        var table = new Table($"NARMA-10 learned online once, {seeds} seeds: what blocks cost", ("features per block", ""), ("features", "0"), ("NRMSE, median", "0.0000"), ("quartile 1", "0.0000"), ("quartile 3", "0.0000"), ("updates per second", "0"));
        foreach (int features in (int[])[400, 1000])
            foreach (int block in (int[])[0, 250, 100, 50])
            {
                double spent = 0;
                var spread = Spread.Of(Enumerable.Range(1, seeds).Select(s => Error(TunedShapes.Narma(features), block, (ulong)s, ref spent)).ToArray());
                table.Add(block == 0 ? "all (exact)" : $"{block}", features, spread.Median, spread.Low, spread.High, seeds * (Learned - WashOut) / spent);
            }
        return table;
    }

    static double Error(PredictorOptions o, int block, ulong seed, ref double spent)
    {
        (double[] input, double[] next) = Signals.Narma(To + 100, 0x746573 + seed);
        Medium<double> medium = o.Medium(seed);
        FeatureMap map = o.Map(medium);
        var readout = new RlsReadout(map.Count, 1, 1, o.Ridge * (Learned - WashOut), block);
        var (x, said) = (new double[map.Count], new double[1]);
        double mean = next[From..To].Average(), variance = next[From..To].Sum(v => (v - mean) * (v - mean)), error = 0;
        for (int t = 0; t < To; t++)
        {
            medium.Hear([input[t]]);
            medium.Advance(1);
            map.Read(x);
            if (t is >= WashOut and < Learned)
            {
                double before = Cpu.Self;
                readout.Learn(x, [next[t]]);
                spent += Cpu.Self - before;
            }
            if (t < From)
                continue;
            readout.Predict(x, said);
            error += (said[0] - next[t]) * (said[0] - next[t]);
        }
        return Math.Sqrt(error / variance);
    }
}
