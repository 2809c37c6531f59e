using System.Globalization;
using System.Text;
using Dum.App.Views.Report;
using Dum.Sigma.Answers;
using Dum.Sigma.Battery;
using Dum.Sigma.Feedback;
using Dum.Sigma.Laws;
using Dum.Sigma.Predict;
using Dum.Sigma.Tap;
using static Dum.App.Views.Report.Html;
using static Dum.App.Views.Sigma.SigmaReportText;

namespace Dum.App.Views.Sigma;

/// <summary>The three questions of sigma on one self-contained page, in both languages.</summary>
static class SigmaReportPage
{
    public static void Write(string path, SigmaAnswers a, string model, string text) => SigmaPage.Write(path, "sigma", to =>
    {
        to.Append($"<h1>{Html.Say("Rounding: chance, oracle, interface?", "Округление: случай, оракул, интерфейс?")}</h1><p class=\"soft\">{Text(model)} · {Text(text)} · {Number(a.Tokens)} {Html.Say("tokens", "токенов")} · {Html.Say("protocol", "протокол")} <code>{a.Study.Protocol.Hash}</code></p>");
        to.Append($"<article><p class=\"verdict {(a.Study.Void.Count == 0 ? "good" : "bad")}\">{InBoth(() => Standing(a))}</p>");
        foreach (Func<string> answer in (Func<string>[])[() => SigmaReportText.Random(a), () => Oracle(a), () => Interface(a), () => SigmaReportText.Laws(a)])
            to.Append($"<p>{InBoth(answer)}</p>");
        to.Append("</article>");
        Table(to, a);
        Judged(to, a);
        Predictor(to, a);
        Carry(to, a);
        Laws(to, a);
        to.Append($"<h2>{Html.Say("The protocol, written before", "Протокол, записанный заранее")}</h2><article><pre style=\"white-space:pre-wrap;font-size:13px;margin:0\">{Text(a.Study.Protocol.ToText()).Replace("<b class=\"g\">↵</b>", "\n", StringComparison.Ordinal)}</pre></article>");
    });

    /// <summary>The mission's own table: what is often called noise, and what it is.</summary>
    static void Table(StringBuilder to, SigmaAnswers a)
    {
        JudgedOperation sum = a.Judged[0], product = a.Judged[^1];
        LawCheck? low = a.Laws.FirstOrDefault(l => l.Case.StartsWith("int4, weights", StringComparison.Ordinal));
        int kinds = a.Hashes.Select(h => h.Hash).Distinct().Count();
        to.Append($"<h2>{Html.Say("What is called noise, and what it is", "Что зовут шумом и что это такое")}</h2>");
        SigmaPage.Table(to, ["", Html.Say("told from random?", "отличимо от случайного?"), Html.Say("by how much", "насколько"), Html.Say("from what it is recomputed", "из чего пересчитывается")],
        [
            [Html.Say("dropout mask", "маска dropout"), Verdict(a.Dropout), Html.Say("nothing seen", "ничего не видно"), Html.Say("its coordinates: run, domain, layer, step, position", "координаты: прогон, область, слой, шаг, позиция")],
            [Html.Say("bf16: a sum", "bf16: сумма"), Verdict(sum.Report), $"{Both(8 - sum.Sketch.Entropy, 2)} {Html.Say("of 8 bits", "из 8 бит")}", Html.Say("the operands", "слагаемые")],
            [Html.Say("bf16: a wide product", "bf16: широкое произведение"), Verdict(product.Report), $"{Both(Math.Max(0, 8 - product.Sketch.Entropy), 4)} {Html.Say("of 8 bits", "из 8 бит")}", Html.Say("inputs, weights and their order", "входы, веса и их порядок")],
            [Html.Say("int4 of the weights", "int4 весов"), low is null ? "–" : Html.Say("by its code: yes", "по коду: да"), low is null ? "–" : $"{Html.Both(1000 * low.Measured, 2)}·10⁻³ {Html.Say("bits a value, by its code alone", "бит на значение по одному коду")}", Html.Say("the weights as they were", "исходные веса")],
            [Html.Say("deviations of the same run", "расхождения того же прогона"), kinds == 1 ? $"<b class=\"good\">{Html.Say("there are none", "их нет")}</b>" : $"<b class=\"bad\">{kinds}</b>", Html.Say($"hashes: {kinds} in {a.Hashes.Count} ways: batches of 1 to 44, 1 and 2 threads, read in pieces", $"хешей {kinds} при {a.Hashes.Count} способах: пакеты от 1 до 44, 1 и 2 потока, чтение частями"), Html.Say("the order of sums, which is fixed", "порядок сумм, он закреплён")],
        ]);
    }

    static void Judged(StringBuilder to, SigmaAnswers a)
    {
        to.Append($"<h2>{Html.Say("Question 1: where residuals fall in their cells", "Вопрос 1: куда в ячейках падают остатки")}</h2><p class=\"soft\">{Html.Say("State kept in bf16; −½ to ½ of a cell; the dashed line is an even spread.", "Состояние в bf16; от −½ до ½ ячейки; пунктир — равномерно.")}</p>");
        foreach (JudgedOperation j in a.Judged)
        {
            ResidualSketch s = j.Sketch;
            to.Append($"<h3>{Verdict(j.Report)} · {Text(j.Operation)}</h3><p class=\"soft\">{Number(s.Count)} {Html.Say("residuals", "остатков")}; {Both(s.Entropy, 3)} {Html.Say("of 8 bits", "из 8 бит")}; {Html.Say("exact", "точно")} {Both(100.0 * s.Exact / s.Count, 1)} %, {Html.Say("ties", "пополам")} {Both(100.0 * s.Ties / s.Count, 1)} %; {Html.Say("mean", "среднее")} {Both(s.Mean, 4)}; p = {Plain(BatteryView.P(j.Report.P))}</p>");
            to.Append(Chart.Columns([.. s.Histogram.Select(c => (double)c)], s.Count / (double)ResidualSketch.Bins, "−½", "½"));
        }
    }

    static void Predictor(StringBuilder to, SigmaAnswers a)
    {
        to.Append($"<h2>{Html.Say("Question 2: what tells something about the residual", "Вопрос 2: что говорит об остатке")}</h2><p class=\"soft\">{Html.Say("Bits saved on text that was not learned from, with 99 % intervals; bold where Holm over all of them calls it significant. What must tell nothing is marked 0.", "Биты, сэкономленные на тексте, по которому не учились, с интервалами 99 %; жирно — значимо по Холму на все сразу. Что должно молчать, помечено 0.")}</p>");
        string[] levels = [.. a.Study.Lines.Select(l => l.Level).Distinct()];
        foreach (IGrouping<string, StudyLine> operation in a.Study.Lines.GroupBy(l => l.Operation))
        {
            to.Append($"<h3>{Text(operation.Key)}</h3>");
            SigmaPage.Table(to, [Html.Say("residuals or placebo", "остатки или плацебо"), .. levels.Select(l => "#" + Plain(l))],
                operation.GroupBy(l => l.Arm).Select(arm => (IReadOnlyList<string>)[Plain(arm.Key), .. arm.Select(l => Told(l, a.Study.Protocol.Alpha))]));
        }
        to.Append($"<p>{Html.Say("Controls that had to be found", "Контроли, которые надо было найти")}: {string.Join(", ", a.Study.Controls.Select(c => $"<span class=\"{(c.Found ? "good" : "bad")}\">{Plain(c.Name)} {(c.Found ? "✓" : "✗")}</span>"))}</p>");
    }

    /// <summary>Bits, their interval, and whether they count.</summary>
    static string Told(StudyLine line, double alpha)
    {
        bool told = line.IsSignificant(alpha);
        string colour = !told ? "" : line.IsNull ? " class=\"bad\"" : " class=\"good\"";
        return $"<b{colour} style=\"font-weight:{(told ? 650 : 400)}\">{E(line.Gain.Bits)}</b>{(line.IsNull ? " 0" : "")}<br><span class=\"soft\" style=\"white-space:nowrap\">{E(line.Gain.Low)} … {E(line.Gain.High)}</span>";
    }

    static void Carry(StringBuilder to, SigmaAnswers a)
    {
        to.Append($"<h2>{Html.Say("Question 3: what it is good for when kept", "Вопрос 3: на что он годится, если его хранить")}</h2>");
        SigmaPage.Table(to, ["", "#" + Html.Say("to nearest", "к ближайшему"), "#" + Html.Say("stochastic", "стохастическое"), "#" + Html.Say("carried", "с переносом"), "#" + Html.Say("carried, shuffled", "с переносом, перемешано"), "#" + Html.Say("unrounded", "без округления"), "#" + Html.Say("removed", "убрано"), "#" + Html.Say("by shuffled", "перемешанными")],
            [Row(Html.Say("bf16 state through a recurrent map: drift", "состояние bf16 в рекуррентном отображении: дрейф"), a.State), Row(Html.Say("bf16 weights in training: squared error", "веса bf16 при обучении: квадрат ошибки"), a.Weights)]);

        static IReadOnlyList<string> Row(string name, CarryResult r) => [name, E(r.Plain), E(r.Stochastic), E(r.Carried), E(r.Shuffled), E(r.Exact), $"{Html.Both(100 * r.Removed, 2)} %", $"{Html.Both(100 * r.RemovedByShuffled, 2)} %"];
    }

    static void Laws(StringBuilder to, SigmaAnswers a)
    {
        to.Append($"<h2>{Html.Say("The laws, predicted beside measured", "Законы: предсказано рядом с измеренным")}</h2>");
        to.Append(Chart.Points(Html.Say("predicted", "предсказано"), Html.Say("measured", "измерено"),
            [.. a.Laws.GroupBy(l => l.Law).Select(g => (g.Key, (IReadOnlyList<(double, double, string)>)[.. g.Select(l => (l.Predicted, l.Measured, l.Case))]))], diagonal: true));
        SigmaPage.Table(to, [Html.Say("law", "закон"), Html.Say("on", "на чём"), "#" + Html.Say("predicted", "предсказано"), "#" + Html.Say("measured", "измерено"), "#±", "#" + Html.Say("placebo", "плацебо"), Html.Say("unit", "единица"), Html.Say("outcome", "итог"), Html.Say("would be refuted by", "опровергло бы")],
            a.Laws.Select(l => (IReadOnlyList<string>)[Plain(l.Law), Text(l.Case), E(l.Predicted), E(l.Measured), E(l.Deviation), l.Placebo is { } p ? E(p) : "", Text(l.Unit),
                $"<span class=\"{(l.Outcome == LawOutcome.Holds ? "good" : l.Outcome == LawOutcome.Fails ? "bad" : "half")}\">{InBoth(() => Mark(l.Outcome))}</span>", Text(l.Falsifier)]));
    }

    static string Verdict(BatteryReport report) =>
        $"<b class=\"{report.Verdict switch { BatteryVerdict.Random => "good", BatteryVerdict.Structured => "bad", _ => "half" }}\">{InBoth(() => BatteryView.Name(report.Verdict))}</b>";

    static string E(double value) => double.IsInfinity(value) ? "∞" : value.ToString(value != 0 && Math.Abs(value) < 0.01 ? "0.00e0" : "0.0000", CultureInfo.InvariantCulture);

    static string InBoth(Func<string> sentence) => SigmaPage.InBoth(sentence);
}
