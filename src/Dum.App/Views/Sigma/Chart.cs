using System.Globalization;
using System.Text;
using Dum.App.Views.Report;

namespace Dum.App.Views.Sigma;

/// <summary>Plots as inline SVG: bars with a limit, and points of several series on logarithmic axes.</summary>
static class Chart
{
    const int Width = 860, Left = 190, Right = 60;

    static readonly string[] s_colours = ["var(--a)", "var(--b)", "var(--c)", "var(--soft)"];

    /// <summary>Horizontal bars from 0, with a dashed line at a limit; those beyond it stand out.</summary>
    public static string Bars(IReadOnlyList<(string Name, double Value, string Label)> bars, double? limit = null)
    {
        const int Row = 20;
        double most = Math.Max(1e-12, Math.Max(bars.Max(b => b.Value), (limit ?? 0) * 1.2));
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {(bars.Count * Row) + 8}\" role=\"img\">");
        for (int i = 0; i < bars.Count; i++)
        {
            (string name, double value, string label) = bars[i];
            double length = Math.Max(0, value) / most * (Width - Left - Right);
            string colour = limit is { } l && value > l ? "var(--bad)" : "var(--a)";
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{(i * Row) + 16}\" text-anchor=\"end\">{Html.Plain(name)}</text><rect x=\"{Left}\" y=\"{(i * Row) + 5}\" width=\"{length:0.#}\" height=\"14\" rx=\"2\" style=\"fill:{colour}\"/><text x=\"{Left + length + 6:0.#}\" y=\"{(i * Row) + 16}\">{Html.Plain(label)}</text>");
        }
        if (limit is { } at)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left + (at / most * (Width - Left - Right)):0.#} 0V{(bars.Count * Row) + 8}\" style=\"stroke:var(--half);stroke-dasharray:4 3\"/>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Points over logarithmic axes; all numbers above 0.</summary>
    /// <param name="x">Name of the horizontal axis, HTML.</param>
    /// <param name="y">Name of the vertical axis, HTML.</param>
    /// <param name="series">Names (HTML) and points with their own names.</param>
    /// <param name="diagonal">Draw the line where both are equal.</param>
    public static string Points(string x, string y, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y, string Name)> Points)> series, bool diagonal)
    {
        const int Height = 380, Bottom = 40, Top = 12, From = 70;
        var all = series.SelectMany(s => s.Points).Where(p => p.X > 0 && p.Y > 0).ToList();
        if (all.Count == 0)
            return "";
        (double lowX, double highX) = Range(all.Select(p => p.X).Concat(diagonal ? all.Select(p => p.Y) : []));
        (double lowY, double highY) = diagonal ? (lowX, highX) : Range(all.Select(p => p.Y));
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        for (int e = (int)Math.Ceiling(lowY); e <= highY; e++)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{From} {Y(e):0.#}H{Width - 10}\"/><text x=\"{From - 6}\" y=\"{Y(e) + 4:0.#}\" text-anchor=\"end\">1e{e}</text>");
        for (int e = (int)Math.Ceiling(lowX); e <= highX; e++)
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{X(e):0.#} {Top}V{Height - Bottom}\"/><text x=\"{X(e):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">1e{e}</text>");
        if (diagonal)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{X(lowX):0.#} {Y(lowX):0.#}L{X(highX):0.#} {Y(highX):0.#}\" style=\"stroke:var(--half);stroke-dasharray:4 3\"/>");
        for (int s = 0; s < series.Count; s++)
            foreach ((double px, double py, string name) in series[s].Points.Where(p => p.X > 0 && p.Y > 0))
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(Math.Log10(px)):0.#}\" cy=\"{Y(Math.Log10(py)):0.#}\" r=\"4\" style=\"fill:{s_colours[s % s_colours.Length]};fill-opacity:.8\"><title>{Html.Plain(name)}: {px:0.###e0} → {py:0.###e0}</title></circle>");
        svg.Append($"</svg><p class=\"soft\">{y} ↑ · {x} →");
        for (int s = 0; s < series.Count; s++)
            svg.Append($"<i class=\"key\" style=\"background:{s_colours[s % s_colours.Length]}\"></i>{series[s].Name}");
        return svg.Append("</p>").ToString();

        double X(double e) => From + ((e - lowX) / (highX - lowX) * (Width - 10 - From));
        double Y(double e) => Height - Bottom - ((e - lowY) / (highY - lowY) * (Height - Bottom - Top));
    }

    /// <summary>Columns of a histogram with the level that even counts would have.</summary>
    public static string Columns(IReadOnlyList<double> values, double? level, string low, string high)
    {
        const int Height = 180, Bottom = 24;
        double most = Math.Max(values.Max(), level ?? 0) * 1.05;
        if (!(most > 0))
            return "";
        double wide = (double)(Width - 20) / values.Count;
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        for (int i = 0; i < values.Count; i++)
        {
            double tall = values[i] / most * (Height - Bottom);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{10 + (i * wide):0.##}\" y=\"{Height - Bottom - tall:0.#}\" width=\"{Math.Max(0.5, wide - (wide > 3 ? 1 : 0)):0.##}\" height=\"{tall:0.#}\" style=\"fill:var(--a)\"><title>{values[i]:0.####}</title></rect>");
        }
        if (level is { } even)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M10 {Height - Bottom - (even / most * (Height - Bottom)):0.#}H{Width - 10}\" style=\"stroke:var(--half);stroke-dasharray:4 3\"/>");
        svg.Append($"<text x=\"10\" y=\"{Height - 6}\">{Html.Plain(low)}</text><text x=\"{Width - 10}\" y=\"{Height - 6}\" text-anchor=\"end\">{Html.Plain(high)}</text></svg>");
        return svg.ToString();
    }

    static (double Low, double High) Range(IEnumerable<double> values)
    {
        List<double> logs = [.. values.Select(Math.Log10)];
        double low = Math.Floor(logs.Min()), high = Math.Ceiling(logs.Max());
        return (low, high > low ? high : low + 1);
    }
}
