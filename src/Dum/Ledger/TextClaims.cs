using System.Globalization;
using System.Security.Cryptography;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Ledger;

/// <summary>The claims about how few units a text becomes: nothing but counting, on the reader's own text.</summary>
/// <param name="lexicon">Of the hyperwords.</param>
/// <param name="rule">Of the scenes.</param>
/// <param name="tokenizer">Whose tokens the claims are about; null counts 4.2 bytes as one (o200k on English fiction: 4.26) and says so.</param>
sealed class TextClaims(Vocabulary lexicon, SceneRule rule, ModelTokenizer? tokenizer)
{
    const double AssumedBytes = 4.2;

    public IEnumerable<LedgerRow> Measure(LedgerText text)
    {
        TextCounts c = text.Count(lexicon, rule, tokenizer);
        double tokens = tokenizer is null ? c.Bytes / AssumedBytes : c.Tokens, tokensPerScene = tokens / c.Scenes;
        string unit = tokenizer?.Name ?? Tongue.Say($"tokens of {AssumedBytes} bytes (give --tokenizer to count real ones)", $"токены по {AssumedBytes} байта (с --tokenizer считаются настоящие)");
        yield return Row("units-per-idea", text, unit,
            Tongue.Say("30 to 80 tokens of an idea become 1 to 4 units", "30–80 токенов мысли становятся 1–4 единицами"),
            Tongue.Say("scenes that 30 and 80 tokens become", "сколько сцен выходит из 30 и 80 токенов"),
            $"{F(30 / tokensPerScene)} … {F(80 / tokensPerScene)}",
            80 / tokensPerScene <= 4 ? Verdict.Reached : 30 / tokensPerScene <= 4 ? Verdict.Partly : Verdict.Not,
            Tongue.Say(
                $"a sentence is {F(tokens / c.Sentences)} tokens, {F((double)c.Scenes / c.Sentences)} scenes; a clause {F(tokens / c.Clauses)} tokens, {F((double)c.Scenes / c.Clauses)} scenes; as episodes {F(30 * c.Episodes / tokens)} … {F(80 * c.Episodes / tokens)}",
                $"предложение — {F(tokens / c.Sentences)} токена, {F((double)c.Scenes / c.Sentences)} сцены; клауза — {F(tokens / c.Clauses)} токена, {F((double)c.Scenes / c.Clauses)} сцены; эпизодами {F(30 * c.Episodes / tokens)} … {F(80 * c.Episodes / tokens)}"));
        double hyperwords = 10e6 / tokens * c.Hyperwords, scenes = 10e6 / tokens * c.Scenes;
        yield return Row("units-per-10m", text, unit,
            Tongue.Say("10 million tokens become 1 to 2 million hyperwords", "10 миллионов токенов становятся 1–2 миллионами гиперслов"),
            Tongue.Say("hyperwords; scenes", "гиперслов; сцен"),
            $"{F(hyperwords / 1e6)} M; {F(scenes / 1e6)} M",
            hyperwords <= 2e6 ? Verdict.Reached : scenes <= 2e6 ? Verdict.Partly : Verdict.Not,
            Tongue.Say("what there are 1 to 2 million of is scenes: one position of the main model each", "1–2 миллиона выходит сцен: по одной позиции главной модели на каждую"));
        yield return Exact(text, unit, tokens / c.Bytes);
    }

    /// <summary>As much text as 60,000 tokens, folded to scenes and unfolded again, compared by hash.</summary>
    LedgerRow Exact(LedgerText text, string unit, double tokensPerByte)
    {
        byte[] all = [.. text.Documents.SelectMany(d => d).Take((int)Math.Min(text.Bytes, 60_000 / tokensPerByte))];
        List<Scene> scenes = new SceneSplitter(lexicon, rule).Split(lexicon.Encoder.Encode(all));
        int[] ids = lexicon.Encoder.Encode(all);
        var back = new List<byte>(all.Length);
        foreach (Scene scene in scenes)
            foreach (int id in ids.AsSpan(scene.First, scene.Hyperwords))
                back.AddRange(lexicon[id]);
        bool same = SHA256.HashData(all).AsSpan().SequenceEqual(SHA256.HashData(back.ToArray()));
        double tokens = all.Length * tokensPerByte, per60 = scenes.Count * 60_000 / tokens;
        return Row("exact-60k", text, unit,
            Tongue.Say("60,000 tokens become 6,000 scenes and come back exactly", "60 000 токенов становятся 6 000 сцен и возвращаются точно"),
            Tongue.Say("scenes, and whether SHA-256 is the same after scenes → hyperwords → bytes", "сцены и совпадение SHA-256 после сцены → гиперслова → байты"),
            $"{F(per60)}, " + (same ? Tongue.Say("same hash", "хеш тот же") : Tongue.Say("DIFFERENT hash", "хеш ДРУГОЙ")),
            !same ? Verdict.Not : per60 <= 6000 ? Verdict.Reached : Verdict.Partly,
            tokens < 59_000 ? Tongue.Say($"the text has {F(tokens)} tokens; scaled to 60,000", $"в тексте {F(tokens)} токенов; пересчитано на 60 000") : "");
    }

    static LedgerRow Row(string id, LedgerText text, string unit, string claim, string what, string value, Verdict verdict, string note) =>
        new(id, claim, $"{text.Name}: {what}", unit, Tongue.Say("the same text", "тот же текст"), value, "", verdict, note, []);

    /// <summary>A difference with its sign, three places after the point; what rounds to 0 has none of below.</summary>
    public static string Signed(double value) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Round(value, 3) + 0.0:+0.000;−0.000}");

    internal static string F(double x) => x.ToString(x >= 1000 ? "N0" : x >= 100 ? "0" : x >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
