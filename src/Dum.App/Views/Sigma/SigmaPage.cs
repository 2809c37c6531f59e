using System.Text;
using Dum.App.Views.Report;
using Dum.Files;

namespace Dum.App.Views.Sigma;

/// <summary>The frame of sigma's pages: self-contained, in both languages at once, of which two buttons without a script show one.</summary>
static class SigmaPage
{
    /// <summary>Writes a page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML, its sentences in both languages by <see cref="Html.Say"/>.</param>
    public static void Write(string path, string title, Action<StringBuilder> body) => SafeFile.Write(path, stream =>
    {
        var to = new StringBuilder($$"""
            <!doctype html>
            <html>
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{{Html.Plain(title)}} · 40kDUM</title>
            <style>
            :root{--ink:#1c2430;--soft:#667085;--line:#e4e7ec;--a:#2563a8;--b:#c2571a;--c:#5b8c3a;--paper:#fff;--card:#fafbfc;--good:#1f7a3d;--half:#8a5a00;--bad:#b3261e}
            @media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#2b3442;--a:#6ea8e8;--b:#f0954f;--c:#97c774;--paper:#12161d;--card:#181d26;--good:#62c98a;--half:#e0b354;--bad:#f08a80} }
            body{margin:0 auto;max-width:960px;padding:24px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
            h1{font-size:26px;margin:4px 0}h2{font-size:19px;margin:32px 0 6px}h3{font-size:16px;margin:18px 0 4px}p{margin:4px 0}.soft{color:var(--soft);font-size:14px}
            article{border:1px solid var(--line);background:var(--card);border-radius:10px;padding:14px 20px;margin:14px 0;overflow-x:auto}
            .verdict{font-size:22px;font-weight:650}.good{color:var(--good)}.half{color:var(--half)}.bad{color:var(--bad)}
            table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}td,th{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right}
            svg{width:100%;height:auto;margin-top:6px}text{fill:var(--soft);font:12px system-ui,sans-serif}.grid{stroke:var(--line)}code{font-size:13px;overflow-wrap:anywhere}
            .tongue{position:absolute;opacity:0}label{cursor:pointer;color:var(--soft);border:1px solid var(--line);border-radius:6px;padding:2px 10px;font-size:14px}
            .ru{display:none}#ru:checked~main .ru{display:inline}#ru:checked~main .en{display:none}#ru:checked~label[for=ru],#en:checked~label[for=en]{color:var(--ink);border-color:var(--soft)}
            .tongue:focus-visible+.tongue+label,.tongue:focus-visible+label{outline:2px solid var(--a)}
            i.key{display:inline-block;width:14px;height:10px;border-radius:2px;margin:0 6px 0 14px}
            </style>
            </head>
            <body>
            <input class="tongue" type="radio" name="tongue" id="en"{{(Tongue.IsRussian ? "" : " checked")}} aria-label="English"><input class="tongue" type="radio" name="tongue" id="ru"{{(Tongue.IsRussian ? " checked" : "")}} aria-label="Русский"><label for="en">English</label> <label for="ru">Русский</label>
            <main>

            """);
        body(to);
        to.Append($"<p class=\"soft\"><code>{Html.Text(CommandLine.Typed())}</code></p></main></body></html>\n");
        stream.Write(Encoding.UTF8.GetBytes(to.ToString()));
    });

    /// <summary>A sentence of the terminal in both languages.</summary>
    public static string InBoth(Func<string> sentence)
    {
        bool russian = Tongue.IsRussian;
        Tongue.IsRussian = false;
        string english = sentence();
        Tongue.IsRussian = true;
        string other = sentence();
        Tongue.IsRussian = russian;
        return Html.Say(Html.Plain(english), Html.Plain(other));
    }

    /// <summary>A table of ready HTML cells; columns whose name begins with # hold numbers.</summary>
    public static void Table(StringBuilder to, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        to.Append("<table><tr>");
        foreach (string column in columns)
            to.Append(column.StartsWith('#') ? $"<th class=\"n\">{column[1..]}</th>" : $"<th>{column}</th>");
        to.Append("</tr>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            to.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
                to.Append(columns[i].StartsWith('#') ? $"<td class=\"n\">{row[i]}</td>" : $"<td>{row[i]}</td>");
            to.Append("</tr>\n");
        }
        to.Append("</table>\n");
    }
}
