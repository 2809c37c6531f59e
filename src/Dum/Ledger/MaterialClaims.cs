using System.Security.Cryptography;
using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using static Dum.Ledger.TextClaims;

namespace Dum.Ledger;

/// <summary>
/// The claim that an adapter over scenes needs less material: adapters of one rank learn from more and more of a text that
/// the models never saw, in as many steps on both sides, and are measured on its end. What counts is how many bits per byte
/// an adapter saves its own base, because the bases differ.
/// </summary>
/// <param name="folder">Takes the adapters; what is finished there is not trained again.</param>
/// <param name="options">The material and threads.</param>
/// <param name="progress">Told what is under way.</param>
sealed class MaterialClaims(string folder, LedgerOptions options, IProgress<TrainingProgress>? progress)
{
    /// <summary>Lower than for adapters at large: little material is seen many times.</summary>
    const double Rate = 5e-4;

    /// <summary>Bits per byte below which nothing was learned that a curve could be read from.</summary>
    const double LeastSaved = 0.01;

    const int Batch = 1024, LeastSteps = 24, MostSteps = 240, Passes = 6, TestBytes = 64_000;
    static readonly int[] s_bytes = [10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>One row.</summary>
    /// <param name="scene">A scene model.</param>
    /// <param name="token">A token model on the same hyperwords, trained for the same time.</param>
    /// <param name="cancel">Stops between adapters.</param>
    public LedgerRow Measure(TrainedArm scene, TrainedArm token, CancellationToken cancel)
    {
        string claim = Tongue.Say("an adapter needs 10 to 30 times less material", "адаптеру нужно в 10–30 раз меньше материала");
        string definition = Tongue.Say("material with which a token model's adapter saves half of what it saves with all of it, for each byte with which the scene model's saves as much", "материал, с которым адаптер модели по токенам сберегает половину того, что сберегает со всем, на байт материала, с которым столько же сберегает адаптер модели по сценам");
        string baseline = Tongue.Say("adapter of the token model on the same hyperwords", "адаптер модели по токенам на тех же гиперсловах"), equal = Tongue.Say("rank, steps, units a step, rate", "ранг, шаги, единиц за шаг, скорость");
        if (options.Material is not { } material)
            return new LedgerRow("adapter-material", claim, definition, baseline, equal, "–", "", Verdict.Unmeasured, Tongue.Say("give --material FILE, a text unlike the others", "нужен --material FILE, текст не такой, как остальные"), []);
        byte[] all = ArmTrainer.Join(material.Documents);
        int kept = Math.Max(all.Length / 5, Math.Min(TestBytes, all.Length / 2)), most = all.Length - kept;
        byte[] test = all[most..Math.Min(all.Length, most + TestBytes)];
        int[] sizes = [.. s_bytes.Where(b => b < most), .. most <= s_bytes[^1] ? new[] { most } : []];
        (string Name, TrainedArm Arm, AdapterPart Part)[] arms =
        [
            (Tongue.Say("scene model, global part", "по сценам, глобальная часть"), scene, AdapterPart.Global),
            (Tongue.Say("scene model, local part", "по сценам, местная часть"), scene, AdapterPart.Local),
            (Tongue.Say("scene model, both", "по сценам, обе"), scene, AdapterPart.Both),
            (Tongue.Say("token model", "по токенам"), token, AdapterPart.Both),
        ];
        double[][] saved = [.. arms.Select(arm => sizes.Select(bytes => Saved(arm.Arm, arm.Part, all.AsSpan(0, bytes).ToArray(), test, cancel)).ToArray())];
        // Half of the largest saving lies inside of the curve, where it can be read off.
        double target = saved[^1].Max() / 2, needed = Needed(sizes, saved[^1], target);
        int best = Enumerable.Range(0, 3).MinBy(i => Needed(sizes, saved[i], target));
        double own = Needed(sizes, saved[best], target), factor = needed / own;
        bool measured = target > LeastSaved / 2 && double.IsFinite(own);
        // Where the least material was already enough the curve does not tell how much less would have been.
        string bound = own == sizes[0] && needed == sizes[0] ? "" : own == sizes[0] ? "≥ " : needed == sizes[0] ? "≤ " : "";
        string missed = !measured && target > LeastSaved / 2 ? Tongue.Say("; no adapter over scenes saved as much with all of it", "; ни один адаптер по сценам не сберёг столько и со всем материалом") : "";
        string note = string.Join("; ", arms.Select((arm, i) => $"{arm.Name}: {string.Join(", ", sizes.Select((b, j) => $"{F(b / 1000.0)} KB {Signed(saved[i][j])}"))}"));
        return new LedgerRow("adapter-material", claim, definition, baseline, equal,
            measured ? $"{bound}{F(factor)} ×" : "–", "", measured ? CostClaims.Judge(factor, 10, 1.1) : missed.Length > 0 ? Verdict.Not : Verdict.Unmeasured,
            Tongue.Say($"bits per byte saved on {material.Name}: {note}; best: {arms[best].Name}{missed}; one seed", $"сбережено бит на байт на {material.Name}: {note}; лучше всех: {arms[best].Name}{missed}; одно зерно"),
            [.. arms.Select((arm, i) => new LedgerSeries(arm.Name, Tongue.Say("bytes of material", "байт материала"), Tongue.Say("bits per byte saved", "сбережено бит на байт"), [.. sizes.Select((b, j) => ((double)b, saved[i][j]))]))]).OfOneSeed();
    }

    /// <summary>Bits per byte that an adapter saves its base on the test.</summary>
    double Saved(TrainedArm arm, AdapterPart part, byte[] text, byte[] test, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        string name = $"{arm.Arm.Name}-{part}-{text.Length}-{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 4))}".ToLowerInvariant();
        progress?.Report(new TrainingProgress(Tongue.Say("adapting", "адаптирую"), 0, name));
        using LanguageModel model = LanguageModel.Open(arm.Folder);
        Shard learn = Read("material", text, model, cancel), measured = Read("test", test, model, cancel);
        var training = new TrainingOptions
        {
            Steps = Math.Clamp(learn.Ids.Length * Passes / Batch, LeastSteps, MostSteps),
            Rate = Rate,
            BatchTokens = Batch,
            MicroTokens = Batch,
            Context = Math.Min(256, arm.Arm.Context),
            Optimiser = OptimiserKind.AdamW,
            Decay = 0,
            Threads = options.Threads,
            Evaluations = 1,
        };
        using var trainer = new Trainer(Path.Combine(folder, "adapter-" + name), model, learn, new AdapterOptions { Part = part }, training);
        TrainingResult result = trainer.Run([("test", measured)], null, cancel);
        return result.BaseScores[0].BitsPerByte - result.Scores[0].BitsPerByte;
    }

    static Shard Read(string name, byte[] text, LanguageModel model, CancellationToken cancel) =>
        Shard.Read([new LexiconSource(name, () => new MemoryStream(text), 1, text.Length)], model.Tokenizer, null, cancel);

    /// <summary>The material that saves as much, on straight lines over its logarithm; infinite where none does.</summary>
    static double Needed(int[] sizes, double[] saved, double target)
    {
        if (saved[0] >= target)
            return sizes[0];
        for (int i = 1; i < sizes.Length; i++)
            if (saved[i] >= target)
                return sizes[i - 1] * Math.Pow((double)sizes[i] / sizes[i - 1], (target - saved[i - 1]) / (saved[i] - saved[i - 1]));
        return double.PositiveInfinity;
    }
}
