using System.Text.Json;
using System.Xml;
using Dum.Host;
using Dum.Host.Fit;
using Xunit;

namespace Dum.Tests.Host;

[Collection(nameof(Tongue))]
public class HostReportTests
{
    static HostCheck Load(string name) => new(HostRecording.Parse(RecordedHosts.All.First(h => h.Name == name).Text));

    static T In<T>(bool russian, Func<T> work)
    {
        bool before = Tongue.IsRussian;
        Tongue.IsRussian = russian;
        try
        {
            return work();
        }
        finally
        {
            Tongue.IsRussian = before;
        }
    }

    [Theory]
    [InlineData("driver-old-pro6000-535", "nvidia.driver-old")]
    [InlineData("docker-no-toolkit", "docker.no-toolkit")]
    [InlineData("uvm-missing-debian13", "nvidia.uvm-missing")]
    [InlineData("amd-no-kfd-group", "amd.permission")]
    public void The_picture_shows_the_broken_link_once_and_in_red(string name, string id)
    {
        foreach (bool russian in (bool[])[false, true])
        {
            string page = In(russian, () =>
            {
                HostCheck check = Load(name);
                return HostReportHtml.Render(check, Device.Choose(check, null), new FitRequest());
            });
            Assert.Equal(2, page.Split("stroke-width=\"3\"").Length);
            Assert.Contains($"style=\"fill:var(--bad)\">{id}</text>", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_page_is_whole_self_contained_and_escapes_foreign_text()
    {
        foreach (RecordedHost host in RecordedHosts.All)
        {
            HostRecording recording = HostRecording.Parse(host.Text.Replace("NVIDIA GeForce RTX 3090", "<script>alert(1)</script>", StringComparison.Ordinal));
            var check = new HostCheck(recording);
            string page = HostReportHtml.Render(check, Device.Choose(check, null), new FitRequest());
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(src|href)=", page);
            // The drawings are well-formed: an XML reader goes through them.
            for (int at = page.IndexOf("<svg", StringComparison.Ordinal); at >= 0; at = page.IndexOf("<svg", at + 4, StringComparison.Ordinal))
            {
                using var reader = XmlReader.Create(new StringReader(page[at..(page.IndexOf("</svg>", at, StringComparison.Ordinal) + 6)]));
                while (reader.Read())
                {
                }
            }
            Assert.EndsWith("</body>\n</html>\n", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Json_can_be_parsed_and_its_ids_do_not_change_with_the_language()
    {
        foreach (RecordedHost host in RecordedHosts.All)
        {
            string[] both = [.. ((bool[])[false, true]).Select(russian => In(russian, () => HostReportJson.Render(new HostCheck(HostRecording.Parse(host.Text)))))];
            JsonElement[] roots = [.. both.Select(t => JsonDocument.Parse(t).RootElement)];
            string Ids(JsonElement root) => string.Join(' ', root.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("id").GetString()));
            Assert.Equal(Ids(roots[0]), Ids(roots[1]));
            Assert.Equal(5, roots[0].GetProperty("capabilities").GetArrayLength());
        }
    }

    [Fact]
    public void Russian_reports_are_Russian_and_English_ones_are_not()
    {
        foreach (RecordedHost host in RecordedHosts.All.Where((_, i) => i % 5 == 0))
        {
            string english = In(false, () => HostReportText.Render(new HostCheck(HostRecording.Parse(host.Text))));
            string russian = In(true, () => HostReportText.Render(new HostCheck(HostRecording.Parse(host.Text))));
            Assert.DoesNotMatch("[а-яА-Я]", english);
            Assert.Contains("процессоре", russian, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_explanation_of_a_model_adds_up()
    {
        HostCheck check = Load("ok-4090-arch-590");
        Device device = Device.Choose(check, null);
        FitRequest request = device.Fill(new FitRequest { Context = 60000 });
        FitEstimate fit = FitCalculator.Estimate(ModelTable.Find("Gemma 3 12B")!, request);
        Assert.Equal(fit.Total, fit.Lines.Sum(l => l.Mebibytes), 3);
        string text = In(false, () => FitReport.Explain(ModelTable.Find("Gemma 3 12B")!, request, device, ""));
        Assert.Contains("predicted, not yet measured", text, StringComparison.Ordinal);
        Assert.Contains("fits", text, StringComparison.Ordinal);
    }

    // A model that would fit only with a shorter context than asked stands in no list, no chain and no bar of the page.
    [Theory]
    [InlineData("ok-3080-ubuntu2404-580", 8192)]
    [InlineData("ok-3080-ubuntu2404-580", 131072)]
    [InlineData("cpu-little-ram", 8192)]
    public void The_page_names_only_models_that_fit(string name, int context)
    {
        HostCheck check = Load(name);
        Device device = Device.Choose(check, null);
        var request = new FitRequest { Context = context };
        string page = In(false, () => HostReportHtml.Render(check, device, request));
        IReadOnlyList<FitReport.Row> rows = FitReport.Rows(device, request);
        FitReport.Row[] shorter = [.. rows.Where(r => r.LargestContext > 0 && r.Mebibytes > device.Budget)];
        Assert.NotEmpty(shorter);
        Assert.All(shorter, r => Assert.DoesNotContain($"<td>{r.Name}</td>", page, StringComparison.Ordinal));
        FitReport.Row? largest = rows.LastOrDefault(r => r.LargestContext > 0 && r.Mebibytes <= device.Budget);
        Assert.Equal(largest is null, page.Contains("nothing fits", StringComparison.Ordinal));
        Assert.Equal(largest is null ? 1 : 2, page.Split($" with {largest?.Name} at ").Length);
    }

    // Graphics that share the machine's memory are no place for a model, however large their window is.
    [Fact]
    public void Built_in_graphics_are_not_fitted_into_and_do_not_colour_the_chain_of_a_card()
    {
        Assert.False(Device.Choose(Load("amd-integrated-phoenix"), null).IsGpu);
        HostCheck check = Load("ok-4090-laptop-strix-point");
        Assert.True(check.IsReady);
        Assert.Equal("NVIDIA GeForce RTX 4090", Device.Choose(check, null).Name);
        string page = In(false, () => HostReportHtml.Render(check, Device.Choose(check, null), new FitRequest()));
        Assert.DoesNotContain("stroke=\"var(--warn)\"", page, StringComparison.Ordinal);
    }

    // sysfs tells memory card by card: the window of the processor's graphics comes first here and is not the card's.
    [Fact]
    public void A_card_is_not_given_the_window_of_built_in_graphics()
    {
        Device device = Device.Choose(Load("ok-7900xtx-with-ryzen-graphics"), null);
        Assert.Equal("gfx1100", device.Name);
        Assert.InRange(device.Total, 24000, 24576);
    }

    [Fact]
    public void The_largest_card_is_chosen_and_cards_are_not_added_up()
    {
        Device device = Device.Choose(Load("ok-2x3090-ubuntu2204-570"), null);
        Assert.True(device.IsGpu);
        Assert.InRange(device.Budget, 20000, 24576);
        // A blocked card is no place for a model.
        Assert.False(Device.Choose(Load("nouveau-debian12-3080"), null).IsGpu);
    }

    [Fact]
    public void The_micro_benchmark_is_quick_and_believable()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        HostSpeed speed = HostBench.Measure();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), clock.Elapsed.ToString());
        Assert.InRange(speed.Bandwidth, 0.2, 5000);
        Assert.InRange(speed.Flops, 0.2, 500_000);
    }
}
