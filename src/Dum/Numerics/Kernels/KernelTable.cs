namespace Dum.Numerics.Kernels;

/// <summary>
/// The narrow table that every operation computes through. Implementations: <see cref="CpuKernels"/> (fast),
/// <see cref="ReferenceKernels"/> (plain, in doubles), <see cref="TimedKernels"/> (observes another). Views are trusted:
/// whoever built them has checked them. A table for another device takes the same calls with addresses of its own memory.
/// </summary>
/// <remarks>Names: x input, y output, w weights; d is the gradient of what follows it. Rows are positions of all sequences.</remarks>
abstract unsafe class KernelTable
{
    /// <summary>y[r] = row ids[r] of the table.</summary>
    public abstract void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y);

    /// <summary>Row ids[r] of the table's gradient += dy[r], in order of r.</summary>
    public abstract void EmbedBackward(ReadOnlySpan<int> ids, Matrix dy, PackedWeights dTable);

    /// <summary>y = x · gain / √(mean x² + epsilon), row by row (RMSNorm, arXiv 1910.07467); inverse[r] keeps the factor. y may be x.</summary>
    public abstract void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse);

    /// <summary>dx = …, or dx += …; dGain += …, unless it is null.</summary>
    public abstract void NormBackward(Matrix x, float* gain, float* inverse, Matrix dy, Matrix dx, float* dGain, bool add);

    /// <summary>y = x·Wᵀ + bias; bias may be null.</summary>
    public abstract void Linear(Matrix x, PackedWeights w, float* bias, Matrix y);

    /// <summary>dx = dy·W, or dx += dy·W, with W given transposed by <see cref="Transpose"/>.</summary>
    public abstract void LinearInput(Matrix dy, PackedWeights transposed, Matrix dx, bool add = false);

    /// <summary>dW = dyᵀ·x, or dW += dyᵀ·x.</summary>
    public abstract void LinearWeights(Matrix x, Matrix dy, PackedWeights dw, bool add);

    /// <summary>dBias = Σ dy over rows, or dBias += ….</summary>
    public abstract void BiasBackward(Matrix dy, float* dBias, bool add);

    /// <summary>The same weights with outputs and inputs exchanged, as floats whatever their format.</summary>
    public abstract void Transpose(PackedWeights w, PackedWeights transposed);

    /// <summary>
    /// For the first <paramref name="count"/> groups of rows: y += scale·(x·Aᵀ)·Bᵀ in the columns of each part (LoRA, arXiv
    /// 2106.09685; many adapters in one batch, arXiv 2310.18547). A row's bits do not depend on the other rows or groups.
    /// <paramref name="reduced"/> takes scale·x·Aᵀ of the last part: as many rows as x, as wide as the largest rank, padded.
    /// </summary>
    public abstract void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y);

    /// <summary>x ·= factor.</summary>
    public abstract void Scale(Matrix x, float factor);

    /// <summary>y = a + b.</summary>
    public abstract void Add(Matrix a, Matrix b, Matrix y);

    /// <summary>to[r] = from[rows[r]], or zeros where rows[r] is below 0.</summary>
    public abstract void TakeRows(Matrix from, ReadOnlySpan<int> rows, Matrix to);

    /// <summary>y[r] = x[r] + from[rows[r]], or x[r] where rows[r] is below 0. y may be x.</summary>
    public abstract void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y);

    /// <summary>to[n] = Σ of from[r] over all r with rows[r] = n, in order of r.</summary>
    public abstract void SumRows(Matrix from, ReadOnlySpan<int> rows, Matrix to);

    /// <summary>
    /// Turns the pairs (i, i + size/2) of every head in place by the angle of the row's position (RoPE, arXiv 2104.09864);
    /// <paramref name="back"/> turns the other way. Tables: [position][size/2].
    /// </summary>
    public abstract void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back);

    /// <summary>y = silu(gate)·up, with gate and up beside each other in x (SwiGLU, arXiv 2002.05202).</summary>
    public abstract void SwiGlu(Matrix x, Matrix y);

    /// <summary>dx of <see cref="SwiGlu"/>.</summary>
    public abstract void SwiGluBackward(Matrix x, Matrix dy, Matrix dx);

    /// <summary>Causal attention inside each of rows/length sequences; q, k, v beside each other in qkv.</summary>
    public abstract void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y);

    /// <summary>The gradient of <see cref="Attention"/>; recomputes the probabilities.</summary>
    public abstract void AttentionBackward(Matrix qkv, int length, AttentionShape shape, Matrix dy, Matrix dqkv);

    /// <summary>losses[r] = −log softmax(logits[r])[target]; logSums[r] keeps the logarithm of the sum. A target below 0 counts nothing.</summary>
    public abstract void CrossEntropy(Matrix logits, ReadOnlySpan<int> targets, float* losses, float* logSums);

    /// <summary>dLogits = (softmax − one-hot)·scale; may be the logits themselves.</summary>
    public abstract void CrossEntropyBackward(Matrix logits, ReadOnlySpan<int> targets, float* logSums, float scale, Matrix dLogits);

    /// <summary>Row i of the float weights <paramref name="to"/> = row ids[i] of <paramref name="from"/>.</summary>
    public abstract void Gather(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to);

    /// <summary>Row ids[i] of <paramref name="to"/> += row i of <paramref name="from"/>, in order of i.</summary>
    public abstract void ScatterAdd(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to);

    /// <summary>
    /// Logits of candidates become those of a sampled softmax: the logarithm of a candidate's expected count is taken off;
    /// −∞ where a drawn id is the row's own target, and for targets of other rows, which stand behind the drawn ones.
    /// </summary>
    public abstract void MaskCandidates(Matrix logits, ReadOnlySpan<int> ids, int drawn, ReadOnlySpan<float> logCounts, ReadOnlySpan<int> targets, ReadOnlySpan<int> columns);

    /// <summary>Brings x, which has no more rows than columns, near to a matrix with orthonormal rows (Newton and Schulz, <see cref="NewtonSchulz"/>).</summary>
    public abstract void Orthogonalise(Matrix x);

    /// <summary>Σ x², in double.</summary>
    public abstract double SumOfSquares(float* x, long count);

    /// <summary>One AdamW step (arXiv 1711.05101) on some parameters.</summary>
    public abstract void AdamW(float* w, float* g, float* m, float* v, long count, in AdamStep step);
}

/// <summary>The sizes of attention.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads; divides Heads.</param>
/// <param name="HeadSize">Channels per head.</param>
/// <param name="Window">Positions that a query sees, itself included; 0 for all.</param>
sealed record AttentionShape(int Heads, int KeyValueHeads, int HeadSize, int Window)
{
    public int QueryWidth => Heads * HeadSize;
    public int KeyWidth => KeyValueHeads * HeadSize;
    public int Group => Heads / KeyValueHeads;
    public float Scale { get; } = (float)(1 / Math.Sqrt(HeadSize));

    /// <summary>The first position that a query at <paramref name="position"/> sees.</summary>
    public int First(int position) => Window == 0 ? 0 : Math.Max(0, position - Window + 1);
}

/// <summary>What one AdamW step needs beside the numbers.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Beta2">Decay of the mean square.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">Weight decay, times the rate.</param>
/// <param name="Correction1">1 / (1 − β₁ᵗ).</param>
/// <param name="Correction2">1 / (1 − β₂ᵗ).</param>
/// <param name="Scale">Every gradient is multiplied by it first (clipping).</param>
readonly record struct AdamStep(float Rate, float Beta1, float Beta2, float Epsilon, float Decay, float Correction1, float Correction2, float Scale);
