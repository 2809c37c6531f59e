using System.Text.Json;
using Dum.Numerics;
using Dum.Rhythm.Map;
using Dum.Rhythm.Rings;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.Map;

/// <summary>The map of mistakes: who wins by what rule, what waits, and that the conventional sides do what their names say.</summary>
public class MistakeMapTests
{
    static MapRow Row(bool less, double ours, double theirs)
    {
        MapText none = new("", "");
        return new MapRow("x", none, none, none, less, none, none, new MapSide(ours, 1, 1), new MapSide(theirs, 1, 1), none);
    }

    [Theory]
    [InlineData(true, 1, 1.1, MapVerdict.Rhythm)]
    [InlineData(true, 1.1, 1, MapVerdict.Conventional)]
    [InlineData(false, 1.1, 1, MapVerdict.Rhythm)]
    [InlineData(false, 1, 1.1, MapVerdict.Conventional)]
    [InlineData(true, 1, 1.019, MapVerdict.Even)]
    [InlineData(true, -6, -5, MapVerdict.Rhythm)]
    [InlineData(true, 0, 0, MapVerdict.Even)]
    public void Who_reaches_more_than_two_percent_further_wins(bool less, double ours, double theirs, MapVerdict verdict) =>
        Assert.Equal(verdict, Row(less, ours, theirs).Verdict);

    [Fact]
    public void A_row_knows_what_share_of_time_and_memory_the_accused_side_took()
    {
        MapRow row = Row(true, 1, 2) with { Ours = new MapSide(1, 2, 1000), Theirs = new MapSide(2, 1, 1200) };

        Assert.Equal((0.5, 1.2), row.Shares);
        Assert.False(MapRow.IsLevel(row.Shares.Time));
        Assert.True(MapRow.IsLevel(row.Shares.Memory));
        Assert.True(double.IsNaN((row with { Ours = null }).Shares.Time));
    }

    [Theory]
    [InlineData(25, 1, 500_000)]
    [InlineData(20, 3, 260_000)]
    [InlineData(72, 1, 40_000)]
    public void A_network_sized_by_memory_takes_that_much(int inputs, int layers, long bytes)
    {
        int units = Perceptron.UnitsFor(inputs, layers, bytes);
        long weights = (units * (inputs + 1L)) + ((layers - 1) * units * (units + 1L)) + units + 1;

        Assert.InRange(32.0 * weights, 0.9 * bytes, bytes + 32);
    }

    [Fact]
    public void Rows_without_what_they_need_wait_and_say_so()
    {
        foreach (string row in (string[])["tokens", "parameters", "training"])
        {
            MapRow waiting = Assert.Single(MistakeMap.Measure(new MapOptions { Only = row, Quick = true, Seeds = 1 }));
            Assert.Equal(MapVerdict.Waits, waiting.Verdict);
            Assert.Contains("--text", waiting.Note.ToString(), StringComparison.Ordinal);
        }
        MapRow model = Assert.Single(MistakeMap.Measure(new MapOptions { Only = "training", Quick = true, Seeds = 1, Text = new byte[20_000] }));
        Assert.Equal(MapVerdict.Waits, model.Verdict);
        Assert.Throws<DumException>(() => MistakeMap.Measure(new MapOptions { Only = "nothing" }));
        Assert.Throws<DumException>(() => MistakeMap.Measure(new MapOptions { Only = "parameters", Text = new byte[9_999] }));
    }

    [Fact]
    public void A_matrix_forgets_where_slots_do_not()
    {
        // A matrix of N² numbers cannot tell N patterns apart; it is the projection onto everything.
        MapRow row = Assert.Single(MistakeMap.Measure(new MapOptions { Only = "memory", Seeds = 2 }));
        Assert.Equal(100, row.Ours!.Value.Value);
        Assert.InRange(row.Theirs!.Value.Value, 0, 10);
        // Memory is that of the whole process: what other tests hold meanwhile is in it, so it is not compared here.
        Assert.Equal(MapVerdict.Rhythm, row.Verdict);
    }

