using System.Globalization;
using Dum.Host.Fit;
using Xunit;
using Xunit.Abstractions;

namespace Dum.Tests.Host;

/// <summary>The fit against published measurements, each with its source in fit-measurements.txt.</summary>
public class FitTests(ITestOutputHelper output)
{
    /// <summary>MiB taken for a driver's context where nvidia-smi was read; published cards show 150 to 250.</summary>
    const double Driver = 200;

    sealed record Row(string Id, string Kind, double Measured, double Predicted)
    {
        public double Percent => 100 * (Predicted - Measured) / Measured;
        public bool Near => Math.Abs(Percent) <= 5 || Math.Abs(Predicted - Measured) <= 150;
    }

    static List<Row> Rows()
    {
        var rows = new List<Row>();
        foreach (string line in File.ReadLines(Path.Combine(RecordedHosts.Folder, "..", "fit-measurements.txt")))
        {
            if (line.StartsWith('#'))
                continue;
            string[] c = line.Split(" | ");
            string kind = c[8].TrimEnd('*');
            ModelShape shape = c[1].Contains('=', StringComparison.Ordinal) ? ModelShape.Parse(c[0], c[1]) : ModelTable.Find(c[1])!;
            bool exact = double.TryParse(c[2], CultureInfo.InvariantCulture, out double mib);
            var request = new FitRequest
            {
                Context = int.Parse(c[3], CultureInfo.InvariantCulture),
                Weights = exact ? WeightFormat.All[0] : WeightFormat.Find(c[2])!,
                WeightBytes = exact ? (long)(mib * 1048576) : null,
                Cache = CacheFormat.Find(c[4])!,
                MicroBatch = int.Parse(c[5], CultureInfo.InvariantCulture),
                FlashAttention = c[6] == "yes",
                Sequences = int.Parse(c[7], CultureInfo.InvariantCulture),
                Overhead = kind is "smi" or "table" ? Driver : 0,
                EmbeddingInMemory = kind != "uma",
                AllLogits = !c[8].EndsWith('*'),
            };
            FitEstimate fit = FitCalculator.Estimate(shape, request);
            rows.Add(new Row(c[0], kind, double.Parse(c[9], CultureInfo.InvariantCulture), kind == "kv" ? fit.Cache : fit.Total));
        }
        return rows;
    }

    [Fact]
    public void Predictions_lie_within_five_percent_of_published_measurements()
    {
        List<Row> rows = Rows().FindAll(r => r.Kind != "kv");
        foreach (Row r in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Id,-28} {r.Kind,-5} measured {r.Measured,9:0.0}  predicted {r.Predicted,9:0.0}  {r.Percent,6:0.0} %{(r.Near ? "" : "  MISS")}"));
        Assert.True(rows.Count >= 15);
        Assert.True(rows.Count(r => r.Near) * 15 >= rows.Count * 12, $"{rows.Count(r => r.Near)} of {rows.Count} near");
        Assert.All(rows, r => Assert.True(Math.Abs(r.Percent) <= 10, $"{r.Id}: {r.Percent:0.0} %"));
    }

    [Fact]
    public void Key_value_caches_match_to_the_mebibyte()
    {
        foreach (Row r in Rows().FindAll(r => r.Kind == "kv"))
            Assert.True(Math.Abs(r.Predicted - r.Measured) < 1, $"{r.Id}: {r.Predicted} against {r.Measured}");
    }

    [Theory]
    [InlineData("Llama 3.1 8B", 8.03)]
    [InlineData("Qwen2.5 7B", 7.62)]
    [InlineData("Qwen3 30B-A3B", 30.5)]
    [InlineData("Mixtral 8x7B", 46.7)]
    [InlineData("Gemma 3 27B", 27.0)]
    [InlineData("Phi-4 14B", 14.7)]
    [InlineData("Mistral Small 24B", 23.6)]
    public void A_shape_gives_its_number_of_parameters(string name, double billions) =>
        Assert.InRange(ModelTable.Find(name)!.Parameters / 1e9, billions * 0.985, billions * 1.015);

    [Fact]
    public void Every_model_has_a_source_a_date_and_a_believable_size()
    {
        Assert.True(ModelTable.All.Count >= 40);
        foreach (string[] row in ModelTable.Rows)
        {
            Assert.Equal(4, row.Length);
            Assert.Contains("config.json", row[2], StringComparison.Ordinal);
            Assert.Matches(@"^20\d\d-\d\d$", row[3]);
        }
        foreach (ModelShape shape in ModelTable.All)
        {
            // The name of a model ends in its size; that catches a slip in a row.
            string size = shape.Name.Split(' ').Last(w => char.IsAsciiDigit(w[0])).Split("-A")[0];
            double billions = size.Contains('x', StringComparison.Ordinal) ? 46.7 : double.Parse(size.TrimEnd('B'), CultureInfo.InvariantCulture);
            Assert.InRange(shape.Parameters / 1e9, billions * 0.8, billions * 1.35);
        }
    }

    [Fact]
    public void An_adapter_of_rank_16_on_Llama_3_8B_has_the_published_size()
    {
        // Published: a LoRA buffer of 160.00 MiB for 448 tensors, 32 bits a number.
        long parameters = TrainingFit.AdapterParameters(ModelTable.Find("Llama 3.1 8B")!, 16);
        Assert.Equal(160.0, parameters * 4 / 1048576.0, 3);
    }

    [Fact]
    public void The_largest_context_fits_and_the_next_step_does_not()
    {
        ModelShape shape = ModelTable.Find("Qwen3 8B")!;
        var request = new FitRequest();
        int context = FitCalculator.LargestContext(shape, request, 8000);
        Assert.InRange(context, 512, shape.Context);
        Assert.True(FitCalculator.Estimate(shape, request with { Context = context }).Total <= 8000);
        Assert.True(FitCalculator.Estimate(shape, request with { Context = context + 256 }).Total > 8000);
        Assert.Equal(0, FitCalculator.LargestContext(shape, request, 1000));
    }
}
