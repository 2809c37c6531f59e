using Dum.Numerics;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;
using Dum.Sigma.Formats;
using Dum.Sigma.Statistics;
using Dum.Sigma.Tap;

namespace Dum.Sigma.Predict;

/// <summary>One line of a study.</summary>
/// <param name="Operation">Whose residuals.</param>
/// <param name="Arm">The residuals themselves, or which placebo or control.</param>
/// <param name="Level">What was known.</param>
/// <param name="Gain">What it told.</param>
/// <param name="Adjusted">Its probability after Holm's correction over all lines.</param>
/// <param name="IsNull">Whether the protocol says that it must tell nothing.</param>
public sealed record StudyLine(string Operation, string Arm, string Level, Gain Gain, double Adjusted, bool IsNull)
{
    /// <summary>Whether something was told.</summary>
    public bool IsSignificant(double alpha) => Adjusted < alpha && Gain.Low > 0;
}

/// <summary>What came of a study.</summary>
/// <param name="Protocol">Written before.</param>
/// <param name="Lines">All results.</param>
/// <param name="Controls">Positive controls by name: found or not.</param>
/// <param name="Recomputed">Share of results that weights and order give exactly (L3).</param>
public sealed record StudyResult(Protocol Protocol, IReadOnlyList<StudyLine> Lines, IReadOnlyList<(string Name, bool Found)> Controls, double Recomputed)
{
    /// <summary>Why the study says nothing; empty where it stands.</summary>
    public IReadOnlyList<string> Void =>
    [
        .. Lines.Where(l => l.IsNull && l.IsSignificant(Protocol.Alpha)).Select(l => $"{l.Arm}, {l.Level}, {l.Operation}"),
        .. Controls.Where(c => !c.Found).Select(c => c.Name),
    ];
}

/// <summary>Runs the predictor on residuals and on all their placebos, and the positive controls with them.</summary>
public static class PlaceboStudy
{
    /// <summary>Residuals that a study needs of an operation.</summary>
    public const int Least = 1 << 16;

