using System.Globalization;
using System.Text;
using Dum.App.Views.Report;
using Dum.Files;
using Dum.Training;

namespace Dum.App.Views;

/// <summary>One self-contained page about a training run: curves of bits per byte, the tests, the options.</summary>
static class TrainingPage
{
    const int Width = 860, Height = 380, Left = 56, Right = 20, Top = 20, Bottom = 44;

    public static void Write(string path, TrainingResult result, string folder) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        TrainingFacts f = result.Facts;
        double? held = f.Curve.LastOrDefault(p => p.Held is not null)?.Held;
        to.Write($$"""
            <!doctype html>
            <html lang="{{Tongue.Say("en", "ru")}}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{{Html.Plain(folder)}} · 40kDUM</title>
            <style>
            :root{--ink:#1c2430;--soft:#667085;--line:#e4e7ec;--a:#2563a8;--b:#c2571a;--paper:#fff}
            @media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#2b3442;--a:#6ea8e8;--b:#f0954f;--paper:#12161d} }
            body{margin:0 auto;max-width:920px;padding:28px 24px;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
            h1{font-size:26px;margin:4px 0}h2{font-size:18px;margin:32px 0 6px}p.lead{color:var(--soft);margin:0 0 12px}
            .figures{display:flex;flex-wrap:wrap;gap:12px 34px;margin:18px 0}.figures b{display:block;font-size:24px}.figures span{color:var(--soft);font-size:14px}
            svg{width:100%;height:auto}text{fill:var(--soft);font:12px system-ui,sans-serif}.grid{stroke:var(--line)}
            .train{fill:none;stroke:var(--a);stroke-width:1.6}.held{fill:none;stroke:var(--b);stroke-width:2.4}.dot{fill:var(--b)}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
            i.k{display:inline-block;width:18px;height:3px;vertical-align:middle;margin:0 6px 0 14px}code{font-size:14px;overflow-wrap:anywhere}
            </style>
            </head>
            <body>
            <h1>{{Html.Text(folder)}}</h1>
            <p class="lead">{{Tongue.Say("a language model, trained by 40kDUM", "языковая модель, обучена 40kDUM")}}</p>
            <div class="figures">
            {{Figure(held is { } h ? N(h, 4) : "–", Tongue.Say("bits per byte, held-out text", "бит на байт, отложенный текст"))}}
            {{Figure(TrainingView.Count(result.Parameters), Tongue.Say("parameters", "параметров"))}}
            {{Figure(f.Step.ToString(CultureInfo.InvariantCulture), Tongue.Say("steps", "шагов"))}}
            {{Figure(TrainingView.Time(f.Seconds), Tongue.Say("of training", "обучения"))}}
            {{Figure(TrainingView.Count(f.Bytes), Tongue.Say($"bytes read of {TrainingView.Count(f.TextBytes)}", $"байт прочитано из {TrainingView.Count(f.TextBytes)}"))}}
            </div>
            <h2>{{Tongue.Say("Bits per byte", "Бит на байт")}}</h2>
            <p class="lead">{{Tongue.Say("Lower is better; over the bytes of text read.", "Чем ниже, тем лучше; по прочитанным байтам текста.")}}<i class="k" style="background:var(--a)"></i>{{Tongue.Say("training", "обучение")}}<i class="k" style="background:var(--b)"></i>{{Tongue.Say("held out", "отложенный")}}</p>

            """);
        to.Write(Curve(f.Curve));
        if (result.Scores.Count > 0)
        {
            to.Write($"<h2>{Tongue.Say("Tests", "Проверки")}</h2><p class=\"lead\">{Tongue.Say("Texts the model was never trained on; every unit has at least half a window before it.", "Тексты, на которых модель не училась; перед каждой единицей не меньше половины окна.")}</p><table><tr><th>{Tongue.Say("text", "текст")}</th><th class=\"n\">{Tongue.Say("bytes", "байты")}</th><th class=\"n\">{Tongue.Say("bytes a unit", "байт на единицу")}</th><th class=\"n\">{Tongue.Say("bits per byte", "бит на байт")}</th></tr>");
            foreach (TextScore s in result.Scores)
                to.Write($"<tr><td>{Html.Text(s.Name)}</td><td class=\"n\">{Html.Number(s.Bytes)}</td><td class=\"n\">{N((double)s.Bytes / s.Units, 2)}</td><td class=\"n\">{N(s.BitsPerByte, 4)}</td></tr>");
            to.Write("</table>");
        }
        to.Write($"<h2>{Tongue.Say("How", "Как")}</h2><table>");
        Row(to, Tongue.Say("command", "команда"), $"<code>{Html.Text(CommandLine.Typed())}</code>");
        Row(to, Tongue.Say("model", "модель"), Html.Text(result.Sizes));
        Row(to, Tongue.Say("optimiser", "оптимизатор"), $"{f.Options.Optimiser}, {Tongue.Say("rate", "скорость")} {N(f.Curve.Count > 0 ? f.Curve.Max(p => p.Rate) : 0, 5)}, {Tongue.Say("decay", "затухание")} {N(f.Options.Decay, 2)}, {Tongue.Say("clip", "обрезка")} {N(f.Options.Clip, 1)}, {Tongue.Say("seed", "зерно")} {f.Options.Seed}");
        Row(to, Tongue.Say("lexicon", "лексикон"), $"<code>{f.Lexicon}</code>");
        to.Write("</table></body></html>\n");
    });

    static string Figure(string value, string name) => $"<div><b>{value}</b><span>{name}</span></div>";

    static void Row(TextWriter to, string name, string value) => to.Write($"<tr><th>{name}</th><td>{value}</td></tr>");

    static string Curve(IReadOnlyList<CurvePoint> curve)
    {
        // The first steps are off any scale that shows the rest.
        List<CurvePoint> shown = [.. curve.Where(p => p.Train < 2.2 * curve.Min(c => c.Train))];
        if (shown.Count < 2)
            return $"<p>{Tongue.Say("too few steps to draw", "слишком мало шагов для кривой")}</p>";
        double last = shown[^1].Bytes, low = shown.Min(p => Math.Min(p.Train, p.Held ?? p.Train)), high = shown.Max(p => Math.Max(p.Train, p.Held ?? p.Train));
        (low, high) = (Math.Floor(low * 10) / 10, Math.Ceiling(high * 10) / 10);
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Tongue.Say("learning curve", "кривая обучения")}\">");
        double grid = Grid(high - low);
        for (double y = Math.Ceiling(low / grid) * grid; y <= high + 1e-9; y += grid)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {Y(y):0.#}H{Width - Right}\"/><text x=\"{Left - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:0.0#}</text>");
        for (int i = 0; i <= 5; i++)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(last * i / 5):0.#}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{TrainingView.Count(last * i / 5)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 6}\" text-anchor=\"end\">{Tongue.Say("bytes of text read", "байт текста прочитано")}</text>");
        svg.Append(Line("train", shown.Select(p => (p.Bytes, p.Train)))).Append(Line("held", shown.Where(p => p.Held is not null).Select(p => (p.Bytes, p.Held!.Value))));
        foreach (CurvePoint p in shown.Where(p => p.Held is not null))
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{X(p.Bytes):0.#}\" cy=\"{Y(p.Held!.Value):0.#}\" r=\"3.5\"><title>{Tongue.Say("step", "шаг")} {p.Step}: {p.Held:0.0000}</title></circle>");
        return svg.Append("</svg>").ToString();

        double X(double bytes) => Left + (bytes / last * (Width - Left - Right));
        double Y(double bits) => Top + ((high - bits) / (high - low) * (Height - Top - Bottom));
        string Line(string name, IEnumerable<(long Bytes, double Bits)> points) =>
            $"<polyline class=\"{name}\" points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Bytes):0.#},{Y(p.Bits):0.#}")))}\"/>";
    }

    static double Grid(double span) => span > 2 ? 0.5 : span > 0.8 ? 0.2 : 0.1;

    static string N(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
