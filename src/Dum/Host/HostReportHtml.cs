using System.Globalization;
using System.Net;
using System.Text;
using Dum.Host.Fit;
using static Dum.Tongue;

namespace Dum.Host;

/// <summary>
/// The check as one HTML file without scripts or outside resources: the chain from host to model with its broken link
/// in red, a bar of the device's memory, the verdicts, the problems, and the models that fit.
/// </summary>
public static class HostReportHtml
{
    const string Style = """
        :root{--ink:#1c1d21;--dim:#6b6f78;--paper:#fff;--line:#d9dce2;--good:#2e7d4f;--warn:#b26a00;--bad:#c62828;--idle:#9aa0aa;--code:#f4f5f7;
          --w:#3d6fb6;--k:#7a5bb0;--b:#3f9a94;--o:#8a8f99;--held:#c9ccd3}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e7ea;--dim:#9aa0aa;--paper:#17181b;--line:#34373e;--good:#5cb784;--warn:#e0a33c;--bad:#ef6a64;--code:#222429;--held:#4a4e57}}
        *{box-sizing:border-box}body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:68rem;font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--paper)}
        h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}.sub{color:var(--dim);margin:.2rem 0 1.4rem}
        svg{width:100%;height:auto;display:block}svg text{font-family:inherit;fill:var(--ink)}.dim{fill:var(--dim)}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--dim);font-weight:500}
        td:first-child{white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .ready{color:var(--good)}.limited,.unknown,.limit{color:var(--warn)}.blocked,.block{color:var(--bad)}.absent,.note{color:var(--dim)}.state{font-weight:600;white-space:nowrap}
        article{border:1px solid var(--line);border-left:4px solid var(--idle);border-radius:6px;padding:.8rem 1rem;margin:.7rem 0}article.block{border-left-color:var(--bad);color:inherit}article.limit,article.unknown{border-left-color:var(--warn);color:inherit}article.note{color:inherit}
        article h3{font-size:1rem;margin:0}article p{margin:.2rem 0 .5rem;color:var(--dim)}article small{color:var(--dim);font-weight:400}
        pre{background:var(--code);border-radius:4px;padding:.5rem .7rem;margin:.2rem 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
        """;

    /// <summary>The whole page; it is about <paramref name="model"/> where one was named, else about the largest known model that fits.</summary>
    public static string Render(HostCheck check, Device device, FitRequest request, ModelShape? model = null)
    {
        var page = new StringBuilder();
        string system = check.System.OsName.Length > 0 ? check.System.OsName : Say("unknown system", "неизвестная система");
        page.Append("<!doctype html>\n<html lang=\"").Append(Say("en", "ru")).Append("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
            .Append(E(Say("What this machine can run", "Что умеет эта машина"))).Append(" · 40kDUM</title>\n<style>\n").Append(Style).Append("\n</style></head>\n<body>\n<h1>")
            .Append(E(Say("What this machine can run", "Что умеет эта машина"))).Append("</h1>\n<p class=\"sub\">").Append(E(system))
            .Append(check.System.Kernel.Length > 0 ? E(", Linux " + check.System.Kernel) : "").Append(check.Recording["date"].Text is { Length: 10 } date ? E(", " + date) : "").Append("</p>\n");
        HostPicture.Chain(page, check, device, request, model);
        HostPicture.Memory(page, device, request, model);
        Verdicts(page, check);
        Problems(page, check);
        Models(page, device, request);
        return page.Append("</body>\n</html>\n").ToString();
    }

    static void Verdicts(StringBuilder page, HostCheck check)
    {
        page.Append("<h2>").Append(E(Say("Verdict", "Вердикт"))).Append("</h2>\n<table>\n");
        foreach (Capability c in check.Capabilities)
            page.Append($"<tr><td>{E(c.Title)}</td><td class=\"state {HostReportJson.Word(c.State)}\">{E(HostReportText.Name(c.State))}</td><td>{E(c.Detail)}</td></tr>\n");
        foreach (string line in HostReportText.Extras(check))
            page.Append("<tr><td></td><td></td><td>").Append(E(line)).Append("</td></tr>\n");
        page.Append("</table>\n");
    }

    static void Problems(StringBuilder page, HostCheck check)
    {
        if (check.Problems.Count == 0)
            return;
        page.Append("<h2>").Append(E(Say("Problems, worst first", "Проблемы, начиная с главной"))).Append("</h2>\n");
        foreach (HostProblem p in check.Problems)
        {
            page.Append($"<article class=\"{HostReportJson.Word(p.Severity)}\"><h3>{E(p.What)} <small>{E(p.Id)}</small></h3>\n<p>{E(p.Why)}</p>\n")
                .Append(E(Say("Fix", "Исправить"))).Append("<pre>").Append(E(p.Fix)).Append("</pre>\n")
                .Append(E(Say("Verify", "Проверить"))).Append("<pre>").Append(E(p.Verify)).Append("</pre></article>\n");
        }
    }

    static void Models(StringBuilder page, Device device, FitRequest request)
    {
        FitReport.Row[] fitting = [.. FitReport.Fitting(device, request).Reverse().Take(16)];
        page.Append("<h2>").Append(E(Say($"Models that fit, in {request.Weights.Name}", $"Модели, которые поместятся, в {request.Weights.Name}"))).Append("</h2>\n");
        if (fitting.Length == 0)
        {
            page.Append("<p>").Append(E(Say("None of the known models.", "Ни одна из известных."))).Append("</p>\n");
            return;
        }
        page.Append("<table>\n<tr><th>").Append(E(Say("model", "модель"))).Append("</th><th class=\"n\">").Append(E(Say($"memory at {Number(request.Context)} tokens", $"память на {Number(request.Context)} токенов")))
            .Append("</th><th class=\"n\">").Append(E(Say("context that fits", "какой контекст поместится"))).Append("</th><th class=\"n\">")
            .Append(E(device.Measured ? Say("tokens/s, from measured rates", "токенов/с, по измеренному") : Say("tokens/s, by the data sheet", "токенов/с, по паспорту"))).Append("</th></tr>\n");
        foreach (FitReport.Row row in fitting)
            page.Append($"<tr><td>{E(row.Name)}</td><td class=\"n\">{Gib(row.Mebibytes)} {E(Say("GiB", "ГиБ"))}</td><td class=\"n\">{Number(row.LargestContext)}</td><td class=\"n\">{(row.Writing is { } w ? w.ToString(w < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) : "–")}</td></tr>\n");
        page.Append("</table>\n");
    }

    internal static string E(string text) => WebUtility.HtmlEncode(text);
    internal static string Gib(double mebibytes) => (mebibytes / 1024).ToString("0.0", CultureInfo.InvariantCulture);
    internal static string Number(long value) => FitCalculator.Count(value);
}
