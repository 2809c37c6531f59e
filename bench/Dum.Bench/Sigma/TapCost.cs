using Dum.Models;
using Dum.Sigma.Controls;
using Dum.Sigma.Formats;
using Dum.Sigma.Tap;

namespace Dum.Bench.Sigma;

/// <summary>What listening costs: the sketch alone, and a model run with and without a tap, in turns.</summary>
static class TapCost
{
    const int Rounds = 15, Tokens = 2048;

    public static void Run(Arguments arguments, Report report)
    {
        var table = new Table("Cost of the tap, one core, processor time", ("what", ""), ("value", "F3"), ("unit", ""), ("goal", ""));
        float[] values = new float[1 << 22];
        var random = new Xoshiro256(1);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(random.Unit() - 0.5);
        foreach (int round in (int[])[0, 1])
        {
            var sketch = new ResidualSketch(FloatFormat.BF16);
            double before = Cpu.Self;
            for (int at = 0; at < values.Length; at += 64)
                sketch.Add(values.AsSpan(at, 64));
            if (round == 1)
                table.Add("residual sketch", values.Length * 4 / 1e6 / (Cpu.Self - before), "MB/s", "100");
        }
        using LanguageModel model = LanguageModel.Open(arguments.One("--model") ?? LanguageModel.DefaultName);
        byte[] text = [.. Enumerable.Range(0, 20_000).SelectMany(i => System.Text.Encoding.UTF8.GetBytes(i % 3 == 0 ? "the rain fell, " : i % 3 == 1 ? "and nobody minded. " : "дождь шёл. "))];
        foreach (double share in (double[])[0.01, 0.1, 1])
        {
            double[] extra = [.. Enumerable.Range(0, Rounds).Select(_ =>
            {
                double bare = Time(() => TappedRun.Read(model, text, Tokens, null)), tapped = Time(() => TappedRun.Read(model, text, Tokens, new ResidualTap(new TapOptions { Share = share })));
                return (tapped / bare) - 1;
            }).Order()];
            table.Add($"tap at {share * 100:0} % of all results, median of {Rounds}", 100 * extra[Rounds / 2], "% more", share == 0.01 ? "5" : "");
        }
        report.Add(table);
    }

    static double Time(Action work)
    {
        double before = Cpu.Self;
        work();
        return Cpu.Self - before;
    }
}
