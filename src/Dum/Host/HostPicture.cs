using System.Globalization;
using System.Text;
using Dum.Host.Fit;
using static Dum.Tongue;

namespace Dum.Host;

/// <summary>The two drawings of the HTML report, as inline SVG.</summary>
static class HostPicture
{
    enum Stage { Host, Driver, Runtime, Framework, Container, Model }

    const int Width = 1040, BoxHeight = 84, Gap = 26;

    /// <summary>Host → driver → CUDA or ROCm → framework → container → model, each in the colour of its worst problem.</summary>
    public static void Chain(StringBuilder page, HostCheck check, Device device, FitRequest request, ModelShape? model)
    {
        Stage[] stages = Enum.GetValues<Stage>();
        int box = (Width - Gap * (stages.Length - 1)) / stages.Length;
        page.Append("<svg viewBox=\"0 0 ").Append(Width).Append(' ').Append(BoxHeight + 34).Append("\" role=\"img\" aria-label=\"")
            .Append(HostReportHtml.E(Say("the chain from host to model", "цепочка от машины к модели"))).Append("\">\n");
        bool broken = false;
        for (int i = 0; i < stages.Length; i++)
        {
            HostProblem? worst = check.Problems.Where(p => Of(p.Id) == stages[i] && (p.Id != "amd.integrated" || IsAmd(check))).MaxBy(p => p.Severity);
            bool fits = stages[i] != Stage.Model
                || (model is null ? FitReport.Fitting(device, request).Any() : FitCalculator.Estimate(model, device.Fill(request)).Total <= device.Budget);
            // What lies behind a broken link is not reached; only the first break is red.
            string colour = broken ? "var(--idle)"
                : worst?.Severity == Severity.Block || !fits ? "var(--bad)"
                : worst?.Severity is Severity.Unknown or Severity.Limit ? "var(--warn)"
                : Exists(check, stages[i]) ? "var(--good)" : "var(--idle)";
            int x = i * (box + Gap);
            bool breaksHere = colour == "var(--bad)";
            if (i > 0)
                Link(page, x, colour, breaksHere);
            page.Append($"<rect x=\"{x + 1}\" y=\"1\" width=\"{box - 2}\" height=\"{BoxHeight}\" rx=\"8\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{(breaksHere ? 3 : 2)}\"/>\n");
            page.Append($"<text x=\"{x + box / 2}\" y=\"28\" text-anchor=\"middle\" font-size=\"16\" font-weight=\"600\">{HostReportHtml.E(Title(check, stages[i]))}</text>\n");
            int y = 50;
            foreach (string line in Wrap(stages[i] == Stage.Model && model is not null ? model.Name : Detail(check, device, request, stages[i]), 20, 2))
            {
                page.Append($"<text x=\"{x + box / 2}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"12.5\" class=\"dim\">{HostReportHtml.E(line)}</text>\n");
                y += 17;
            }
            if (breaksHere)
                page.Append($"<text x=\"{Math.Clamp(x + box / 2, 90, Width - 90)}\" y=\"{BoxHeight + 24}\" text-anchor=\"middle\" font-size=\"13\" style=\"fill:var(--bad)\">{HostReportHtml.E(worst?.Id ?? Say("nothing fits", "ничего не поместится"))}</text>\n");
            broken |= breaksHere;
        }
        page.Append("</svg>\n");
    }

    static void Link(StringBuilder page, int x, string colour, bool broken)
    {
        int from = x - Gap + 3, to = x - 3, y = BoxHeight / 2;
        if (broken)
        {
            int middle = (from + to) / 2;
            page.Append($"<path d=\"M{from} {y}H{middle - 5}M{middle + 5} {y}H{to}M{middle - 4} {y - 6}L{middle + 4} {y + 6}M{middle + 4} {y - 6}L{middle - 4} {y + 6}\" stroke=\"var(--bad)\" stroke-width=\"2.5\" fill=\"none\"/>\n");
        }
        else
        {
            page.Append($"<path d=\"M{from} {y}H{to}M{to - 6} {y - 5}L{to} {y}L{to - 6} {y + 5}\" stroke=\"{colour}\" stroke-width=\"2\" fill=\"none\"/>\n");
        }
    }

