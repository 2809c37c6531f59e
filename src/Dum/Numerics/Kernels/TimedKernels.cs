using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Dum.Numerics.Kernels;

/// <summary>What one kind of call has cost so far.</summary>
/// <param name="Name">The kernel and the shape of its work.</param>
/// <param name="Calls">How often.</param>
/// <param name="Seconds">On the wall.</param>
/// <param name="Flops">Floating-point operations, a fused multiply-add counted as two.</param>
/// <param name="Bytes">Bytes that must be read and written at least once.</param>
public sealed record KernelCost(string Name, long Calls, double Seconds, double Flops, double Bytes);

/// <summary>Another table, observed: time, operations and bytes by kernel and shape.</summary>
sealed unsafe class TimedKernels(KernelTable inner) : KernelTable
{
    readonly Dictionary<(string Kernel, long Rows, long Columns, long Other), (long Calls, long Ticks, double Flops, double Bytes)> _costs = [];

    public IEnumerable<KernelCost> Costs => _costs
        .Select(c => new KernelCost(Name(c.Key), c.Value.Calls, c.Value.Ticks / (double)Stopwatch.Frequency, c.Value.Flops, c.Value.Bytes))
        .OrderByDescending(c => c.Seconds);

    public void Clear() => _costs.Clear();

    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Embed(ids, table, y);
        Note(start, y.Rows, y.Columns, 0, 0, 2 * Floats(y));
    }

    public override void EmbedBackward(ReadOnlySpan<int> ids, Matrix dy, PackedWeights dTable)
    {
        long start = Stopwatch.GetTimestamp();
        inner.EmbedBackward(ids, dy, dTable);
        Note(start, dy.Rows, dy.Columns, 0, Floats(dy), 3 * Floats(dy));
    }

    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Norm(x, gain, epsilon, y, inverse);
        Note(start, x.Rows, x.Columns, 0, 4 * Floats(x), 2 * Floats(x));
    }

    public override void NormBackward(Matrix x, float* gain, float* inverse, Matrix dy, Matrix dx, float* dGain, bool add)
    {
        long start = Stopwatch.GetTimestamp();
        inner.NormBackward(x, gain, inverse, dy, dx, dGain, add);
        Note(start, x.Rows, x.Columns, 0, 9 * Floats(x), 4 * Floats(x));
    }

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Linear(x, w, bias, y);
        Note(start, x.Rows, w.Outputs, w.Inputs, 2 * Floats(x) * w.Outputs, (w.Bytes / 4.0) + Floats(x) + Floats(y));
    }

    public override void LinearInput(Matrix dy, PackedWeights transposed, Matrix dx, bool add = false)
    {
        long start = Stopwatch.GetTimestamp();
        inner.LinearInput(dy, transposed, dx, add);
        Note(start, dy.Rows, transposed.Outputs, transposed.Inputs, 2 * Floats(dy) * transposed.Outputs, (transposed.Bytes / 4.0) + Floats(dx) + Floats(dy));
    }

    public override void LinearWeights(Matrix x, Matrix dy, PackedWeights dw, bool add)
    {
        long start = Stopwatch.GetTimestamp();
        inner.LinearWeights(x, dy, dw, add);
        Note(start, dw.Outputs, dw.Inputs, x.Rows, 2 * Floats(x) * dw.Outputs, (dw.Bytes / 4.0 * (add ? 2 : 1)) + Floats(x) + Floats(dy));
    }

    public override void BiasBackward(Matrix dy, float* dBias, bool add)
    {
        long start = Stopwatch.GetTimestamp();
        inner.BiasBackward(dy, dBias, add);
        Note(start, dy.Rows, dy.Columns, 0, Floats(dy), Floats(dy));
    }

    public override void Transpose(PackedWeights w, PackedWeights transposed)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Transpose(w, transposed);
        Note(start, w.Outputs, w.Inputs, 0, 0, w.Bytes / 2.0);
    }

    public override void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AddLowRank(x, groups, count, reduced, y);
        double weights = 0, flops = 0;
        for (int g = 0; g < count; g++)
            foreach (LowRankPart part in groups[g].Parts)
            {
                weights += part.Bytes / 4.0;
                flops += 2.0 * groups[g].Rows * part.A.Rank * (part.A.Inputs + part.B.Outputs);
            }
        Note(start, x.Rows, x.Columns, y.Columns, flops, weights + Floats(x) + (2 * Floats(y)));
    }

    public override void Scale(Matrix x, float factor)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Scale(x, factor);
        Note(start, x.Rows, x.Columns, 0, Floats(x), 2 * Floats(x));
    }

    public override void Add(Matrix a, Matrix b, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Add(a, b, y);
        Note(start, y.Rows, y.Columns, 0, Floats(y), 3 * Floats(y));
    }

    public override void TakeRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        long start = Stopwatch.GetTimestamp();
        inner.TakeRows(from, rows, to);
        Note(start, to.Rows, to.Columns, 0, 0, 2 * Floats(to));
    }

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AddRows(x, from, rows, y);
        Note(start, y.Rows, y.Columns, 0, Floats(y), 3 * Floats(y));
    }

    public override void SumRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        long start = Stopwatch.GetTimestamp();
        inner.SumRows(from, rows, to);
        Note(start, from.Rows, from.Columns, 0, Floats(from), Floats(from) + Floats(to));
    }

    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Rotate(x, heads, table, positions, back);
        double count = (double)x.Rows * heads * table.Half * 2;
        Note(start, x.Rows, heads, table.Half * 2, 3 * count, 3 * count);
    }

    public override void SwiGlu(Matrix x, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.SwiGlu(x, y);
        Note(start, y.Rows, y.Columns, 0, 20 * Floats(y), 3 * Floats(y));
    }

    public override void SwiGluBackward(Matrix x, Matrix dy, Matrix dx)
    {
        long start = Stopwatch.GetTimestamp();
        inner.SwiGluBackward(x, dy, dx);
        Note(start, dy.Rows, dy.Columns, 0, 28 * Floats(dy), 5 * Floats(dy));
    }

    public override void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Attention(qkv, length, shape, y);
        Note(start, qkv.Rows, length, shape.QueryWidth, 2 * Pairs(qkv, length, shape), Floats(qkv) + Floats(y));
    }

    public override void AttentionBackward(Matrix qkv, int length, AttentionShape shape, Matrix dy, Matrix dqkv)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AttentionBackward(qkv, length, shape, dy, dqkv);
        Note(start, qkv.Rows, length, shape.QueryWidth, 5 * Pairs(qkv, length, shape), Floats(qkv) + Floats(dqkv) + Floats(dy));
    }

    public override void CrossEntropy(Matrix logits, ReadOnlySpan<int> targets, float* losses, float* logSums)
    {
        long start = Stopwatch.GetTimestamp();
        inner.CrossEntropy(logits, targets, losses, logSums);
        Note(start, logits.Rows, logits.Columns, 0, 20 * Floats(logits), Floats(logits));
    }

    public override void CrossEntropyBackward(Matrix logits, ReadOnlySpan<int> targets, float* logSums, float scale, Matrix dLogits)
    {
        long start = Stopwatch.GetTimestamp();
        inner.CrossEntropyBackward(logits, targets, logSums, scale, dLogits);
        Note(start, logits.Rows, logits.Columns, 0, 20 * Floats(logits), 2 * Floats(logits));
    }

    public override void Gather(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Gather(from, ids, to);
        Note(start, to.Outputs, to.Inputs, 0, 0, to.Bytes / 2.0);
    }

    public override void ScatterAdd(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        long start = Stopwatch.GetTimestamp();
        inner.ScatterAdd(from, ids, to);
        Note(start, from.Outputs, from.Inputs, 0, from.Bytes / 4.0, from.Bytes * 0.75);
    }

    public override void MaskCandidates(Matrix logits, ReadOnlySpan<int> ids, int drawn, ReadOnlySpan<float> logCounts, ReadOnlySpan<int> targets, ReadOnlySpan<int> columns)
    {
        long start = Stopwatch.GetTimestamp();
        inner.MaskCandidates(logits, ids, drawn, logCounts, targets, columns);
        Note(start, logits.Rows, logits.Columns, 0, Floats(logits), 2 * Floats(logits));
    }

    public override void Orthogonalise(Matrix x)
    {
        long start = Stopwatch.GetTimestamp();
        inner.Orthogonalise(x);
        double n = x.Rows, k = x.Columns;
        Note(start, x.Rows, x.Columns, 0, NewtonSchulz.Steps * ((4 * n * n * k) + (2 * n * n * n)), NewtonSchulz.Steps * 6 * n * k);
    }

    public override double SumOfSquares(float* x, long count)
    {
        long start = Stopwatch.GetTimestamp();
        double sum = inner.SumOfSquares(x, count);
        Note(start, count, 0, 0, 2 * count, count);
        return sum;
    }

    public override void AdamW(float* w, float* g, float* m, float* v, long count, in AdamStep step)
    {
        long start = Stopwatch.GetTimestamp();
        inner.AdamW(w, g, m, v, count, step);
        Note(start, count, 0, 0, 14 * count, 7 * count);
    }

    static double Floats(Matrix m) => (double)m.Rows * m.Columns;

    /// <summary>Multiply-adds of one attention product, twice, counting only pairs that are seen.</summary>
    static double Pairs(Matrix qkv, int length, AttentionShape shape)
    {
        double seen = 0;
        for (int i = 0; i < length; i++)
            seen += i - shape.First(i) + 1;
        return 2 * seen * (qkv.Rows / length) * shape.QueryWidth;
    }

    void Note(long start, long rows, long columns, long other, double flops, double floats, [CallerMemberName] string kernel = "")
    {
        long ticks = Stopwatch.GetTimestamp() - start;
        _costs.TryGetValue((kernel, rows, columns, other), out (long Calls, long Ticks, double Flops, double Bytes) cost);
        _costs[(kernel, rows, columns, other)] = (cost.Calls + 1, cost.Ticks + ticks, cost.Flops + flops, cost.Bytes + (4 * floats));
    }

    static string Name((string Kernel, long Rows, long Columns, long Other) key) =>
        key.Kernel + " " + string.Join("×", new[] { key.Rows, key.Columns, key.Other }.Where(n => n > 0));
}
