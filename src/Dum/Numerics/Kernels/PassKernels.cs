namespace Dum.Numerics.Kernels;

/// <summary>Hands every call on to another table: what looks at, records or changes a few of them derives from this.</summary>
/// <param name="inner">Does the work.</param>
abstract unsafe class PassKernels(KernelTable inner) : KernelTable
{
    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y) => inner.Embed(ids, table, y);

    public override void EmbedBackward(ReadOnlySpan<int> ids, Matrix dy, PackedWeights dTable) => inner.EmbedBackward(ids, dy, dTable);

    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse) => inner.Norm(x, gain, epsilon, y, inverse);

    public override void NormBackward(Matrix x, float* gain, float* inverse, Matrix dy, Matrix dx, float* dGain, bool add) => inner.NormBackward(x, gain, inverse, dy, dx, dGain, add);

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y) => inner.Linear(x, w, bias, y);

    public override void LinearInput(Matrix dy, PackedWeights transposed, Matrix dx, bool add = false) => inner.LinearInput(dy, transposed, dx, add);

    public override void LinearWeights(Matrix x, Matrix dy, PackedWeights dw, bool add) => inner.LinearWeights(x, dy, dw, add);

    public override void BiasBackward(Matrix dy, float* dBias, bool add) => inner.BiasBackward(dy, dBias, add);

    public override void Transpose(PackedWeights w, PackedWeights transposed) => inner.Transpose(w, transposed);

    public override void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y) => inner.AddLowRank(x, groups, count, reduced, y);

    public override void Scale(Matrix x, float factor) => inner.Scale(x, factor);

    public override void Add(Matrix a, Matrix b, Matrix y) => inner.Add(a, b, y);

    public override void TakeRows(Matrix from, ReadOnlySpan<int> rows, Matrix to) => inner.TakeRows(from, rows, to);

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y) => inner.AddRows(x, from, rows, y);

    public override void SumRows(Matrix from, ReadOnlySpan<int> rows, Matrix to) => inner.SumRows(from, rows, to);

    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back) => inner.Rotate(x, heads, table, positions, back);

    public override void SwiGlu(Matrix x, Matrix y) => inner.SwiGlu(x, y);

    public override void SwiGluBackward(Matrix x, Matrix dy, Matrix dx) => inner.SwiGluBackward(x, dy, dx);

    public override void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y) => inner.Attention(qkv, length, shape, y);

    public override void AttentionBackward(Matrix qkv, int length, AttentionShape shape, Matrix dy, Matrix dqkv) => inner.AttentionBackward(qkv, length, shape, dy, dqkv);

    public override void CrossEntropy(Matrix logits, ReadOnlySpan<int> targets, float* losses, float* logSums) => inner.CrossEntropy(logits, targets, losses, logSums);

    public override void CrossEntropyBackward(Matrix logits, ReadOnlySpan<int> targets, float* logSums, float scale, Matrix dLogits) => inner.CrossEntropyBackward(logits, targets, logSums, scale, dLogits);

    public override void Gather(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to) => inner.Gather(from, ids, to);

    public override void ScatterAdd(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to) => inner.ScatterAdd(from, ids, to);

    public override void MaskCandidates(Matrix logits, ReadOnlySpan<int> ids, int drawn, ReadOnlySpan<float> logCounts, ReadOnlySpan<int> targets, ReadOnlySpan<int> columns) => inner.MaskCandidates(logits, ids, drawn, logCounts, targets, columns);

    public override void Orthogonalise(Matrix x) => inner.Orthogonalise(x);

    public override double SumOfSquares(float* x, long count) => inner.SumOfSquares(x, count);

    public override void AdamW(float* w, float* g, float* m, float* v, long count, in AdamStep step) => inner.AdamW(w, g, m, v, count, step);
}
