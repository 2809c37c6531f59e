using Dum.Sigma.Feedback;
using Dum.Sigma.Formats;
using Dum.Sigma.Tap;

namespace Dum.Sigma.Laws;

/// <summary>Checks the laws on a model's own activations and weights.</summary>
public static class LawStudy
{
    /// <summary>Deviations at which a law counts as seen at all.</summary>
    const double Seen = 5;

    /// <summary>All checks.</summary>
    /// <param name="bare">A tap of the model as it is, with whole rows kept.</param>
    /// <param name="rounded">A tap of the model with its state in bfloat16.</param>
    public static IReadOnlyList<LawCheck> Run(ResidualTap bare, ResidualTap rounded)
    {
        List<TapRecord> products = [.. bare.Records.Where(r => r.Weights is not null && r.Kept.Count >= 1 << 16).OrderByDescending(r => r.Kept.Count).Take(2)];
        var checks = new List<LawCheck>();
        foreach (TapRecord product in products)
            checks.AddRange(Tilt(product.Operation, product.Kept));
        if (products.Count > 0)
        {
            checks.AddRange(Tilt($"weights of {products[0].Operation}", Rows(products[0]).SelectMany(r => r).ToArray()));
            checks.AddRange(Mixing(products[0]));
        }
        checks.AddRange(Lattice(rounded));
        checks.AddRange(Budget(rounded));
        foreach (TapRecord product in products.Where(r => r.Outputs.Count > 2 * AveragingLaw.Length).Take(1))
            checks.AddRange(Averaging(product));
        checks.AddRange(Processing(products));
        foreach (TapRecord product in bare.Records.Where(r => r.Weights is { } w && r.Inputs.Count >= 2 * w.Inputs && w.Inputs <= 512).OrderBy(r => r.Weights!.Outputs).Take(3))
            checks.Add(Shaping(product));
        return checks;
    }

    /// <summary>The weights of a product as floats.</summary>
    internal static float[][] Rows(TapRecord product) =>
        [.. Enumerable.Range(0, product.Weights!.Outputs).Select(o => { float[] row = new float[product.Weights.Inputs]; product.Weights.GetRow(o, row); return row; })];

    static IEnumerable<LawCheck> Tilt(string name, IReadOnlyList<float> values)
    {
        double squares = 0;
        foreach (float value in values)
            squares += (double)value * value;
        double deviation = Math.Sqrt(squares / values.Count);
        foreach ((string format, double tolerance, Func<float, Cell> cell) in ((string, double, Func<float, Cell>)[])
        [
            ("int4", 0.1, v => Cell.Of(4, 2.8 * deviation / 7, v)),
            ("e5m2", 0.1, v => Cell.Of(FloatFormat.E5M2, v)),
            ("e4m3", 0.1, v => Cell.Of(FloatFormat.E4M3, v)),
            ("int8", 0.15, v => Cell.Of(8, 4 * deviation / 127, v)),
            ("bf16", 0.3, v => Cell.Of(FloatFormat.BF16, v)),
            ("fp16", 0.3, v => Cell.Of(FloatFormat.FP16, v)),
        ])
        {
            TiltResult r = TiltLaw.Check(values, cell);
            bool seen = r.Law > 0 && r.Count >= 4 * r.Needed, near = Math.Abs((r.Bits / r.Law) - 1) <= tolerance || Math.Abs(r.Bits - r.Law) <= 3 * r.Deviation;
            yield return new LawCheck("1 tilt", $"{format}, {name}", r.Law, r.Bits, r.Deviation, "bits", r.Shuffled,
                !seen ? LawOutcome.Underpowered : near && r.Shuffled < Seen * r.Deviation ? LawOutcome.Holds : LawOutcome.Fails,
                Tongue.Say("slope measured / law off 1, or a gain on shuffled residuals", "наклон измерение/закон не 1 или выигрыш на перемешанных"));
        }
    }

    static IEnumerable<LawCheck> Lattice(ResidualTap rounded)
    {
        foreach (TapRecord sum in rounded.Records.Where(r => r.Operands > 20_000).OrderByDescending(r => r.Operands).Take(4))
        {
            double n = sum.Sketch.Count;
            yield return One("exact", sum.Foretold.Exact, sum.Sketch.Exact / n);
            yield return One("tie", sum.Foretold.Tie, sum.Sketch.Ties / n);

            LawCheck One(string what, double foretold, double measured)
            {
                double deviation = Math.Sqrt(foretold * (1 - foretold) / n);
                return new LawCheck("2 lattice", $"{what}, {sum.Operation}", foretold, measured, deviation, Tongue.Say("share", "доля"), null,
                    Math.Abs(measured - foretold) <= (0.1 * foretold) + (3 * deviation) ? LawOutcome.Holds : LawOutcome.Fails,
                    Tongue.Say("shares of exact sums and ties that the operands' exponents do not foretell", "доли точных сумм и середин, не следующие из показателей слагаемых"));
            }
        }
    }

