using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// Products with float weights. The table promises one chain of fused multiply-adds over k for every output, so a scalar
/// chain must give the same bits: for every batch, and therefore for a row alone and in company.
/// </summary>
public unsafe class LinearTests
{
    /// <summary>Rows on both sides of every tile height, of the first split of rows (64) and of a block of rows (192).</summary>
    static readonly int[] s_rows = [.. Enumerable.Range(1, 40), 64, 65, 193, 256];

    /// <summary>Sizes off the multiples of 16; inputs above 256 take two slices of a panel.</summary>
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 7, 130 }, { 33, 17 }, { 96, 64 }, { 300, 40 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Float_weights_give_the_chain_on_every_path(int inputs, int outputs) => Forward(WeightFormat.F32, inputs, outputs);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Half_weights_give_the_chain_on_every_path(int inputs, int outputs) => Forward(WeightFormat.BF16, inputs, outputs);

    static void Forward(WeightFormat format, int inputs, int outputs)
    {
        using Sheet x = Sheet.Random(inputs, s_rows[^1], inputs), bias = Sheet.Random(outputs, 1, outputs);
        using PackedWeights weights = Weights.Random(3, format, outputs, inputs);
        using Sheet w = Weights.Rows(weights), expected = Chain(x, w), plain = new(x.Rows, outputs);
        new ReferenceKernels().Linear(x, weights, null, plain);
        for (int r = 0; r < x.Rows; r++)
            for (int n = 0; n < outputs; n++)
                Bits.Near(plain[r][n], expected[r][n], Rounding(x[r], w[n]), $"row {r}, output {n}");
        foreach ((string name, CpuKernels kernels) in Grid.All())
            foreach (int rows in s_rows)
            {
                using Sheet y = new(rows, outputs), biased = new(rows, outputs);
                kernels.Linear(x.View.Part(0, rows), weights, null, y);
                y.IsIntact();
                for (int r = 0; r < rows; r++)
                    Bits.Same(expected[r], y[r], $"{name}, {rows} rows, row {r}");
                kernels.Linear(x.View.Part(0, rows), weights, bias.Data, biased);
                biased.IsIntact();
                for (int r = 0; r < rows; r++)
                    for (int n = 0; n < outputs; n++)
                        if (biased[r][n] != expected[r][n] + bias[0][n])
                            Assert.Fail($"{name}, {rows} rows: bias of row {r}, output {n}");
            }
    }

    /// <summary>dx = dy·W is the same product with the weights transposed, and must be the chain over outputs.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Input_gradient_is_the_chain_over_outputs(int inputs, int outputs)
    {
        using Sheet dy = Sheet.Random(inputs, 70, outputs);
        using PackedWeights weights = Weights.Random(4, WeightFormat.F32, outputs, inputs);
        using Sheet w = Weights.Rows(weights), turned = new(inputs, outputs);
        for (int n = 0; n < outputs; n++)
            for (int i = 0; i < inputs; i++)
                turned[i][n] = w[n][i];
        using Sheet expected = Chain(dy, turned);
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            using PackedWeights transposed = PackedWeights.Allocate(WeightFormat.F32, inputs, outputs);
            kernels.Transpose(weights, transposed);
            Assert.True(Weights.PaddingIsZero(transposed));
            using Sheet dx = new(dy.Rows, inputs), back = Weights.Rows(transposed);
            back.IsSame(turned, $"{name}, transposed");
            kernels.LinearInput(dy, transposed, dx);
            dx.IsIntact();
            dx.IsSame(expected, name);
        }
    }

    [Fact]
    public void Transposing_twice_is_nothing()
    {
        foreach ((int outputs, int inputs) in new[] { (1, 1), (16, 16), (17, 33), (5, 100), (100, 5) })
            foreach ((string name, CpuKernels kernels) in Grid.All())
            {
                using PackedWeights w = Weights.Random(9, WeightFormat.F32, outputs, inputs);
                using PackedWeights once = PackedWeights.Allocate(WeightFormat.F32, inputs, outputs), twice = PackedWeights.Allocate(WeightFormat.F32, outputs, inputs);
                kernels.Transpose(w, once);
                kernels.Transpose(once, twice);
                Assert.True(new Span<byte>(w.Data, (int)w.Bytes).SequenceEqual(new Span<byte>(twice.Data, (int)twice.Bytes)), name);
            }
    }

    /// <summary>dW = dyᵀ·x is a chain over rows in order, from zero or from what stands there.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Weight_gradient_is_the_chain_over_rows(int inputs, int outputs)
    {
        foreach (int rows in new[] { 1, 2, 37, 257, 520 })
            foreach (bool add in new[] { false, true })
            {
                using Sheet x = Sheet.Random(rows, rows, inputs), dy = Sheet.Random(rows + 1, rows, outputs), before = Sheet.Random(5, outputs, inputs);
                using Sheet expected = add ? before.Copy() : new Sheet(outputs, inputs);
                for (int r = 0; r < rows; r++)
                    for (int n = 0; n < outputs; n++)
                        for (int i = 0; i < inputs; i++)
                            expected[n][i] = MathF.FusedMultiplyAdd(x.View.Row(r)[i], dy.View.Row(r)[n], expected[n][i]);
                foreach ((string name, CpuKernels kernels) in Grid.All())
                {
                    using PackedWeights dw = Weights.Of(before);
                    kernels.LinearWeights(x, dy, dw, add);
                    Assert.True(Weights.PaddingIsZero(dw));
                    using Sheet found = Weights.Rows(dw);
                    found.IsSame(expected, $"{name}, {rows} rows, add {add}");
                }
            }
    }

    [Fact]
    public void Bias_gradient_is_the_sum_over_rows_in_order()
    {
        foreach (int columns in new[] { 1, 7, 8, 9, 40, 130 })
            foreach (bool add in new[] { false, true })
            {
                using Sheet dy = Sheet.Random(columns, 67, columns), before = Sheet.Random(1, 1, columns);
                using Sheet expected = add ? before.Copy() : new Sheet(1, columns);
                for (int r = 0; r < dy.Rows; r++)
                    for (int n = 0; n < columns; n++)
                        expected[0][n] += dy[r][n];
                foreach ((string name, CpuKernels kernels) in Grid.All())
                {
                    using Sheet found = before.Copy();
                    kernels.BiasBackward(dy, found.Data, add);
                    found.IsIntact();
                    found.IsSame(expected, name);
                }
            }
    }

    /// <summary>Many sizes against one thread, so that a piece done twice or not at all, or scratch that two threads share, shows itself.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Any_shape_gives_the_same_bits_on_threads(int threads)
    {
        var random = new Random(threads);
        var one = new CpuKernels(Grid.Pool(1));
        var many = new CpuKernels(Grid.Pool(threads));
        for (int round = 0; round < 150; round++)
        {
            int rows = random.Next(1, 1 + random.Next(1, 300)), inputs = random.Next(1, 150), outputs = random.Next(1, 300);
            using Sheet x = Sheet.Random(round, rows, inputs, gap: random.Next(3) * 16);
            foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
            {
                using PackedWeights w = Weights.Random(round, format, outputs, inputs);
                using Sheet expected = new(rows, outputs), y = new(rows, outputs, random.Next(3) * 16);
                one.Linear(x, w, null, expected);
                many.Linear(x, w, null, y);
                y.IsIntact();
                y.IsSame(expected, $"{rows} × {inputs} × {outputs} {format}");
            }
        }
    }

    [Fact]
    public void Nothing_in_is_nothing_out()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
            foreach ((_, CpuKernels kernels) in Grid.All())
            {
                using PackedWeights w = Weights.Random(1, format, 20, 40);
                using Sheet x = new(0, 40), y = new(0, 20);
                kernels.Linear(x, w, null, y);
                y.IsIntact();
            }
    }

    /// <summary>x·Wᵀ, every output one chain over k in order.</summary>
    static Sheet Chain(Sheet x, Sheet w)
    {
        var y = new Sheet(x.Rows, w.Rows);
        for (int r = 0; r < x.Rows; r++)
            for (int n = 0; n < w.Rows; n++)
            {
                float* a = x.View.Row(r), b = w.View.Row(n);
                float sum = 0;
                for (int k = 0; k < x.Columns; k++)
                    sum = MathF.FusedMultiplyAdd(a[k], b[k], sum);
                y.View.Row(r)[n] = sum;
            }
        return y;
    }

    /// <summary>What K roundings can amount to at worst: K·2⁻²⁴·Σ|x·w| (Higham, "Accuracy and Stability", 3.1), and one of the result.</summary>
    static double Rounding(ReadOnlySpan<float> x, ReadOnlySpan<float> w)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += Math.Abs((double)x[i] * w[i]);
        return (x.Length + 1) * sum / (1 << 24);
    }
}
