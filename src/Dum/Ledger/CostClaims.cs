using System.Diagnostics;
using Dum.Checkpoints;
using Dum.Models;
using static Dum.Ledger.TextClaims;

namespace Dum.Ledger;

/// <summary>The claims about operations and memory: counted from the sizes, and timed and allocated beside it on this machine.</summary>
/// <param name="token">The baseline, one position per token.</param>
/// <param name="scene">The scene model of the same preset.</param>
/// <param name="bytesPerToken">Of the baseline's tokenizer on the text.</param>
/// <param name="bytesPerHyperword">Of the scene model's lexicon on the text.</param>
/// <param name="bytesPerScene">On the text.</param>
sealed class CostClaims(ModelShape token, SceneShape scene, double bytesPerToken, double bytesPerHyperword, double bytesPerScene)
{
    static readonly int[] s_bytes = [2_000, 8_000, 32_000, 128_000, 512_000];

    /// <summary>Operations to predict the next byte at the end of a text of that many.</summary>
    double TokenFlops(double bytes) => (Flops.Forward(token, bytes / bytesPerToken) + Head(token.Width, token.Vocabulary)) / bytesPerToken;

    double SceneFlops(double bytes) =>
        ((Flops.Forward(scene.Encoder, bytes / bytesPerHyperword) + Flops.Forward(scene.Decoder, bytes / bytesPerHyperword) + Head(scene.Width, scene.Vocabulary)) / bytesPerHyperword)
        + ((Flops.Forward(scene.Global, bytes / bytesPerScene) + (2.0 * scene.Global.Width * (scene.FoldWidth + scene.ContextWidth))) / bytesPerScene);

    static double Head(int width, int vocabulary) => 2.0 * width * vocabulary;

    public IEnumerable<LedgerRow> Measure()
    {
        double positions = bytesPerScene / bytesPerToken;
        yield return new LedgerRow("attention-cost",
            Tongue.Say("attention over the whole text is 25 times cheaper", "внимание по всему тексту в 25 раз дешевле"),
            Tongue.Say("pairs of positions that attention compares, token model / global part of the scene model", "пар позиций, которые сравнивает внимание: модель по токенам / глобальная часть модели по сценам"),
            Tongue.Say("token model", "модель по токенам"), Tongue.Say("the same text", "тот же текст"),
            $"{F(positions * positions)} ×", "", positions * positions >= 25 ? Verdict.Reached : positions * positions >= 10 ? Verdict.Partly : Verdict.Not,
            Tongue.Say($"{F(positions)} tokens for one scene, squared. It is one part of the whole: see the next row", $"{F(positions)} токена на сцену, в квадрате. Это лишь часть целого: см. следующую строку"), []);
        double small = TokenFlops(s_bytes[0]) / SceneFlops(s_bytes[0]), large = TokenFlops(s_bytes[^1]) / SceneFlops(s_bytes[^1]);
        yield return new LedgerRow("flops",
            Tongue.Say("a dialogue costs 10 to 50 times fewer operations", "диалог стоит в 10–50 раз меньше операций"),
            Tongue.Say($"operations for one more byte after {s_bytes[0]:N0} and after {s_bytes[^1]:N0} bytes, local parts and head included", $"операций на следующий байт после {s_bytes[0]:N0} и после {s_bytes[^1]:N0} байт, с местными частями и головой"),
            Tongue.Say($"token model of the same preset, {token.Parameters / 1e6:0.0} M parameters; scene model {scene.Parameters / 1e6:0.0} M", $"модель по токенам того же набора, {token.Parameters / 1e6:0.0} М параметров; по сценам {scene.Parameters / 1e6:0.0} М"),
            Tongue.Say("the preset, not the quality: for that see gap-equal-time", "набор, но не качество: о нём gap-equal-time"),
            $"{F(small)} … {F(large)} ×", "", small >= 10 ? Verdict.Reached : large >= 10 ? Verdict.Partly : Verdict.Not,
            Tongue.Say("counted from the sizes, a multiplication and an addition as two", "сосчитано по размерам, умножение и сложение за два"),
            [new LedgerSeries(Tongue.Say("token model", "по токенам"), Tongue.Say("bytes before", "байт до"), Tongue.Say("operations a byte", "операций на байт"), [.. s_bytes.Select(b => ((double)b, TokenFlops(b)))]),
             new LedgerSeries(Tongue.Say("scene model", "по сценам"), Tongue.Say("bytes before", "байт до"), Tongue.Say("operations a byte", "операций на байт"), [.. s_bytes.Select(b => ((double)b, SceneFlops(b)))])]);
    }