    static IEnumerable<LawCheck> Mixing(TapRecord product)
    {
        double squares = 0;
        foreach (float value in product.Kept)
            squares += (double)value * value;
        double deviation = Math.Sqrt(squares / product.Kept.Count);
        foreach (double cells in (double[])[0.2, 0.33, 0.5, 1, 4])
        {
            (double predicted, double measured, double noise) = MixingLaw.Check(product.Kept, deviation / cells, 1);
            bool hidden = predicted < 3 * noise;
            // Neighbouring activations are no independent draws: what they share adds to the noise of counting.
            bool near = Math.Abs(measured - predicted) <= (0.1 * predicted) + (6 * noise);
            yield return new LawCheck("3 mixing", Tongue.Say($"{cells} cells per deviation, {product.Operation}", $"{cells} ячеек на отклонение, {product.Operation}"), predicted, measured, noise, Tongue.Say("1st harmonic", "1-я гармоника"), null,
                near ? LawOutcome.Holds : hidden ? LawOutcome.Underpowered : LawOutcome.Fails,
                Tongue.Say("a harmonic that the density of the numbers does not have", "гармоника, которой нет у плотности чисел"));
        }
    }

    static IEnumerable<LawCheck> Averaging(TapRecord product)
    {
        (string Kind, Func<int, double[]> Weights)[] kinds =
        [
            .. ((double[])[64, 16, 4, 1]).Select(rows => (Tongue.Say($"weights halving every {rows} rows", $"веса, убывающие вдвое за {rows} строк"), (Func<int, double[]>)(_ => AveragingLaw.Fading(rows)))),
            .. ((double[])[0.25, 1, 3]).Select(sharpness => (Tongue.Say($"softmax of deviation {sharpness}", $"softmax с отклонением {sharpness}"), (Func<int, double[]>)(from => AveragingLaw.Attending(product.Outputs, from, sharpness)))),
        ];
        foreach ((string kind, Func<int, double[]> weights) in kinds)
        {
            AveragingResult r = AveragingLaw.Check(product.Outputs, weights, 1);
            yield return new LawCheck("7 averaging", $"int5, {kind}, {product.Operation}", r.Predicted, r.Measured, r.Deviation, Tongue.Say("of plain error", "от простой ошибки"), r.Shuffled,
                Math.Abs((r.Measured / r.Predicted) - 1) <= 0.15 || Math.Abs(r.Measured - r.Predicted) <= 3 * r.Deviation ? LawOutcome.Holds : LawOutcome.Fails,
                Tongue.Say("errors handed on cancelling more or less than Σ(aᵢ − aᵢ₊₁)²/Σaᵢ²", "переданные ошибки гасятся не на Σ(aᵢ − aᵢ₊₁)²/Σaᵢ²"));
        }
    }

    static IEnumerable<LawCheck> Processing(List<TapRecord> products)
    {
        foreach (TapRecord product in products)
        {
            DeviationResult r = DeviationExperiment.Run(Square(product), 400, FloatFormat.BF16, 1);
            yield return new LawCheck("4 data processing", Tongue.Say($"deviation of a bf16 state foretold from its residuals, weights of {product.Operation}", $"отклонение состояния bf16 по его остаткам, веса {product.Operation}"), 1, r.Explained, 0.1, "R²", r.ByShuffled,
                r.Explained >= 0.9 && r.ByShuffled <= 0.02 ? LawOutcome.Holds : LawOutcome.Fails,
                Tongue.Say("residuals in other places foretelling it too", "остатки на чужих местах тоже предсказывают"));
        }
    }

    /// <summary>The largest square corner of a product's weights, up to 128.</summary>
    internal static float[][] Square(TapRecord product)
    {
        float[][] rows = Rows(product);
        int n = Math.Min(128, Math.Min(rows.Length, rows[0].Length));
        return [.. rows.Take(n).Select(r => r[..n])];
    }

    static IEnumerable<LawCheck> Budget(ResidualTap rounded)
    {
        foreach (TapRecord sum in rounded.Records.Where(r => r.Operands > 20_000).OrderByDescending(r => r.Operands).Take(4))
        {
            double runs = sum.Sketch.Count / 64.0, deviation = Math.Sqrt(2 / runs);
            yield return new LawCheck("5 budget", Tongue.Say($"lean of neighbours, {sum.Operation}", $"крен соседей, {sum.Operation}"), 1, sum.Sketch.Coherence, deviation, "(Σu)²/Σu²", null,
                Math.Abs(sum.Sketch.Coherence - 1) <= 4 * deviation ? LawOutcome.Holds : LawOutcome.Fails,
                Tongue.Say("residuals that lean one way together: a bias, which training feels", "остатки, клонящиеся вместе: смещение, которое чувствует обучение"));
        }
    }

    static LawCheck Shaping(TapRecord product)
    {
        (double predicted, double measured) = ShapingLaw.Check(Rows(product), [.. product.Inputs], IntegerFormat.Int4Asymmetric);
        return new LawCheck("6 shaping", $"int4, {product.Operation}", predicted, measured, 0.02 * predicted, Tongue.Say("of plain error", "от простой ошибки"), null,
            Math.Abs((measured / predicted) - 1) <= 0.1 ? LawOutcome.Holds : LawOutcome.Fails,
            Tongue.Say("feedback winning more or less than ΣD/tr H", "выигрыш обратной связи не ΣD/tr H"));
    }
}
