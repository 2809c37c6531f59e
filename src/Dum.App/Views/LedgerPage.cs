using System.Globalization;
using System.Text;
using Dum.App.Views.Report;
using Dum.Files;
using Dum.Ledger;

namespace Dum.App.Views;

/// <summary>The ledger as one self-contained page: a card per claim with its verdict and, where there are points, a plot.</summary>
static class LedgerPage
{
    const int Width = 620, Height = 260, Left = 62, Right = 16, Top = 14, Bottom = 46;

    static readonly string[] s_colours = ["var(--a)", "var(--b)", "var(--c)"];

    public static void Write(string path, IReadOnlyList<LedgerRow> rows, IReadOnlyList<string> texts) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        to.Write($$"""
            <!doctype html>
            <html lang="{{Tongue.Say("en", "ru")}}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{{Tongue.Say("Ledger", "Счёт обещаний")}} · 40kDUM</title>
            <style>
            :root{--ink:#1c2430;--soft:#667085;--line:#e4e7ec;--a:#2563a8;--b:#c2571a;--c:#5b8c3a;--paper:#fff;--card:#fafbfc;--good:#1f7a3d;--half:#a06a00;--bad:#b3261e}
            @media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#2b3442;--a:#6ea8e8;--b:#f0954f;--c:#97c774;--paper:#12161d;--card:#181d26;--good:#62c98a;--half:#e0b354;--bad:#f08a80} }
            body{margin:0 auto;max-width:920px;padding:28px 24px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
            h1{font-size:26px;margin:4px 0}p{margin:4px 0}.lead,.soft{color:var(--soft)}.soft{font-size:14px}
            article{border:1px solid var(--line);background:var(--card);border-radius:10px;padding:16px 20px;margin:16px 0}
            h2{font-size:18px;margin:0 0 2px;display:flex;gap:12px;justify-content:space-between;align-items:baseline}
            .v{font-size:13px;font-weight:600;white-space:nowrap}.Reached{color:var(--good)}.Partly{color:var(--half)}.Not{color:var(--bad)}.Unmeasured{color:var(--soft)}
            .big{font-size:24px;font-weight:600;font-variant-numeric:tabular-nums;margin:8px 0 2px}.big small{font-size:14px;color:var(--soft);font-weight:400;margin-left:8px}
            svg{width:100%;height:auto;margin-top:8px}text{fill:var(--soft);font:12px system-ui,sans-serif}.grid{stroke:var(--line)}
            .sum{display:flex;gap:28px;flex-wrap:wrap;margin:16px 0}.sum b{display:block;font-size:24px}i{display:inline-block;width:18px;height:3px;vertical-align:middle;margin:0 6px 0 14px}code{font-size:14px;overflow-wrap:anywhere}
            </style>
            </head>
            <body>
            <h1>{{Tongue.Say("The ledger", "Счёт обещаний")}}</h1>
            <p class="lead">{{Tongue.Say("Every claim about scenes, measured on these texts and this machine: ", "Каждое обещание о сценах, измеренное на этих текстах и этой машине: ")}}{{Html.Text(string.Join(", ", texts))}}</p>
            <p class="soft"><code>{{Html.Text(CommandLine.Typed())}}</code></p>
            <div class="sum">{{Sum(rows, Verdict.Reached)}}{{Sum(rows, Verdict.Partly)}}{{Sum(rows, Verdict.Not)}}{{Sum(rows, Verdict.Unmeasured)}}</div>

            """);
        foreach (LedgerRow row in rows)
            Card(to, row);
        to.Write("</body></html>\n");
    });

    static string Sum(IReadOnlyList<LedgerRow> rows, Verdict verdict) =>
        $"<div class=\"{verdict}\"><b>{rows.Count(r => r.Verdict == verdict)}</b>{Html.Text(LedgerView.Mark(verdict).Trim('[', ']'))}</div>";

    static void Card(TextWriter to, LedgerRow row)
    {
        to.Write($"<article id=\"{Html.Text(row.Id)}\"><h2><span>{Html.Text(row.Claim)}</span><span class=\"v {row.Verdict}\">{Html.Text(LedgerView.Mark(row.Verdict).Trim('[', ']'))}</span></h2>");
        to.Write($"<p class=\"soft\">{Html.Text(row.Definition)}</p><p class=\"big\">{Html.Text(row.Value)}{(row.Interval.Length > 0 ? $"<small>{Html.Text(row.Interval)}</small>" : "")}</p>");
        to.Write($"<p class=\"soft\">{Tongue.Say("beside", "рядом")}: {Html.Text(row.Baseline)} · {Tongue.Say("equal", "равно")}: {Html.Text(row.Equal)}</p>");
        if (row.Note.Length > 0)
            to.Write($"<p class=\"soft\">{Html.Text(row.Note)}</p>");
        if (row.Series.Any(s => s.Points.Count > 0))
            to.Write(Plot(row.Series));
        to.Write("</article>\n");
    }

    /// <summary>Lines over a logarithmic x where it spans more than a factor of 20; y from its smallest to its largest value, logarithmic likewise.</summary>
    static string Plot(IReadOnlyList<LedgerSeries> lines)
    {
        (double X, double Y)[] all = [.. lines.SelectMany(l => l.Points)];
        var x = new Axis(all.Select(p => p.X), Left, Width - Right);
        var y = new Axis(all.Select(p => p.Y), Height - Bottom, Top);
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        foreach (double tick in y.Ticks())
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {y.At(tick):0.#}H{Width - Right}\"/><text x=\"{Left - 8}\" y=\"{y.At(tick) + 4:0.#}\" text-anchor=\"end\">{Short(tick)}</text>");
        foreach (double tick in x.Ticks())
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x.At(tick):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{Short(tick)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 8}\" text-anchor=\"end\">{Html.Text(lines[0].X)}</text><text x=\"{Left}\" y=\"{Height - 8}\">{Html.Text(lines[0].Y)}</text>");
        for (int i = 0; i < lines.Count; i++)
        {
            string colour = s_colours[i % s_colours.Length];
            string points = string.Join(' ', lines[i].Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{x.At(p.X):0.#},{y.At(p.Y):0.#}")));
            svg.Append($"<polyline points=\"{points}\" style=\"fill:none;stroke:{colour};stroke-width:2\"/>");
            foreach ((double px, double py) in lines[i].Points)
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x.At(px):0.#}\" cy=\"{y.At(py):0.#}\" r=\"3.5\" style=\"fill:{colour}\"><title>{Html.Text(lines[i].Name)}: {Short(px)}, {Short(py)}</title></circle>");
        }
        svg.Append("</svg><p class=\"soft\">");
        for (int i = 0; i < lines.Count; i++)
            svg.Append($"<i style=\"background:{s_colours[i % s_colours.Length]}\"></i>{Html.Text(lines[i].Name)}");
        return svg.Append("</p>").ToString();
    }

    static string Short(double v) => Math.Abs(v) switch
    {
        >= 1e9 => (v / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (v / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (v / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "K",
        _ => v.ToString("0.###", CultureInfo.InvariantCulture),
    };

    sealed class Axis
    {
        readonly double _low, _high, _from, _to;
        readonly bool _log;

        public Axis(IEnumerable<double> values, double from, double to)
        {
            double[] all = [.. values];
            (_from, _to) = (from, to);
            _log = all.Min() > 0 && all.Max() / all.Min() > 20;
            (_low, _high) = (Scale(all.Min()), Scale(all.Max()));
            double room = _high > _low ? 0.05 * (_high - _low) : 1;
            (_low, _high) = (_low - room, _high + room);
        }

        public double At(double value) => _from + ((Scale(value) - _low) / (_high - _low) * (_to - _from));

        public IEnumerable<double> Ticks()
        {
            for (int i = 0; i <= 4; i++)
            {
                double at = _low + (_high - _low) * (0.06 + (0.88 * i / 4));
                yield return _log ? Math.Pow(10, at) : at;
            }
        }

        double Scale(double value) => _log ? Math.Log10(value) : value;
    }
}
