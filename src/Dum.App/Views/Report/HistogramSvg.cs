using System.Globalization;
using System.Text;

namespace Dum.App.Views.Report;

/// <summary>Draws a histogram: shares as bars, median and mean as lines, both axes labelled.</summary>
static class HistogramSvg
{
    const int Width = 400, Height = 216, Left = 40, Right = 12, Top = 36, Bottom = 44, LeastTick = 28;

    public static string Draw(Histogram data, string titleEn, string titleRu, string axisEn, string axisRu)
    {
        (int step, IReadOnlyList<Bar> bars) = data.ToBars();
        var svg = new StringBuilder();
        svg.Append("<figure><figcaption>").Append(Html.Say(titleEn, titleRu)).Append("</figcaption>");
        if (bars.Count == 0)
            return svg.Append("<p class=\"none\">").Append(Html.Say("nothing to count", "считать нечего")).Append("</p></figure>").ToString();

        double plotWidth = Width - Left - Right, plotHeight = Height - Top - Bottom, slot = plotWidth / bars.Count;
        double most = (double)bars.Max(b => b.Count) / data.Count, grid = Grid(most), top = Math.Ceiling(most / grid - 1e-9) * grid;
        svg.Append(Invariant($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{titleEn} · {titleRu}\">"));
        for (int i = 0; i * grid <= top + 1e-9; i++)
        {
            double y = Top + plotHeight * (1 - i * grid / top);
            svg.Append(Invariant($"<path class=\"{(i == 0 ? "axis" : "grid")}\" d=\"M{Left} {y:0.#}H{Width - Right}\"/>"));
            svg.Append(Invariant($"<text class=\"tick y\" x=\"{Left - 6}\" y=\"{y + 3.5:0.#}\">{100 * i * grid:0.##}{(i * grid >= top - 1e-9 ? " %" : "")}</text>"));
        }
        int every = TickEvery(bars.Count, slot);
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            double x = Left + i * slot, high = plotHeight * bar.Count / data.Count / top, gap = Math.Min(2, slot * 0.2);
            string range = (bar.From == bar.To ? Html.Number(bar.From) : $"{Html.Number(bar.From)}–{Html.Number(bar.To)}") + (bar.Open ? "+" : "");
            svg.Append(Invariant($"<rect class=\"bar\" x=\"{x + gap / 2:0.##}\" y=\"{Top + plotHeight - high:0.##}\" width=\"{slot - gap:0.##}\" height=\"{Math.Max(high, bar.Count > 0 ? 0.75 : 0):0.##}\"><title>{range}: {Html.Number(bar.Count)} ({100.0 * bar.Count / data.Count:0.##} %)</title></rect>"));
            // The open last bar always says where it begins; ticks that would run into it stay out.
            bool last = i == bars.Count - 1 && bar.Open, crowded = bars[^1].Open && (bars.Count - 1 - i) * slot < LeastTick;
            if (last || (bar.From / step % every == 0 && !crowded))
                svg.Append(Invariant($"<text class=\"tick\" x=\"{(step == 1 ? x + slot / 2 : x):0.#}\" y=\"{Height - Bottom + 15}\">{bar.From}{(bar.Open ? "+" : "")}</text>"));
        }
        svg.Append(Label(Width - Right, Height - 8, "name end", axisEn, axisRu));
        svg.Append(Label(Left, Height - 8, "name", "share of all", "доля от всех"));
        double first = bars[0].From - (step == 1 ? 0.5 : 0), scale = slot / step;
        int median = data.Quantile(0.5);
        svg.Append(Mark(Place(median), 12, "median", $"median {median}", $"медиана {median}"));
        svg.Append(Mark(Place(data.Mean), 26, "mean", $"mean {Html.En(data.Mean)}", $"среднее {Html.Ru(data.Mean)}"));
        return svg.Append("</svg></figure>").ToString();

        double Place(double value) => Math.Clamp(Left + (value - first) * scale, Left, Width - Right);
    }

    static string Mark(double x, double y, string kind, string en, string ru)
    {
        bool end = x > Width * 0.6;
        return Invariant($"<path class=\"{kind}\" d=\"M{x:0.#} {y - 8:0.#}V{Height - Bottom}\"/>") + Label(x + (end ? -5 : 5), y, end ? $"mark {kind} end" : $"mark {kind}", en, ru);
    }

    static string Label(double x, double y, string kind, string en, string ru) =>
        Invariant($"<text class=\"{kind} en\" lang=\"en\" x=\"{x:0.#}\" y=\"{y:0.#}\">{en}</text><text class=\"{kind} ru\" lang=\"ru\" x=\"{x:0.#}\" y=\"{y:0.#}\">{ru}</text>");

    // Two to four lines at 1, 2, 5, 10, 20, 50 %.
    static double Grid(double most)
    {
        foreach (double grid in (ReadOnlySpan<double>)[0.005, 0.01, 0.02, 0.05, 0.1, 0.2])
            if (most <= grid * 4)
                return grid;
        return 0.25;
    }

    static int TickEvery(int bars, double slot)
    {
        foreach (int every in (ReadOnlySpan<int>)[1, 2, 5, 10])
            if (slot * every >= LeastTick || every >= bars)
                return every;
        return 20;
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
