using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using static Dum.Ledger.TextClaims;

namespace Dum.Ledger;

/// <summary>
/// The claims about quality, for which models are trained: a scene model, a token model over the same hyperwords and one
/// over an ordinary vocabulary (merges inside words only), each for the same time and for the same bytes, over several
/// seeds; and token models of three sizes, among which the scene model finds its like.
/// </summary>
sealed class QualityClaims
{
    /// <summary>Widths of the ladder against the preset's.</summary>
    static readonly double[] s_ladder = [0.5, 1, 1.5];

    const int WorthBytes = 100_000;

    readonly LedgerOptions _options;
    readonly ArmTrainer _trainer;
    readonly Arm _scene, _bare, _same;
    readonly Arm[] _ladder;

    /// <param name="options">Size and seeds.</param>
    /// <param name="trainer">Trains the arms.</param>
    /// <param name="hyperwords">Units of the scene model and of its twin.</param>
    /// <param name="words">Units of the ordinary models.</param>
    /// <param name="longer">Bytes of a hyperword for each byte of a word.</param>
    public QualityClaims(LedgerOptions options, ArmTrainer trainer, LexiconFile hyperwords, LexiconFile words, double longer)
    {
        (_options, _trainer) = (options, trainer);
        TrainingPreset preset = TrainingPreset.Of(options.Preset);
        // As many sequences as make the batch whole again: else the remainder of the division would be taken from one side only.
        int context = TrainingPreset.Of("scene-" + options.Preset).Context, more = preset.BatchTokens / (int)Math.Max(1, Math.Round(preset.BatchTokens / (context * longer)));
        _scene = new Arm("scene", "scene-" + options.Preset, "", hyperwords, context);
        _bare = _scene with { Name = "scene-bare", Sizes = "pairs=0" };
        _same = new Arm("token-hyperwords", options.Preset, "", hyperwords, context);
        _ladder = [.. s_ladder.Select(f => new Arm(f == 1 ? "token-bpe" : $"token-bpe-{f}", options.Preset, f == 1 ? "" : Scaled(preset, f), words, more))];
    }

    /// <summary>Scene models on equal time, one per seed: what the speed is measured with.</summary>
    public IReadOnlyList<TrainedArm> Scenes { get; private set; } = [];

    /// <summary>Token models on the same hyperwords on equal time, one per seed.</summary>
    public IReadOnlyList<TrainedArm> Same { get; private set; } = [];

    /// <summary>Token models on an ordinary vocabulary on equal time, smallest first, each one per seed.</summary>
    public IReadOnlyList<IReadOnlyList<TrainedArm>> Ladder { get; private set; } = [];

    /// <summary>Scene models without their table of pairs, which no token model here has.</summary>
    IReadOnlyList<TrainedArm> Bare { get; set; } = [];

    public IEnumerable<LedgerRow> Measure(CancellationToken cancel)
    {
        _trainer.MeasurePace([_scene, _bare, _same, .. _ladder], cancel);
        Scenes = Seeds(s => _trainer.ForTime(_scene, s, cancel));
        Bare = Seeds(s => _trainer.ForTime(_bare, s, cancel));
        Same = Seeds(s => _trainer.ForTime(_same, s, cancel));
        Ladder = [.. _ladder.Select(arm => Seeds(s => _trainer.ForTime(arm, s, cancel)))];
        IReadOnlyList<TrainedArm> words = Ladder[1];
        IReadOnlyList<TrainedArm> sameBytes = Seeds(s => _trainer.ForBytes(_same, s, Scenes[0].Bytes, Same[0], cancel));
        IReadOnlyList<TrainedArm> wordsBytes = Seeds(s => _trainer.ForBytes(_ladder[1], s, Scenes[0].Bytes, words[0], cancel));
        LedgerRow[] rows =
        [
            Gap("gap-equal-time", Tongue.Say("equal processor time of training, its pace measured in turns", "равное процессорное время обучения, темп замерен по очереди"), Same, words, Apart(Bare, Same)),
            Gap("gap-equal-bytes", Tongue.Say("equal bytes of training text", "равные байты учебного текста"), sameBytes, wordsBytes, null),
            Worth(),
            Equivalence(),
            Cost(Same),
        ];
        return _options.Seeds > 1 ? rows : rows.Select(row => row.OfOneSeed());
    }

    IReadOnlyList<TrainedArm> Seeds(Func<int, TrainedArm> train) => [.. Enumerable.Range(1, _options.Seeds).Select(seed => train(seed))];

    /// <summary>Bits per byte that one has more than the other, seed by seed.</summary>
    static Interval Apart(IReadOnlyList<TrainedArm> one, IReadOnlyList<TrainedArm> other) => Interval.Of([.. one.Zip(other, (a, b) => a.Mean - b.Mean)]);

