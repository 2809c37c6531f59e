using Dum.Numerics;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>What adapters add to a product: against doubles, and the bits of a row whatever stands beside it.</summary>
public sealed class LowRankTests
{
    /// <summary>Inputs, then the outputs of the parts beside each other, then the rank.</summary>
    public static TheoryData<int, int[], int> Sizes => new()
    {
        { 40, [40], 8 },
        { 64, [64, 32, 32], 8 },
        { 40, [40, 20, 20], 4 },
        { 33, [7, 50, 16], 17 },
        { 400, [96, 10], 64 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Fast_is_near_to_doubles_and_writes_nowhere_else(int inputs, int[] outputs, int rank)
    {
        using var pool = new WorkerPool(3);
        foreach (int rows in new[] { 1, 2, 7, 31, 130 })
        {
            using Sheet x = Sheet.Random(1, rows, inputs), y = Sheet.Random(2, rows, outputs.Sum()), expected = y.Copy(), reduced = new(rows, rank);
            LowRankRows[] groups = Groups(rows, inputs, outputs, rank);
            new ReferenceKernels().AddLowRank(x, groups, groups.Length, reduced, expected);
            new CpuKernels(pool).AddLowRank(x, groups, groups.Length, reduced, y);
            for (int r = 0; r < rows; r++)
                Bits.Close(expected[r], y[r], 1e-5, $"{rows} rows, row {r}");
            x.IsIntact();
            y.IsIntact();
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_row_has_the_same_bits_alone_and_among_others(int inputs, int[] outputs, int rank)
    {
        const int Rows = 37;
        using WorkerPool one = new(1), many = new(4);
        using Sheet x = Sheet.Random(1, Rows, inputs), start = Sheet.Random(2, Rows, outputs.Sum()), reduced = new(Rows, rank), together = start.Copy();
        LowRankRows[] groups = Groups(Rows, inputs, outputs, rank);
        new CpuKernels(many).AddLowRank(x, groups, groups.Length, reduced, together);
        foreach (string path in new[] { "plain", "avx2", "avx512" })
            for (int r = 0; r < Rows; r++)
            {
                using Sheet alone = start.Copy();
                LowRankRows[] group = [.. groups.Where(g => r >= g.Row && r < g.Row + g.Rows).Select(g => g with { Row = r, Rows = 1 })];
                new CpuKernels(one, InstructionPath.Choose(path)).AddLowRank(x, group, group.Length, reduced, alone);
                Bits.Same(together[r], alone[r], $"{path}, row {r}");
            }
    }

    [Theory]
    [InlineData(WeightFormat.F32)]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.I8)]
    [InlineData(WeightFormat.I4)]
    public void Weights_of_any_format_are_turned_into_floats(WeightFormat format)
    {
        using var pool = new WorkerPool(2);
        foreach ((int outputs, int inputs) in new[] { (1, 1), (16, 16), (33, 70), (50, 32), (7, 129) })
        {
            using PackedWeights weights = Weights.Random(5, format, outputs, inputs), turned = PackedWeights.Allocate(WeightFormat.F32, inputs, outputs);
            new CpuKernels(pool).Transpose(weights, turned);
            using Sheet rows = Weights.Rows(weights), columns = Weights.Rows(turned);
            for (int n = 0; n < outputs; n++)
                for (int i = 0; i < inputs; i++)
                    Assert.Equal(rows[n][i], columns[i][n]);
            Assert.True(Weights.PaddingIsZero(turned));
        }
    }

    /// <summary>Three adapters with gaps between their rows, where there are rows enough.</summary>
    static LowRankRows[] Groups(int rows, int inputs, int[] outputs, int rank)
    {
        var groups = new List<LowRankRows>();
        foreach ((int row, int end) in new[] { (0, (rows / 3) + 1), ((rows / 3) + 2, (rows / 3) + 3), ((rows / 2) + 3, rows) })
            if (row < end && end <= rows)
            {
                var parts = new List<LowRankPart>();
                int column = 0;
                foreach (int width in outputs)
                {
                    int seed = (100 * groups.Count) + column;
                    PackedWeights a = Weights.Random(seed, WeightFormat.F32, rank, inputs), b = Weights.Random(seed + 1, WeightFormat.F32, width, rank);
                    // Every second adapter as a plan holds it, the others packed by themselves.
                    parts.Add(new LowRankPart(groups.Count % 2 == 0 ? new LowRankInput(a) : Own(a), b, column, 0.7f));
                    column += width;
                }
                groups.Add(new LowRankRows(row, end - row, [.. parts]));
            }
        return [.. groups];
    }

    static LowRankInput Own(PackedWeights a)
    {
        var numbers = new float[a.Outputs * a.Inputs];
        for (int k = 0; k < a.Outputs; k++)
            a.GetRow(k, numbers.AsSpan(k * a.Inputs, a.Inputs));
        return new LowRankInput(new NativeFloats(LowRankInput.VectorsOf(a.Outputs) * LowRankInput.Lanes * a.Inputs, "a test"), a.Outputs, a.Inputs, numbers);
    }
}
