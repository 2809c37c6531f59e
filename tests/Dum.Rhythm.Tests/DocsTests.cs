using System.Numerics;
using Dum.Rhythm.Bytes;
using Dum.Rhythm.Memory;
using Dum.Rhythm.Series;
using Dum.Tests;
using Xunit;

namespace Dum.Rhythm.Tests;

/// <summary>The examples of docs/rhythm.md, run; and a check that what the page shows is what runs here.</summary>
public class DocsTests
{
    [Fact]
    public void The_examples_of_the_page_work()
    {
        double[] readings = [.. Enumerable.Range(0, 600).Select(t => Math.Sin(0.3 * t))];
        byte[] book = [.. Enumerable.Repeat("The rain fell, and nobody minded.\n"u8.ToArray(), 50).SelectMany(b => b)];
        var forecaster = new Forecaster(columns: 1, new ForecastOptions { Horizon = 5 });
        var next = new Forecast[1];
        foreach (double reading in readings)
            forecaster.Step([reading], elapsed: 1, next);
        Assert.Equal(Math.Sin(0.3 * 604), next[0].Value, 0.05);
        string path = Path.GetTempFileName();
        forecaster.Save(path);
        Assert.Equal(1, Forecaster.Load(path).Columns);
        File.Delete(path);

        var watch = new AnomalyDetector(columns: 1);
        foreach (double reading in readings)
            if (watch.Step([reading]) is { Score: >= 0.5 } strange)
                Console.WriteLine($"{strange.Kind}, period {strange.Period}");

        var memory = new RhythmStore(length: 8, capacity: 100);
        memory.Write(RhythmCode.Parse("x..x..x.").Phases(8, 0), "clave");
        var settled = new Complex[8];
        RhythmAnswer answer = memory.Recall(RhythmCode.Parse("x..x..??").Phases(8, 0), settled);
        string name = memory.Facts(answer.Slot).Name;
        Assert.Equal("clave", name);

        using var folded = new MemoryStream();
        (long raw, long small) = ByteFold.Fold(new MemoryStream(book), folded);
        Assert.InRange(small, 1, raw / 8);

    }

    [Fact]
    public void The_page_shows_what_runs_here() => DocsPage.ShowsWhatRuns(HouseTests.Root(), "rhythm.md", "Dum.Rhythm.Tests/DocsTests.cs");
}
