using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

public unsafe class EmbedTests
{
    public static TheoryData<int, int, int> Sizes => new() { { 1, 1, 1 }, { 3, 40, 7 }, { 200, 33, 70 }, { 130, 160, 17 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rows_are_those_of_the_table_in_every_format(int rows, int columns, int vocabulary)
    {
        int[] ids = Ids(rows, vocabulary);
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            using PackedWeights table = Weights.Random(1, format, vocabulary, columns);
            using Sheet all = Weights.Rows(table);
            foreach ((string name, CpuKernels kernels) in Grid.All())
            {
                using var y = new Sheet(rows, columns);
                kernels.Embed(ids, table, y);
                y.IsIntact();
                for (int r = 0; r < rows; r++)
                    Bits.Same(all[ids[r]], y[r], $"{name}, row {r}");
            }
        }
    }

    /// <summary>Few ids for many rows, so most are repeated: their gradients must add up in order of rows, bit for bit.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradients_of_the_same_id_add_up_in_order(int rows, int columns, int vocabulary)
    {
        int[] ids = Ids(rows, vocabulary);
        using Sheet dy = Sheet.Random(3, rows, columns), expected = Sheet.Random(4, vocabulary, columns);
        using Sheet before = expected.Copy();
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < columns; i++)
                expected[ids[r]][i] += dy[r][i];
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            using PackedWeights gradient = Weights.Of(before);
            kernels.EmbedBackward(ids, dy, gradient);
            Assert.True(Weights.PaddingIsZero(gradient));
            using Sheet found = Weights.Rows(gradient);
            found.IsSame(expected, name);
        }
    }

    /// <summary>The first and the last id for certain.</summary>
    static int[] Ids(int rows, int vocabulary)
    {
        var random = new Random(rows);
        int[] ids = [.. Enumerable.Range(0, rows).Select(_ => random.Next(vocabulary))];
        ids[0] = vocabulary - 1;
        ids[^1] = 0;
        return ids;
    }
}
