using Dum.App.Views.Report;
using Dum.Sigma.Battery;
using static Dum.App.Views.Report.Html;

namespace Dum.App.Views.Sigma;

/// <summary>A battery's answer as one page with pictures.</summary>
static class BatteryPage
{
    public static void Write(string path, BatteryReport r, string source) => SigmaPage.Write(path, "battery", to =>
    {
        string colour = r.Verdict switch { BatteryVerdict.Random => "good", BatteryVerdict.Structured => "bad", _ => "half" };
        to.Append($"<h1>{Html.Say("Can it be told from random?", "Можно ли отличить от случайного?")}</h1><p class=\"soft\">{Text(source)}, {Number(r.Bytes)} {Html.Say("bytes", "байт")}</p>");
        to.Append($"<article><p class=\"verdict {colour}\">{SigmaPage.InBoth(() => BatteryView.Name(r.Verdict))}</p><p>{SigmaPage.InBoth(() => BatteryView.Sentence(r))}</p>");
        to.Append($"<p class=\"soft\">p = {Plain(BatteryView.P(r.P))}; {Html.Say($"false alarms of the whole battery: {r.Alpha}", $"ложных тревог у всей батареи: {r.Alpha}")}; {Html.Say("a universal code saves", "универсальный код экономит")} {Plain(BatteryView.Bits(r.Saved))} {Html.Say("bits a byte", "бит на байт")}</p></article>");
        if (r.Tests.Count > 0)
        {
            double limit = -Math.Log10(r.Alpha / r.Tests.Count);
            to.Append($"<h2>{Html.Say("How unusual every test is", "Насколько необычен каждый тест")}</h2><p class=\"soft\">{Html.Say("Minus the decimal logarithm of its probability, all parts taken into account; the dashed line is where one test alone decides.", "Минус десятичный логарифм вероятности с учётом всех частей; пунктир — где решает один тест.")}</p>");
            to.Append(Chart.Bars([.. r.Tests.Select(t => (t.Test, Math.Min(60, -Math.Log10(Math.Max(t.P, 1e-60))), t.P < 1e-60 ? ">60" : Math.Abs(Math.Log10(t.P)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)))], limit));
            SigmaPage.Table(to, [Html.Say("test", "тест"), "#p", "#" + Html.Say("parts", "частей"), Html.Say("most unusual part", "самая необычная часть"), "#" + Html.Say("from byte", "с байта"), "#" + Html.Say("at least, bits a byte", "не меньше, бит на байт")],
                r.Tests.Select(t => (IReadOnlyList<string>)[r.Findings.Contains(t) ? $"<b class=\"bad\">{t.Test}</b>" : t.Test, Plain(BatteryView.P(t.P)), $"{t.Parts}", SigmaPage.InBoth(() => PartNames.Say(t.Worst)), t.Place >= 0 ? Number(t.Place) : "–", Plain(BatteryView.Bits(t.Bits))]));
        }
        if (r.Results.Sum() is > 0 and var results)
            to.Append($"<h2>{Html.Say("The spread of SP 800-22's results", "Разброс результатов SP 800-22")}</h2><p class=\"soft\">{Html.Say($"{results} probabilities; of random bits all tenths hold as many.", $"{results} вероятностей; у случайных битов во всех десятых поровну.")}</p>").Append(Chart.Columns([.. r.Results.Select(c => (double)c)], results / 10.0, "0", "1"));
        if (r.Entropy is { } e)
        {
            to.Append($"<h2>{Html.Say("Min-entropy, SP 800-90B", "Мин-энтропия, SP 800-90B")}</h2><p class=\"soft\">{Html.Say($"{En(e.PerByte, 3)} bits a byte; the estimators are made to err on the low side, random bytes read about 7.2.", $"{Ru(e.PerByte, 3)} бит на байт; оценки нарочно занижают: у случайных байтов около 7,2.")}</p>");
            SigmaPage.Table(to, [Html.Say("method", "метод"), "#" + Html.Say("bits a bit", "бит на бит"), "#" + Html.Say("bits a byte", "бит на байт")],
                e.Bits.Select(b => (IReadOnlyList<string>)[b.Method, b.Bits is { } v ? Html.Both(v, 4) : "–", e.Symbols.FirstOrDefault(s => s.Method == b.Method).Bits is { } s ? Html.Both(s, 4) : "–"]));
        }
    });
}
