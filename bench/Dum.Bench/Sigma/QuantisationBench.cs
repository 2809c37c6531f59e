using System.Globalization;
using Dum.Sigma.Quantisation;

namespace Dum.Bench.Sigma;

/// <summary>The share of the loss of rounding to nearest that each method wins back at the same stored size, over several calibration draws, beside its placebo.</summary>
static class QuantisationBench
{
    public static void Run(Arguments arguments, Report report)
    {
        string model = arguments.One("--model") ?? "default";
        int draws = arguments.Number("--draws", 5), tokens = arguments.Number("--tokens", 8192), bits = arguments.Number("--bits", 4), tested = arguments.Number("--tested", 16384);
        if (arguments.All("--calibration").Count == 0 || arguments.All("--held").Count == 0)
        {
            report.Note("quantisation: give --calibration FILE and --held FILE, texts that share nothing");
            return;
        }
        using var quantiser = new ModelQuantiser(model);
        int[] calibration = Tokens(quantiser, arguments.All("--calibration")), held = CalibrationText.Draw(Tokens(quantiser, arguments.All("--held")), tested, quantiser.Model.Context, 1000);
        var share = new LossShare(held, quantiser, 1, default);
        double full = share.Loss();
        var plain = new QuantisationOptions { Bits = bits, Method = QuantisationMethod.Nearest, Mixed = false };
        long stored = quantiser.Run(CalibrationText.Draw(calibration, tokens, quantiser.Model.Context, 1), plain).Sum(l => l.StoredBits);
        double nearest = share.Loss() - full;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"float {full:F4}, nearest +{nearest:F4}"));
        var methods = new (string Name, QuantisationOptions Options)[]
        {
            ("GPTQ", plain with { Method = QuantisationMethod.Gptq, Sweeps = 0 }),
            ("bias correction", plain with { Method = QuantisationMethod.Bias, Sweeps = 0 }),
            ("Hadamard + GPTQ", plain with { Method = QuantisationMethod.Gptq, Sweeps = 0, Rotate = true }),
            ("GPTQ + code descent", plain with { Method = QuantisationMethod.Gptq, Sweeps = 4 }),
            ("diffusion + code descent", plain with { Method = QuantisationMethod.Diffuse, Sweeps = 4 }),
            ("nearest, mixed bits", plain with { Mixed = true }),
            ("GPTQ + code descent, mixed bits", plain with { Method = QuantisationMethod.Gptq, Sweeps = 4, Mixed = true }),
            ("all: diffusion + code descent, mixed bits", plain with { Method = QuantisationMethod.Diffuse, Sweeps = 4, Mixed = true }),
            ("all + rank 2, mixed bits", plain with { Method = QuantisationMethod.Gptq, Sweeps = 4, Mixed = true, Rank = 2 }),
            ("placebo: GPTQ, shuffled Hessian", plain with { Method = QuantisationMethod.Gptq, Sweeps = 0, Shuffle = true }),
            ("placebo: GPTQ + code descent, shuffled Hessian", plain with { Method = QuantisationMethod.Gptq, Sweeps = 4, Shuffle = true }),
        };
        IReadOnlyList<string> only = arguments.All("--method");
        var table = new Table(
            string.Create(CultureInfo.InvariantCulture, $"{bits} bits, {stored / (double)quantiser.Weights:F2} stored a weight; loss {full:F4} nats a token, rounded to nearest {full + nearest:F4}; {draws} draws of {tokens} tokens, measured on {held.Length}"),
            ("method", ""), ("loss won back, %", "F1"), ("± (95 %)", "F1"), ("stored bits a weight", "F3"));
        foreach ((string name, QuantisationOptions options) in methods.Where((_, i) => only.Count == 0 || only.Contains(i.ToString(CultureInfo.InvariantCulture))))
        {
            var won = new List<double>();
            double size = 0;
            for (int draw = 1; draw <= draws; draw++)
            {
                // Bits are shared out once for all draws of a method.
                if (draw == 1)
                    quantiser.Forget();
                size = quantiser.Run(CalibrationText.Draw(calibration, tokens, quantiser.Model.Context, draw), options).Sum(l => l.StoredBits) / (double)quantiser.Weights;
                won.Add(100 * (1 - ((share.Loss() - full) / nearest)));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, draw {draw}: {won[^1]:F1} %, {size:F3} bits"));
            }
            table.Add(name, won.Average(), LossShare.HalfWidth(won), size);
        }
        report.Add(table);
    }

    static int[] Tokens(ModelQuantiser quantiser, IReadOnlyList<string> files)
    {
        var all = new List<int>();
        foreach (string file in Arguments.Existing(files))
        {
            using FileStream stream = File.OpenRead(file);
            var bytes = new byte[Math.Min(stream.Length, 4_000_000)];
            stream.ReadExactly(bytes);
            all.AddRange(quantiser.Model.Tokenizer.Encode(bytes));
        }
        return [.. all];
    }
}