    static Stage Of(string id)
    {
        if (id.StartsWith("cpu.", StringComparison.Ordinal) || id.StartsWith("disk.", StringComparison.Ordinal))
            return Stage.Host;
        if (id.StartsWith("torch.", StringComparison.Ordinal))
            return Stage.Framework;
        if (id.StartsWith("docker.", StringComparison.Ordinal) || id.Contains(".container-", StringComparison.Ordinal))
            return Stage.Container;
        return id is "nvidia.uvm-missing" or "nvidia.libcuda-missing" or "nvidia.visible-devices" or "nvidia.toolkit-newer" or "nvidia.cudnn-mismatch"
            or "nvidia.mig" or "nvidia.mig-empty" or "nvidia.memory-held" or "nvidia.fabric" or "nvidia.compute-prohibited"
            || id.StartsWith("amd.gfx", StringComparison.Ordinal) || id.StartsWith("amd.rocm", StringComparison.Ordinal) || id is "amd.visible-devices" or "amd.override-set" or "amd.integrated"
            ? Stage.Runtime : Stage.Driver;
    }

    static bool Exists(HostCheck check, Stage stage) => stage switch
    {
        Stage.Driver or Stage.Runtime => check.Capabilities[2].State != Readiness.Absent || check.Capabilities[3].State != Readiness.Absent,
        Stage.Framework => check.Torch is not null,
        Stage.Container => check.Capabilities[4].State != Readiness.Absent,
        _ => true,
    };

    static bool IsAmd(HostCheck check) => check.Capabilities[2].State == Readiness.Absent && check.Capabilities[3].State != Readiness.Absent;

    static string Title(HostCheck check, Stage stage) => stage switch
    {
        Stage.Host => Say("Host", "Машина"),
        Stage.Driver => Say("Driver", "Драйвер"),
        Stage.Runtime => IsAmd(check) ? "ROCm" : "CUDA",
        Stage.Framework => "PyTorch",
        Stage.Container => Say("Container", "Контейнер"),
        _ => Say("Model", "Модель"),
    };

    static string Detail(HostCheck check, Device device, FitRequest request, Stage stage)
    {
        string none = Say("none", "нет");
        return stage switch
        {
            Stage.Host => check.Nvidia.Gpus.Count > 0 ? check.Nvidia.Gpus[0].Name : check.Compute.Model.Length > 0 ? check.Compute.Model : none,
            Stage.Driver when IsAmd(check) => check.Amd.Cards.Count > 0 && check.Amd.Cards[0].Driver.Length > 0 ? check.Amd.Cards[0].Driver : none,
            Stage.Driver => check.Nvidia.Driver is { } d ? $"{d.Major}.{d.Minor:00}.{d.Patch:00}" + (check.Nvidia.OpenModule switch { true => Say(" open", " открытый"), false => Say(" proprietary", " закрытый"), _ => "" })
                : check.Nvidia.Cards.Count > 0 && check.Nvidia.Cards[0].Driver.Length > 0 ? check.Nvidia.Cards[0].Driver : none,
            Stage.Runtime when IsAmd(check) => check.Amd.Rocm is { } r ? $"{r.Major}.{r.Minor}.{r.Patch}" : none,
            Stage.Runtime => check.Nvidia.BannerCuda.Length > 0 ? Say($"up to {check.Nvidia.BannerCuda}", $"до {check.Nvidia.BannerCuda}")
                : check.Nvidia.Driver is { } driver && RuleTables.Standard.NewestCuda(driver) is { } cuda ? Say($"up to {cuda}", $"до {cuda}") : none,
            Stage.Framework => check.Torch?.Version ?? none,
            Stage.Container => check.Docker.Version.Length > 0 ? "Docker " + check.Docker.Version : none,
            _ => FitReport.Fitting(device, request).LastOrDefault()?.Name ?? none,
        };
    }