    /// <remarks><c>bare</c> is the same difference without the table of pairs; null where that was not trained.</remarks>
    LedgerRow Gap(string id, string equal, IReadOnlyList<TrainedArm> same, IReadOnlyList<TrainedArm> words, Interval? bare)
    {
        Interval gap = Apart(Scenes, same), gapWords = Apart(Scenes, words);
        string without = bare is { } b ? Tongue.Say($"; without its table of pairs, which token models do not have, {Signed(b.Mean)} {b}", $"; без таблицы пар, которой у моделей по токенам нет, {Signed(b.Mean)} {b}") : "";
        return new LedgerRow(id,
            Tongue.Say("a scene model is as good as a token model", "модель по сценам не хуже модели по токенам"),
            Tongue.Say("bits per byte on the tests, scene model − token model on the same hyperwords; below 0 is better", "бит на байт на проверке: по сценам − по токенам на тех же гиперсловах; ниже 0 — лучше"),
            Tongue.Say($"token model, {same[0].Parameters / 1e6:0.00} M parameters (scene model {Scenes[0].Parameters / 1e6:0.00} M)", $"модель по токенам, {same[0].Parameters / 1e6:0.00} М параметров (по сценам {Scenes[0].Parameters / 1e6:0.00} М)"),
            $"{equal}; {Tongue.Say($"{_options.Seeds} seeds", $"зёрен {_options.Seeds}")}",
            $"{Signed(gap.Mean)}", gap.ToString(),
            gap.Mean + gap.Half <= 0.03 ? Verdict.Reached : gap.Mean - gap.Half <= 0.05 ? Verdict.Partly : Verdict.Not,
            Tongue.Say(
                $"against the token model on an ordinary vocabulary {Signed(gapWords.Mean)} {gapWords}; bits per byte: scenes {Scenes.Average(a => a.Mean):0.000}, tokens on hyperwords {same.Average(a => a.Mean):0.000}, on words {words.Average(a => a.Mean):0.000}; bytes read {F(Scenes[0].Bytes / 1e6)}, {F(same[0].Bytes / 1e6)}, {F(words[0].Bytes / 1e6)} M{without}",
                $"против модели на обычном словаре {Signed(gapWords.Mean)} {gapWords}; бит на байт: сцены {Scenes.Average(a => a.Mean):0.000}, токены-гиперслова {same.Average(a => a.Mean):0.000}, слова {words.Average(a => a.Mean):0.000}; прочитано {F(Scenes[0].Bytes / 1e6)}, {F(same[0].Bytes / 1e6)}, {F(words[0].Bytes / 1e6)} МБ{without}"),
            []);
    }

    /// <summary>What the scenes of a finished model are worth on a text, which must be one that it never saw.</summary>
    public static LedgerRow Worth(string name, LanguageModel model, LedgerText text, int threads, CancellationToken cancel)
    {
        long before = 0;
        byte[] joined = ArmTrainer.Join(text.Documents.TakeWhile(d => (before += d.Length) - d.Length < WorthBytes));
        SceneWorth worth = SceneWorth.Of(model, text.Name, joined[..Math.Min(joined.Length, WorthBytes)], threads, cancel);
        return Worth("model-worth", $"{name}, {text.Name}", Interval.Of([worth.Zeroed - worth.Nats]), Interval.Of([worth.Shuffled - worth.Nats]));
    }

    LedgerRow Worth() => Worth("scene-worth", Tongue.Say("the same model", "та же модель"),
        Interval.Of([.. Scenes.Select(a => a.Worth!.Zeroed - a.Worth.Nats)]), Interval.Of([.. Scenes.Select(a => a.Worth!.Shuffled - a.Worth.Nats)]));

    static LedgerRow Worth(string id, string baseline, Interval zeroed, Interval shuffled) => new(id,
        Tongue.Say("the global part works", "глобальная часть работает"),
        Tongue.Say("nats per hyperword lost when the contexts of scenes are zeroed", "нат на гиперслово, теряемых без контекстов сцен"),
        baseline, Tongue.Say("weights and text", "веса и текст"), $"{zeroed.Mean:0.000}", zeroed.ToString(),
        zeroed.Mean - zeroed.Half > 0.03 ? Verdict.Reached : zeroed.Mean > 0 ? Verdict.Partly : Verdict.Not,
        Tongue.Say($"with the contexts of other scenes +{shuffled.Mean:0.000} {shuffled}", $"с контекстами чужих сцен +{shuffled.Mean:0.000} {shuffled}"), []);

