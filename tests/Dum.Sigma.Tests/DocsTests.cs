using Dum.Models;
using Dum.Sigma.Battery;
using Dum.Sigma.Controls;
using Dum.Sigma.Formats;
using Dum.Sigma.Tap;
using Dum.Tests;
using Xunit;

namespace Dum.Sigma.Tests;

/// <summary>The examples of docs/sigma.md, run; and a check that what the page shows is what runs here.</summary>
public class DocsTests
{
    [Fact]
    public void The_examples_of_the_page_work()
    {
        byte[] bytes = new byte[1 << 18], text = [.. Enumerable.Repeat("The rain fell, and nobody minded. "u8.ToArray(), 20).SelectMany(b => b)];
        new ChaCha20(1).Fill(bytes);
        float[] row = [.. Enumerable.Range(1, 64).Select(i => 1f / i)];
        var battery = new RandomnessBattery(new BatteryOptions { EntropyBytes = 0 });
        battery.Add(bytes);
        BatteryReport report = battery.Finish();
        Assert.Equal(BatteryVerdict.Random, report.Verdict);

        float off = FloatFormat.BF16.Residual(1.2345f, out float rounded);
        Assert.Equal(1.234375f, rounded);
        Assert.Equal((1.2345f - rounded) * 128, off, 1e-5f);
        var sketch = new ResidualSketch(FloatFormat.BF16);
        sketch.Add(row);
        Assert.Equal(64, sketch.Count);

        using LanguageModel model = LanguageModel.Open("default");
        var tap = new ResidualTap(new TapOptions { Share = 0.1 });
        TappedRun.Read(model, text, tokens: 64, tap);
        foreach (TapRecord record in tap.Records)
            Console.WriteLine($"{record.Operation}: {record.Sketch.Entropy:0.000} of 8 bits");
        Assert.NotEmpty(tap.Records);
    }

    [Fact]
    public void The_page_shows_what_runs_here() => DocsPage.ShowsWhatRuns(HouseTests.Root, "sigma.md", "Dum.Sigma.Tests/DocsTests.cs");
}