    [Fact]
    public void Cells_that_count_come_to_the_entropy_of_a_source_and_one_rate_for_all_does_not()
    {
        // Letters of probability 1/2, 1/4, 1/8, 1/8: 1.75 bits each.
        var random = new Philox(8, 8);
        byte[] text = [.. Enumerable.Range(0, 60_000).Select(t => (byte)(random.Unit(0, (uint)t, 0) switch { < 0.5 => 'a', < 0.75 => 'b', < 0.875 => 'c', _ => 'd' }))];
        MapRow row = Assert.Single(MistakeMap.Measure(new MapOptions { Only = "parameters", Seeds = 1, Text = text }));
        Assert.Equal(MapVerdict.Rhythm, row.Verdict);
        Assert.InRange(row.Ours!.Value.Value, 1.74, 1.80);
    }

    [Fact]
    public void The_classic_solver_is_of_fourth_order_and_agrees_with_the_flows()
    {
        MediumParameters rings = new()
        {
            Inputs = 1,
            Step = 1.0 / 256,
            Composition = Composition.Fourth,
            Rings = [new Ring(new RingStructure { Count = 8, GainReal = [.. Enumerable.Repeat(0.3, 8)], GainImaginary = new double[8] },
                new RingRhythm { Omega = [.. Enumerable.Range(0, 8).Select(j => 0.4 * j)], Mu = [.. Enumerable.Repeat(0.5, 8)], Beta = 1 }, new RingContour { Kappa = 0.3 })],
        };
        var medium = new Medium<double>(rings);
        medium.Real(0).Fill(1);
        medium.Advance(4, Tone);
        double[] errors = [.. ((int[])[40, 80]).Select(n => new RungeKutta(rings, Tone).Run(n, 4.0 / n).Zip(medium.Real(0).ToArray(), (a, b) => Math.Abs(a - b)).Max())];
        Assert.InRange(Math.Log2(errors[0] / errors[1]), 3.7, 4.3);

        static void Tone(double t, Span<double> u) => u[0] = Math.Sin(0.9 * t);
    }

    [Fact]
    public void The_network_learns_a_product_by_back_propagation()
    {
        var random = new Philox(4, 4);
        double[][] x = [.. Enumerable.Range(0, 2000).Select(t => new[] { (2 * random.Unit(0, (uint)t, 0)) - 1, (2 * random.Unit(1, (uint)t, 0)) - 1 })], y = [.. x.Select(v => new[] { v[0] * v[1] })];
        var network = new Perceptron([2, 16, 1], 1);
        // No time: once over all samples is the least; then as often as it takes.
        for (int i = 0; i < 30; i++)
            network.Learn(x, y, 0);
        double error = Math.Sqrt(Enumerable.Range(0, 200).Average(t => Math.Pow(network.Say(x[t])[0] - y[t][0], 2)));
        Assert.InRange(error, 0, 0.05);
    }

    [Fact]
    public void The_reservoir_fades_and_reads_its_past()
    {
        var random = new Philox(6, 6);
        double[] input = [.. Enumerable.Range(0, 1500).Select(t => (2 * random.Unit(0, (uint)t, 0)) - 1)], past = [.. Enumerable.Range(0, 1500).Select(t => t >= 3 ? input[t - 3] : 0)];
        var reservoir = new EchoState(60, 0.9, 0.1, 0, 1);
        reservoir.Learn(input[..1000], past, 100, 1e-10);
        double error = 0;
        for (int t = 1000; t < 1500; t++)
        {
            reservoir.Step(input[t]);
            error += Math.Pow(reservoir.Say() - past[t], 2);
        }
        Assert.InRange(Math.Sqrt(error / 500), 0, 0.05);
    }

    [Fact]
    public void The_command_prints_one_row_as_json_and_writes_the_page()
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = DumProcess.Run(folder.Path, ["rhythm", "map", "--only", "memory", "--quick", "--json", "--report", "map.html"]);
        Assert.Equal(0, result.Code);
        JsonElement row = JsonDocument.Parse(result.Text).RootElement.GetProperty("rows")[0];
        Assert.Equal("rhythm", row.GetProperty("verdict").GetString());
        Assert.Equal(100, row.GetProperty("rhythm").GetProperty("value").GetDouble());
        string page = File.ReadAllText(folder["map.html"]);
        Assert.Contains("память как один вектор или матрица", page, StringComparison.Ordinal);
        Assert.Contains("memory as one vector or matrix", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["rhythm", "map", "--only", "nothing"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["rhythm", "map", "--only", "memory", "--report", "no/such/map.html"]).Code);
        Assert.Equal(2, DumProcess.Run(folder.Path, ["rhythm", "map", "--text", "missing"]).Code);
    }
}