    /// <summary>
    /// bits = a + b·ln(parameters) through the ladder, solved for the scene model's bits; one fit per seed. Only inside of a
    /// ladder whose larger models are better: a line continued beyond it would promise any number.
    /// </summary>
    LedgerRow Equivalence()
    {
        double own = Scenes.Average(a => a.Mean);
        bool falls = Enumerable.Range(0, _options.Seeds).All(seed => Ladder.Zip(Ladder.Skip(1), (small, large) => small[seed].Mean > large[seed].Mean).All(better => better));
        bool fits = falls && own <= Ladder[0].Average(r => r.Mean) && own >= Ladder[^1].Average(r => r.Mean);
        Interval factor = fits ? Interval.Of([.. Enumerable.Range(0, _options.Seeds).Select(Like)]) : default;
        string missed = !falls ? Tongue.Say(": in so short a time larger models are not better, so there is no like to find; give more --minutes", ": за такое время большие модели не лучше, и сравнивать не с чем; увеличьте --minutes")
            : Tongue.Say($": the scene model's {own:0.000} lies outside of them, so none is its like", $": {own:0.000} модели по сценам вне их, и равной ей среди них нет");
        string Sizes(string end) => string.Join("; ", Ladder.Select(rung => $"{rung[0].Parameters / 1e6:0.00} M: {rung.Average(r => r.Mean):0.000}")) + end;
        return new LedgerRow("parameter-equivalence",
            Tongue.Say("a model acts like one of ten times its parameters", "модель ведёт себя как в десять раз большая"),
            Tongue.Say("parameters of a token model with the same bits per byte, for each of the scene model's", "параметров модели по токенам с теми же битами на байт на один параметр модели по сценам"),
            Tongue.Say("token models of three sizes on an ordinary vocabulary", "модели по токенам трёх размеров на обычном словаре"), Tongue.Say("training time", "время обучения"),
            fits ? $"{F(Math.Exp(factor.Mean))} ×" : "–", fits && factor.Half > 0 ? $"{F(Math.Exp(factor.Mean - factor.Half))} … {F(Math.Exp(factor.Mean + factor.Half))}" : "",
            !fits ? Verdict.Unmeasured : CostClaims.Judge(Math.Exp(factor.Mean), 10, 1.5),
            fits ? Sizes(Tongue.Say($"; scenes {Scenes[0].Parameters / 1e6:0.00} M: {own:0.000}", $"; сцены {Scenes[0].Parameters / 1e6:0.00} М: {own:0.000}"))
                : Sizes(missed),
            [new LedgerSeries(Tongue.Say("token models", "по токенам"), Tongue.Say("parameters", "параметров"), Tongue.Say("bits per byte", "бит на байт"), [.. Ladder.Select(r => ((double)r[0].Parameters, r.Average(a => a.Mean)))]),
             new LedgerSeries(Tongue.Say("scene model", "по сценам"), Tongue.Say("parameters", "параметров"), Tongue.Say("bits per byte", "бит на байт"), [(Scenes[0].Parameters, Scenes.Average(a => a.Mean))])]);

        double Like(int seed)
        {
            (double X, double Y)[] points = [.. Ladder.Select(rung => (Math.Log(rung[seed].Parameters), rung[seed].Mean))];
            double x = points.Average(p => p.X), y = points.Average(p => p.Y), slope = points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
            return x + ((Scenes[seed].Mean - y) / slope) - Math.Log(Scenes[seed].Parameters);
        }
    }

    /// <summary>When the scene model reaches what the token model ended with, on held-out text.</summary>
    LedgerRow Cost(IReadOnlyList<TrainedArm> same)
    {
        double target = same.Average(a => a.Curve[^1].Bits);
        List<double> factors = [.. Scenes.Select(a => a.Curve.Where(p => p.Bits <= target).Select(p => p.Bytes / a.Bytes).DefaultIfEmpty(double.PositiveInfinity).First())];
        bool reached = factors.All(double.IsFinite);
        return new LedgerRow("training-cost",
            Tongue.Say("training to the same quality costs less", "обучение до того же качества дешевле"),
            Tongue.Say($"share of the time in which the scene model reaches the token model's final {target:0.000} bits per byte on held-out text", $"доля времени, за которую модель по сценам достигает итоговых {target:0.000} бит на байт модели по токенам на отложенном тексте"),
            Tongue.Say("token model on the same hyperwords", "модель по токенам на тех же гиперсловах"), Tongue.Say("text and time", "текст и время"),
            reached ? $"{F(factors.Average())}" : Tongue.Say("not reached", "не достигнуто"), "", reached ? (factors.Average() <= 0.5 ? Verdict.Reached : Verdict.Partly) : Verdict.Not, "",
            [Curve(Tongue.Say("scene model", "по сценам"), Scenes[0]), Curve(Tongue.Say("token model, same hyperwords", "по токенам, те же гиперслова"), same[0]), Curve(Tongue.Say("token model, words", "по токенам, слова"), Ladder[1][0])]);

        static LedgerSeries Curve(string name, TrainedArm run) => new(name, Tongue.Say("seconds", "секунды"), Tongue.Say("bits per byte, held out", "бит на байт, отложенный"), [.. run.Curve.Select(p => (run.Seconds * p.Bytes / run.Bytes, p.Bits))]);
    }

    /// <summary>The preset's model at another width, its heads and proportions kept.</summary>
    static string Scaled(TrainingPreset preset, double factor)
    {
        int heads = preset.Token!.Heads, width = (int)Math.Round(preset.Token.Width * factor / (2 * heads)) * 2 * heads;
        return $"width={width},feed={(int)Math.Round(width * 8 / 3.0 / 16) * 16}";
    }
}
