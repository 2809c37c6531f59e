using Dum.Coding;
using Dum.Folding;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Rhythm.Bytes;

namespace Dum.Rhythm.Map;

/// <summary>Rows that are decided on a text: tokens, one rate for all parameters, training beforehand.</summary>
static class TextRows
{
    public const string Model = "training";

    const int Bits = 18, Most = 1 << 20, QuickMost = 1 << 18, Least = 10_000;

    // The likeliest first.
    static readonly int[] s_vocabularies = [1024, 4096, 512, 16_384, 2048, 8192, 32_768];

    static readonly string[] s_needText = ["tokens", "parameters", Model];

    /// <summary>Whether a row cannot be measured without a text.</summary>
    public static bool Needs(string id) => s_needText.Contains(id);

    /// <summary>A vocabulary of tokens with a coder over them, against bytes with phases as addresses; both mix contexts and go on learning.</summary>
    public static MapExperiment Tokenisation(MapOptions o)
    {
        byte[] text = Text(o);
        int from = text.Length / 5 * 4;
        return new MapExperiment(new MapRow(
            "tokens", new("tokenisation", "токенизация"),
            new($"{text.Length / 1000} KB of a text: the first four fifths learned, the last one coded", $"текст, {text.Length / 1000} КБ: первые четыре пятых на обучение, последняя кодируется"),
            new("bits per byte of the last fifth", "бит на байт последней пятой"), Less: true,
            new("bytes: context mixing over phase codes", "байты: смешение контекстов по кодам фаз"),
            new("vocabulary of hyperwords and their coder, trained on the same bytes", "словарь гиперслов с их кодером, обученные на тех же байтах"), null, null,
            new("the best of vocabularies of 1,024, 4,096, 512, 16,384 … hyperwords, as many as the time allows; both go on learning while they code", "лучший из словарей на 1024, 4096, 512, 16 384 … гиперслов, сколько успеет за то же время; обе стороны учатся и во время кодирования")),
            _ => Bytes(text, from),
            (_, seconds) =>
            {
                double start = MapExperiment.Clock, best = double.PositiveInfinity;
                object held = text;
                foreach (int size in s_vocabularies)
                {
                    LexiconFile lexicon = LexiconMaker.Make([LexiconSource.FromBytes("text", text[..from])], new LexiconTrainingOptions { Size = size, Threads = 1 }, null, CancellationToken.None);
                    var coder = new BlockCoder(lexicon.Prior);
                    double bits = 8.0 * coder.Encode(lexicon.Vocabulary.Encoder.Encode(text.AsSpan(from))).Length / (text.Length - from);
                    if (bits < best)
                        (best, held) = (bits, (lexicon, coder));
                    if (MapExperiment.Clock - start > seconds)
                        break;
                }
                return new MapOutcome(best, held);
            })
        { Random = false };
    }

    /// <summary>One rate for all parameters, against cells that each know how much they have seen.</summary>
    public static MapExperiment EqualParameters(MapOptions o)
    {
        byte[] text = Text(o);
        return new MapExperiment(new MapRow(
            "parameters", new("all parameters equal", "все параметры равны"),
            new($"{text.Length / 1000} KB of a text, each bit foretold from the two bytes before it", $"текст, {text.Length / 1000} КБ, каждый бит предсказан по двум байтам перед ним"),
            new("bits per byte", "бит на байт"), Less: true,
            new("each cell moves by its own count, 1/(n + 1.5)", "каждая ячейка движется по своему счёту, 1/(n + 1,5)"),
            new("all move by one rate, the best of 2⁻² … 2⁻⁷", "все движутся с одной скоростью, лучшей из 2⁻² … 2⁻⁷"), null, null,
            new("the best rate is chosen on the text itself, in the time that is shown", "лучшая скорость выбрана на самом тексте, за показанное время")),
            _ =>
            {
                var cells = new ContextCells();
                return new MapOutcome(cells.Cost(text, 0), cells);
            },
            (_, _) =>
            {
                int best = Enumerable.Range(2, 6).MinBy(rate => new ContextCells().Cost(text.AsSpan(0, Math.Min(text.Length, QuickMost)), rate));
                var cells = new ContextCells();
                return new MapOutcome(cells.Cost(text, best), cells);
            })
        { Random = false };
    }