    static IEnumerable<string> Wrap(string text, int width, int most)
    {
        var lines = new List<string>();
        string line = "";
        // A long name may also break behind its hyphens.
        foreach (string word in text.Length > width ? text.Replace("-", "- ", StringComparison.Ordinal).Split(' ') : text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }
            line += (line.Length > 0 && !line.EndsWith('-') ? " " : "") + word;
        }
        lines.Add(line);
        for (int i = 0; i < Math.Min(most, lines.Count); i++)
            yield return lines[i].Length > width + 1 ? lines[i][..width] + "…" : i == most - 1 && lines.Count > most ? lines[i] + " …" : lines[i];
    }

    /// <summary>The memory of the device: what others hold, then weights, cache, buffers and driver of the largest model that fits, then what stays free.</summary>
    public static void Memory(StringBuilder page, Device device, FitRequest request, ModelShape? model)
    {
        FitReport.Row? row = model is not null ? null : FitReport.Fitting(device, request).LastOrDefault();
        if ((model ?? (row is null ? null : ModelTable.Find(row.Name))) is not { } shape || device.Total <= 0)
            return;
        // A named model is drawn at the context asked for, whether it fits or not.
        int context = row is null ? request.Context : Math.Min(request.Context, row.LargestContext);
        FitEstimate fit = FitCalculator.Estimate(shape, device.Fill(request with { Context = row is null ? context : Math.Min(context, shape.Context > 0 ? shape.Context : int.MaxValue) }));
        double held = Math.Max(0, device.Total - device.Budget - Device.Margin);
        double free = Math.Max(0, device.Total - held - fit.Total);
        (string Name, double Size, string Colour)[] parts =
        [
            (Say("held by others", "занято другими"), held, "var(--held)"),
            (Say("weights", "веса"), fit.Weights, "var(--w)"),
            (Say("cache", "кэш"), fit.Cache, "var(--k)"),
            (Say("buffers", "буферы"), fit.Compute, "var(--b)"),
            (Say("driver", "драйвер"), fit.Overhead, "var(--o)"),
            (Say("free", "свободно"), free, "none"),
        ];
        page.Append("<h2>").Append(HostReportHtml.E(Say(
            $"Memory of {device.Name} with {shape.Name} at {HostReportHtml.Number(context)} tokens",
            $"Память {device.Name} с {shape.Name} на {HostReportHtml.Number(context)} токенов"))).Append("</h2>\n");
        page.Append($"<svg viewBox=\"0 0 {Width} 92\" role=\"img\">\n<rect x=\"1\" y=\"1\" width=\"{Width - 2}\" height=\"40\" rx=\"5\" fill=\"none\" stroke=\"var(--line)\" stroke-width=\"2\"/>\n");
        double x = 2, scale = (Width - 4) / parts.Sum(p => p.Size);
        foreach ((string _, double size, string colour) in parts)
        {
            if (colour != "none")
                page.Append(string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.0}\" y=\"2\" width=\"{Math.Max(0, size * scale):0.0}\" height=\"38\" fill=\"{colour}\"/>\n"));
            x += size * scale;
        }
        int legend = 2;
        foreach ((string name, double size, string colour) in parts)
        {
            if (size < 1)
                continue;
            string label = $"{name} {HostReportHtml.Gib(size)} " + Say("GiB", "ГиБ");
            page.Append($"<rect x=\"{legend}\" y=\"58\" width=\"14\" height=\"14\" rx=\"3\" fill=\"{colour}\" stroke=\"var(--line)\"/><text x=\"{legend + 20}\" y=\"70\" font-size=\"13.5\">{HostReportHtml.E(label)}</text>\n");
            legend += 42 + label.Length * 8;
        }
        page.Append("</svg>\n");
    }
}