    /// <param name="protocol">Fixed before.</param>
    /// <param name="records">Of a tap that kept values and inputs, with the state in the protocol's format.</param>
    /// <param name="progress">Is told what is done; may be null.</param>
    /// <param name="cancel">Checked between arms.</param>
    public static StudyResult Run(Protocol protocol, IReadOnlyList<TapRecord> records, Action<string, double>? progress = null, CancellationToken cancel = default)
    {
        FloatFormat format = FloatFormat.Of(protocol.Format);
        var raw = new List<(string Operation, string Arm, string Level, Gain Gain, bool IsNull)>();
        var controls = new List<(string, bool)>();
        foreach (TapRecord record in records)
        {
            float[] u = new float[record.Kept.Count], q = new float[u.Length];
            for (int i = 0; i < u.Length; i++)
                u[i] = format.Residual(record.Kept[i], out q[i]) is var off && float.IsFinite(off) ? off : 0;
            foreach ((string arm, float[] residuals, bool[] nulls) in Arms(u, q, protocol.Seed))
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke($"{arm}, {record.Operation}", (double)raw.Count / (records.Count * 24));
                (Gain histogram, Gain before, Gain value, Gain scale) = ResidualPredictor.Learn(residuals, q);
                raw.Add((record.Operation, arm, "L0 histogram", histogram, nulls[0]));
                raw.Add((record.Operation, arm, "L0 before", before, nulls[1]));
                raw.Add((record.Operation, arm, "L1 value", value, nulls[2]));
                raw.Add((record.Operation, arm, "L2 scale", scale, nulls[2]));
            }
        }
        controls.Add(("P6 tilt", FindsTilt(protocol.Seed)));
        foreach (string weak in (string[])["randu", "xorshift32", "mt19937"])
            controls.Add(($"P7 {weak}", Judge(weak, protocol.Seed) == BatteryVerdict.Structured));
        foreach (string good in (string[])["xoshiro256", "chacha20"])
            controls.Add(($"battery calls {good} random", Judge(good, protocol.Seed) == BatteryVerdict.Random));
        double recomputed = Recompute(records);
        controls.Add(("P8 recomputed", recomputed == 1));
        double[] adjusted = Family.Holm([.. raw.Select(r => r.Gain.P)]);
        return new StudyResult(protocol, [.. raw.Select((r, i) => new StudyLine(r.Operation, r.Arm, r.Level, r.Gain, adjusted[i], r.IsNull))], controls, recomputed);
    }

    /// <summary>The residuals and their placebos; what of each must tell nothing: histogram, before, value.</summary>
    static IEnumerable<(string Arm, float[] Residuals, bool[] Nulls)> Arms(float[] u, float[] q, ulong seed)
    {
        var random = new Philox(seed, DrawDomain.Placebos);
        var xoshiro = new Xoshiro256(seed);
        var cipher = new ChaCha20(seed);
        yield return ("residuals", u, [false, false, false]);
        float[] shuffled = [.. u];
        Shuffle(shuffled, [.. Enumerable.Range(0, u.Length)], random, 1);
        yield return ("P1 shuffled", shuffled, [false, true, true]);
        float[] within = [.. u];
        foreach (IGrouping<float, int> cell in Enumerable.Range(0, u.Length).GroupBy(i => q[i]))
            Shuffle(within, [.. cell], random, 2);
        yield return ("P2 shuffled in cells", within, [false, true, false]);
        yield return ("P3 xoshiro256**", [.. u.Select(_ => (float)(xoshiro.Unit() - 0.5))], [true, true, true]);
        yield return ("P4 ChaCha20", [.. u.Select(_ => (float)(cipher.Unit() - 0.5))], [true, true, true]);
        yield return ("P5 dither", [.. u.Select((x, i) => (float)(x + random.Unit(3, 0, (uint)i) is var y && y >= 0.5 ? y - 1 : y))], [true, true, true]);
    }

    static void Shuffle(float[] x, int[] places, Philox random, uint layer)
    {
        for (int i = places.Length - 1; i > 0; i--)
        {
            int j = (int)(random.Unit(layer, 0, (uint)places[i]) * (i + 1));
            (x[places[i]], x[places[j]]) = (x[places[j]], x[places[i]]);
        }
    }

    /// <summary>A density 1 ± a·u with the sign of the value, of ten times what five deviations show over so many.</summary>
    static bool FindsTilt(ulong seed)
    {
        const int Count = 1 << 20;
        double bits = 10 * 25 / (2 * Math.Log(2) * (0.4 * Count)), a = Math.Sqrt(bits * 24 * Math.Log(2));
        var random = new Philox(seed, DrawDomain.KnownTilt);
        float[] u = new float[Count], q = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            q[i] = random.Unit(0, 0, (uint)i) < 0.5 ? 1 : -1;
            // The inverse of the distribution u/1 + a·u²/2 − a/8 + ½.
            double p = random.Unit(1, 0, (uint)i), tilt = a * q[i];
            u[i] = (float)((-1 + Math.Sqrt(1 - (2 * tilt * (0.5 - (tilt / 8) - p)))) / tilt);
        }
        return ResidualPredictor.Learn(u, q).Value.P < 1e-6;
    }

    static BatteryVerdict Judge(string source, ulong seed)
    {
        byte[] bytes = new byte[1 << 19];
        Source.Of(source).Open(seed)(bytes);
        var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0 });
        battery.Add(bytes);
        return battery.Finish().Verdict;
    }

    /// <summary>The share of kept products that one chain of fused multiply-adds in the order of the inputs gives to the last bit.</summary>
    static double Recompute(IReadOnlyList<TapRecord> records)
    {
        long same = 0, all = 0;
        foreach (TapRecord record in records.Where(r => r.Weights is { Format: Numerics.Kernels.WeightFormat.F32 or Numerics.Kernels.WeightFormat.BF16 }))
        {
            float[] weights = new float[record.Weights!.Inputs];
            for (int o = 0; o < record.Weights.Outputs; o++)
            {
                record.Weights.GetRow(o, weights);
                for (int r = 0; r < Math.Min(64, record.Inputs.Count); r++, all++)
                {
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++)
                        sum = MathF.FusedMultiplyAdd(record.Inputs[r][k], weights[k], sum);
                    same += sum == record.Outputs[r][o] ? 1 : 0;
                }
            }
        }
        return all == 0 ? 0 : (double)same / all;
    }
}