    /// <summary>Reads a text with both models and notes how long it took and what their caches hold.</summary>
    public static IEnumerable<LedgerRow> Run(LanguageModel tokens, LanguageModel scenes, LedgerText text, int threads, CancellationToken cancel)
    {
        byte[] all = [.. text.Documents.SelectMany(d => d).Take(64_000)];
        int[] tokenIds = tokens.Tokenizer.Encode(all), hyperwords = scenes.Tokenizer.Encode(all);
        var seconds = new List<(double Bytes, double Token, double Scene)>();
        (double, long) cacheToken = default, cacheScene = default;
        int readTokens = 0, readHyperwords = 0;
        for (int bytes = 4_000; bytes <= all.Length; bytes *= 4)
        {
            cancel.ThrowIfCancellationRequested();
            double share = (double)bytes / all.Length;
            (readTokens, readHyperwords) = ((int)(tokenIds.Length * share), (int)(hyperwords.Length * share));
            cacheToken = Read(tokens, tokenIds.AsSpan(0, readTokens), threads);
            cacheScene = Read(scenes, hyperwords.AsSpan(0, readHyperwords), threads);
            seconds.Add((bytes, cacheToken.Item1, cacheScene.Item1));
        }
        double read = seconds[^1].Bytes, perByteToken = cacheToken.Item2 / read, perByteScene = cacheScene.Item2 / read;
        yield return new LedgerRow("prefill-time",
            Tongue.Say("reading a long text is 3 to 10 times faster", "чтение длинного текста в 3–10 раз быстрее"),
            Tongue.Say($"seconds to read {read:N0} bytes, token model / scene model", $"секунды на чтение {read:N0} байт: по токенам / по сценам"),
            Tongue.Say("token model of the same preset", "модель по токенам того же набора"), Tongue.Say("text, threads, number format", "текст, потоки, формат чисел"),
            $"{F(seconds[^1].Token / seconds[^1].Scene)} ×", "", Judge(seconds[^1].Token / seconds[^1].Scene, 3, 1.5),
            string.Join("; ", seconds.Select(s => $"{s.Bytes:N0}: {F(s.Token)} / {F(s.Scene)} s")),
            [new LedgerSeries(Tongue.Say("token model", "по токенам"), Tongue.Say("bytes", "байт"), Tongue.Say("seconds", "секунды"), [.. seconds.Select(s => (s.Bytes, s.Token))]),
             new LedgerSeries(Tongue.Say("scene model", "по сценам"), Tongue.Say("bytes", "байт"), Tongue.Say("seconds", "секунды"), [.. seconds.Select(s => (s.Bytes, s.Scene))])]);
        yield return new LedgerRow("cache-per-byte",
            Tongue.Say("keys and values take a twelfth", "ключи и значения занимают двенадцатую часть"),
            Tongue.Say($"bytes of both models' caches after {read:N0} bytes of text, as allocated, for each byte of text", $"байты кэшей обеих моделей после {read:N0} байт текста, как выделено, на байт текста"),
            Tongue.Say("token model of the same preset", "модель по токенам того же набора"), Tongue.Say("text and number format (f32)", "текст и формат чисел (f32)"),
            $"{F(perByteToken)} / {F(perByteScene)} = {F(perByteToken / perByteScene)} ×", "", Judge(perByteToken / perByteScene, 12, 6),
            Tongue.Say($"60,000 tokens of {4.2} bytes: {Size(perByteToken * 252_000)} against {Size(perByteScene * 252_000)}", $"60 000 токенов по {4.2} байта: {Size(perByteToken * 252_000)} против {Size(perByteScene * 252_000)}"), []);
        long units = 250_000;
        double scene = (double)cacheScene.Item2 / readHyperwords, token = (double)cacheToken.Item2 / readTokens;
        yield return new LedgerRow("memory-250k",
            Tongue.Say("the memory that held 60,000 tokens holds 250,000 units", "память, где жили 60 000 токенов, держит 250 000 единиц"),
            Tongue.Say("cache of 250,000 hyperwords in the scene model / of 60,000 tokens in the token model", "кэш 250 000 гиперслов в модели по сценам / 60 000 токенов в модели по токенам"),
            Tongue.Say("token model of the same preset", "модель по токенам того же набора"), Tongue.Say("number format", "формат чисел"),
            $"{Size(scene * units)} / {Size(token * 60_000)}", "",
            scene * units <= token * 60_000 ? Verdict.Reached : Verdict.Not,
            Tongue.Say($"scaled from the caches measured after {readHyperwords:N0} hyperwords; a unit is a hyperword: 250,000 scenes would take {Size(scene * units * hyperwords.Length / Math.Max(1, ScenesOf(scenes, hyperwords)))}", $"пересчитано с кэшей после {readHyperwords:N0} гиперслов; единица — гиперслово: 250 000 сцен заняли бы {Size(scene * units * hyperwords.Length / Math.Max(1, ScenesOf(scenes, hyperwords)))}"), []);
        yield return new LedgerRow("cards-saved",
            Tongue.Say("one card instead of several", "одна карта вместо нескольких"),
            Tongue.Say("texts of 60,000 tokens whose caches fit beside the weights into 24 GB", "сколько кэшей по 60 000 токенов помещается рядом с весами в 24 ГБ"),
            Tongue.Say("token model of the same preset", "модель по токенам того же набора"), Tongue.Say("card, number format", "карта, формат чисел"),
            $"{F(Texts(tokens.Bytes, perByteToken))} / {F(Texts(scenes.Bytes, perByteScene))}", "", Verdict.Unmeasured,
            Tongue.Say("derived, not run: (24 GB − weights) / (cache a byte × 252,000 bytes)", "выведено, а не запущено: (24 ГБ − веса) / (кэш на байт × 252 000 байт)"), []);

        static double Texts(long weights, double perByte) => Math.Max(0, 24e9 - weights) / (perByte * 252_000);
    }

    static int ScenesOf(LanguageModel model, int[] hyperwords) =>
        new Scenes.SceneSplitter(model.Lexicon!.Vocabulary, model.Rule!).Split(hyperwords).Count;

    static (double Seconds, long Cache) Read(LanguageModel model, ReadOnlySpan<int> ids, int threads)
    {
        using LanguageSession session = model.NewSession(threads, context: ids.Length);
        int sequence = session.Open(ids.Length);
        var clock = Stopwatch.StartNew();
        session.Append(sequence, ids);
        return (clock.Elapsed.TotalSeconds, session.CacheBytes(sequence));
    }

    internal static Verdict Judge(double value, double reached, double partly) => value >= reached ? Verdict.Reached : value >= partly ? Verdict.Partly : Verdict.Not;

    static string Size(double bytes) => bytes >= 1e9 ? $"{F(bytes / 1e9)} GB" : bytes >= 1e6 ? $"{F(bytes / 1e6)} MB" : $"{F(bytes / 1e3)} KB";
}
