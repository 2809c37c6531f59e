using System.Security.Cryptography;
using Dum.Models;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;
using Dum.Sigma.Feedback;
using Dum.Sigma.Formats;
using Dum.Sigma.Laws;
using Dum.Sigma.Predict;
using Dum.Sigma.Tap;

namespace Dum.Sigma.Answers;

/// <summary>Residuals of one operation before the battery.</summary>
/// <param name="Operation">Whose.</param>
/// <param name="Sketch">Of them.</param>
/// <param name="Report">The battery's answer about them as bytes.</param>
public sealed record JudgedOperation(string Operation, ResidualSketch Sketch, BatteryReport Report);

/// <summary>The three questions, answered for a model and a text.</summary>
/// <param name="Study">Predictor, placebos and controls.</param>
/// <param name="Judged">Residuals in the battery.</param>
/// <param name="Dropout">A mask of draws of the product's own generator in the battery.</param>
/// <param name="State">What carrying residuals does for a state in bfloat16, on the model's own weights.</param>
/// <param name="Weights">What it does for training weights in bfloat16.</param>
/// <param name="Laws">Predicted beside measured.</param>
/// <param name="Hashes">Of the logits in all kinds of company.</param>
/// <param name="Tokens">Read.</param>
public sealed record SigmaAnswers(
    StudyResult Study, IReadOnlyList<JudgedOperation> Judged, BatteryReport Dropout, CarryResult State, CarryResult Weights,
    IReadOnlyList<LawCheck> Laws, IReadOnlyList<(string Way, string Hash)> Hashes, int Tokens)
{
    static readonly string[] s_kinds = ["sum after", "gate after"];

    /// <summary>Values kept of every operation, and of the product on which the laws are checked: the finer a format, the more it takes to see its tilt.</summary>
    const int Kept = 1 << 18, KeptForLaws = 1 << 25;

    // Two training runs end a per cent apart by chance alone; this many tell what carrying does.
    const int CarryRuns = 5;

    /// <summary>Fixes what will be looked at: one sum, one product, one gate, the largest of each, found by reading a few tokens.</summary>
    /// <param name="model">Open.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="tokens">Of it.</param>
    /// <param name="seed">Of the placebos.</param>
    public static Protocol Plan(LanguageModel model, byte[] text, int tokens, ulong seed)
    {
        var look = new ResidualTap(new TapOptions { Share = 1, RoundState = true });
        TappedRun.Read(model, text, 64, look);
        string[] chosen =
        [
            .. s_kinds.Select(kind => Largest(r => r.Operation.StartsWith(kind, StringComparison.Ordinal))),
            Largest(r => r.Weights is not null && !r.Operation.Contains("embed", StringComparison.Ordinal) && !r.Operation.Contains("head", StringComparison.Ordinal)),
        ];
        return new Protocol(model.Id, Convert.ToHexStringLower(SHA256.HashData(text)), tokens, chosen, FloatFormat.BF16.Name, seed);

        string Largest(Func<TapRecord, bool> which) => look.Records.Where(which).MaxBy(r => r.Sketch.Count)!.Operation;
    }

    /// <summary>Does what the protocol says and answers.</summary>
    /// <param name="model">The protocol's.</param>
    /// <param name="text">The protocol's.</param>
    /// <param name="protocol">Fixed before.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="progress">Is told the step and its share; may be null.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="DumException">The text is too short.</exception>
    public static SigmaAnswers Run(LanguageModel model, byte[] text, Protocol protocol, int threads, Action<string, double>? progress = null, CancellationToken cancel = default)
    {
        var options = new TapOptions { Share = 1, Keep = Kept, KeepInputs = 1024 };
        var bare = new ResidualTap(options with { Keep = KeptForLaws, KeepOnly = [protocol.Operations[^1]] });
        int tokens = TappedRun.Read(model, text, protocol.Tokens, bare, threads, done => progress?.Invoke(Tongue.Say("reading", "чтение"), done), cancel);
        var rounded = new ResidualTap(options with { RoundState = true });
        TappedRun.Read(model, text, protocol.Tokens, rounded, threads, done => progress?.Invoke(Tongue.Say("reading in bf16", "чтение в bf16"), done), cancel);
        TapRecord[] chosen = [.. protocol.Operations.Select(name => rounded.Records.First(r => r.Operation == name))];
        if (chosen.Any(r => r.Kept.Count < RandomnessBattery.Least))
            throw new DumException(Tongue.Say(
                $"INSUFFICIENT: {tokens} tokens give {chosen.Min(r => r.Kept.Count)} residuals of an operation, {RandomnessBattery.Least} are needed: give a longer text or more --tokens",
                $"НЕДОСТАТОЧНО: токенов {tokens}, остатков операции {chosen.Min(r => r.Kept.Count)}, нужно {RandomnessBattery.Least}: дайте текст длиннее или больше --tokens"));
        StudyResult study = PlaceboStudy.Run(protocol, chosen, progress, cancel);
        progress?.Invoke(Tongue.Say("battery", "батарея"), 0.5);
        JudgedOperation[] judged = [.. chosen.Select(r => new JudgedOperation(r.Operation, r.Sketch, Judge(Bytes(r, FloatFormat.Of(protocol.Format)))))];
        byte[] mask = new byte[1 << 19];
        Source.Of("philox").Open(protocol.Seed)(mask);
        cancel.ThrowIfCancellationRequested();
        progress?.Invoke(Tongue.Say("laws", "законы"), 0.5);
        IReadOnlyList<LawCheck> laws = LawStudy.Run(bare, rounded);
        progress?.Invoke(Tongue.Say("carry", "перенос"), 0.5);
        CarryResult state = CarryExperiment.State(LawStudy.Square(chosen[^1]), 400, FloatFormat.BF16, protocol.Seed);
        var weights = new List<CarryResult>();
        for (int run = 0; run < CarryRuns; run++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Invoke(Tongue.Say("carry", "перенос"), (double)run / CarryRuns);
            weights.Add(CarryExperiment.Weights(64, 20_000, FloatFormat.BF16, protocol.Seed + (ulong)run));
        }
        progress?.Invoke(Tongue.Say("batches", "пакеты"), 0.5);
        int[] ids = model.Tokenizer.Encode(text.AsSpan(0, Math.Min(text.Length, 4096)));
        var hashes = BatchInvariance.Hashes(model, ids.AsMemory(0, Math.Min(48, ids.Length)), cancel);
        return new SigmaAnswers(study, judged, Judge(mask), state, CarryResult.Mean(weights), laws, hashes, tokens);
    }

    /// <summary>Residuals as the battery takes them: byte b is the residual (b + ½)/256 − ½ cells.</summary>
    internal static byte[] Bytes(TapRecord record, FloatFormat format) =>
        [.. record.Kept.Select(v => format.Residual(v, out _)).Where(float.IsFinite).Select(u => (byte)Math.Clamp((int)((u + 0.5f) * 256), 0, 255))];

    static BatteryReport Judge(byte[] bytes)
    {
        // Four streams are judged on one page: each has a quarter of its false alarms.
        var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0, Alpha = 1e-3 / 4 });
        battery.Add(bytes);
        return battery.Finish();
    }
}