    /// <summary>A language model trained beforehand, against the byte predictor that learns what comes before in the same time.</summary>
    public static MapExperiment TrainedBeforehand(MapOptions o)
    {
        byte[] text = Text(o);
        int coded = Math.Min(o.Quick ? 16_000 : 60_000, text.Length / 5);
        return new MapExperiment(new MapRow(
            Model, new("training beforehand, by back-propagation on matrices", "обучение заранее, обратным распространением по матрицам"),
            new($"the last {coded / 1000} KB of a text; what comes before it may be learned", $"последние {coded / 1000} КБ текста; то, что перед ними, можно выучить"),
            new("bits per byte", "бит на байт"), Less: true,
            new("byte predictor that knew nothing", "предсказатель байтов, не знавший ничего"),
            new("the language model that drives dum fold --model", "языковая модель, ведущая dum fold --model"), null, null,
            new("the time of the model's training, hours, is not counted, nor the text that it was trained on", "время обучения модели (часы) и текст, на котором она училась, не считаются")),
            _ => Bytes(text, text.Length - coded),
            (_, _) =>
            {
                using DeepModel model = DeepModel.Open(o.Model!, threads: 1);
                // What an empty file takes is not the model's doing.
                double bits = 8.0 * (Folded(model, text[^coded..]) - Folded(model, [])) / coded;
                return new MapOutcome(bits, model.Lexicon);
            })
        { Random = false };
    }

    static long Folded(DeepModel model, byte[] text)
    {
        var writer = new FoldWriter(Stream.Null, model.Lexicon, new FoldOptions { Model = model, Threads = 1, Verify = false });
        writer.Add(new FoldedDocument { Name = "", Modified = DateTimeOffset.UnixEpoch }, new MemoryStream(text));
        writer.Finish();
        return writer.Written;
    }

    static MapOutcome Bytes(byte[] text, int from)
    {
        var model = new ByteRhythm(Bits, Bits);
        var coder = new BitWriter(text.Length);
        double bits = 0;
        for (int t = 0; t < text.Length; t++)
        {
            model.Code(ref coder, text[t]);
            bits += t >= from ? model.Cost : 0;
        }
        return new MapOutcome(bits / (text.Length - from), model);
    }

    /// <summary>As much of the text as is measured.</summary>
    static byte[] Text(MapOptions o)
    {
        if (o.Text is not { } text)
            return new byte[Least];
        return text.Length >= Least ? text[..Math.Min(text.Length, o.Quick ? QuickMost : Most)] : throw new DumException(Tongue.Say(
            $"the text has {text.Length} bytes: the map needs at least {Least}", $"в тексте {text.Length} байт: карте нужно хотя бы {Least}"));
    }

    /// <summary>A probability for each bit behind each pair of bytes, and how often it was seen.</summary>
    sealed class ContextCells
    {
        const int Bits = 22;
        const double MostCount = 255;

        readonly float[] _probability = new float[1 << Bits];
        readonly byte[] _count = new byte[1 << Bits];

        public ContextCells() => Array.Fill(_probability, 0.5f);

        /// <summary>Bits per byte while learning.</summary>
        /// <param name="text">The text.</param>
        /// <param name="rate">All cells move by 2^−rate; 0 for each by its own count.</param>
        public double Cost(ReadOnlySpan<byte> text, int rate)
        {
            double bits = 0, all = rate == 0 ? 0 : 1.0 / (1 << rate);
            uint last = 0;
            foreach (byte value in text)
            {
                for (int i = 7, partial = 1; i >= 0; i--)
                {
                    int bit = (value >> i) & 1;
                    uint at = PhaseCode.Address((last * 256) + (uint)partial, 0) >> (32 - Bits);
                    double p = Math.Clamp(_probability[at], 1e-4, 1 - 1e-4);
                    bits -= Math.Log2(bit == 1 ? p : 1 - p);
                    _probability[at] += (float)((bit - p) * (rate == 0 ? 1 / (_count[at] + 1.5) : all));
                    _count[at] = (byte)Math.Min(_count[at] + 1, MostCount);
                    partial = (partial << 1) | bit;
                }
                last = ((last << 8) | value) & 0xFFFF;
            }
            return bits / text.Length;
        }
    }
}
