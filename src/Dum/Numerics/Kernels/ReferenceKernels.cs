namespace Dum.Numerics.Kernels;

/// <summary>Every kernel once more, plainly and in doubles: what the fast ones are compared with. Slow, allocates, one thread.</summary>
sealed unsafe partial class ReferenceKernels : KernelTable
{
    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y)
    {
        for (int r = 0; r < y.Rows; r++)
            table.GetRow(ids[r], new Span<float>(y.Row(r), y.Columns));
    }

    public override void EmbedBackward(ReadOnlySpan<int> ids, Matrix dy, PackedWeights dTable)
    {
        for (int r = 0; r < dy.Rows; r++)
            for (int i = 0; i < dy.Columns; i++)
                *Weight(dTable, ids[r], i) += dy.Row(r)[i];
    }

    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse)
    {
        for (int r = 0; r < x.Rows; r++)
        {
            double sum = 0;
            for (int i = 0; i < x.Columns; i++)
                sum += (double)x.Row(r)[i] * x.Row(r)[i];
            double factor = 1 / Math.Sqrt((sum / x.Columns) + epsilon);
            inverse[r] = (float)factor;
            for (int i = 0; i < x.Columns; i++)
                y.Row(r)[i] = (float)(x.Row(r)[i] * factor * gain[i]);
        }
    }

    public override void NormBackward(Matrix x, float* gain, float* inverse, Matrix dy, Matrix dx, float* dGain, bool add)
    {
        for (int r = 0; r < x.Rows; r++)
        {
            float* a = x.Row(r), d = dy.Row(r), to = dx.Row(r);
            double factor = inverse[r], pull = 0;
            for (int i = 0; i < x.Columns; i++)
            {
                if (dGain is not null)
                    dGain[i] = (float)(dGain[i] + (d[i] * a[i] * factor));
                pull += (double)gain[i] * d[i] * a[i];
            }
            pull *= factor * factor * factor / x.Columns;
            for (int i = 0; i < x.Columns; i++)
                to[i] = (float)((add ? to[i] : 0.0) + (gain[i] * d[i] * factor) - (a[i] * pull));
        }
    }

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        float[] row = new float[w.Inputs];
        for (int n = 0; n < w.Outputs; n++)
        {
            w.GetRow(n, row);
            for (int r = 0; r < x.Rows; r++)
            {
                double sum = 0;
                for (int i = 0; i < row.Length; i++)
                    sum += (double)x.Row(r)[i] * row[i];
                y.Row(r)[n] = (float)(sum + (bias is null ? 0 : bias[n]));
            }
        }
    }

    public override void LinearInput(Matrix dy, PackedWeights transposed, Matrix dx, bool add = false)
    {
        for (int n = 0; n < transposed.Outputs; n++)
            for (int r = 0; r < dy.Rows; r++)
            {
                double sum = add ? dx.Row(r)[n] : 0;
                for (int i = 0; i < transposed.Inputs; i++)
                    sum += (double)dy.Row(r)[i] * *Weight(transposed, n, i);
                dx.Row(r)[n] = (float)sum;
            }
    }

    public override void LinearWeights(Matrix x, Matrix dy, PackedWeights dw, bool add)
    {
        for (int n = 0; n < dw.Outputs; n++)
            for (int i = 0; i < dw.Inputs; i++)
            {
                double sum = add ? *Weight(dw, n, i) : 0;
                for (int r = 0; r < x.Rows; r++)
                    sum += (double)x.Row(r)[i] * dy.Row(r)[n];
                *Weight(dw, n, i) = (float)sum;
            }
    }

    public override void BiasBackward(Matrix dy, float* dBias, bool add)
    {
        for (int n = 0; n < dy.Columns; n++)
        {
            double sum = add ? dBias[n] : 0;
            for (int r = 0; r < dy.Rows; r++)
                sum += dy.Row(r)[n];
            dBias[n] = (float)sum;
        }
    }

    public override void Transpose(PackedWeights w, PackedWeights transposed)
    {
        float[] row = new float[w.Inputs];
        for (int n = 0; n < w.Outputs; n++)
        {
            w.GetRow(n, row);
            for (int i = 0; i < w.Inputs; i++)
                *Weight(transposed, i, n) = row[i];
        }
    }

    public override void Add(Matrix a, Matrix b, Matrix y)
    {
        for (int r = 0; r < y.Rows; r++)
            for (int i = 0; i < y.Columns; i++)
                y.Row(r)[i] = a.Row(r)[i] + b.Row(r)[i];
    }

    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back)
    {
        for (int r = 0; r < x.Rows; r++)
            for (int h = 0; h < heads; h++)
                for (int i = 0; i < table.Half; i++)
                {
                    float* a = x.Row(r) + (h * 2 * table.Half) + i, b = a + table.Half;
                    double cos = table.Cos(positions[r])[i], sin = table.Sin(positions[r])[i] * (back ? -1.0 : 1.0), u = *a, v = *b;
                    *a = (float)((u * cos) - (v * sin));
                    *b = (float)((u * sin) + (v * cos));
                }
    }

    public override void SwiGlu(Matrix x, Matrix y)
    {
        for (int r = 0; r < y.Rows; r++)
            for (int i = 0; i < y.Columns; i++)
            {
                double gate = x.Row(r)[i], up = x.Row(r)[y.Columns + i];
                y.Row(r)[i] = (float)(gate / (1 + Math.Exp(-gate)) * up);
            }
    }

    public override void SwiGluBackward(Matrix x, Matrix dy, Matrix dx)
    {
        for (int r = 0; r < dy.Rows; r++)
            for (int i = 0; i < dy.Columns; i++)
            {
                double gate = x.Row(r)[i], up = x.Row(r)[dy.Columns + i], d = dy.Row(r)[i], s = 1 / (1 + Math.Exp(-gate));
                dx.Row(r)[i] = (float)(d * up * s * (1 + (gate * (1 - s))));
                dx.Row(r)[dy.Columns + i] = (float)(d * gate * s);
            }
    }

    public override void CrossEntropy(Matrix logits, ReadOnlySpan<int> targets, float* losses, float* logSums)
    {
        for (int r = 0; r < logits.Rows; r++)
        {
            double max = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < logits.Columns; i++)
                max = Math.Max(max, logits.Row(r)[i]);
            for (int i = 0; i < logits.Columns; i++)
                sum += Math.Exp(logits.Row(r)[i] - max);
            double logSum = max + Math.Log(sum);
            logSums[r] = (float)logSum;
            losses[r] = targets[r] < 0 ? 0 : (float)(logSum - logits.Row(r)[targets[r]]);
        }
    }

    public override void CrossEntropyBackward(Matrix logits, ReadOnlySpan<int> targets, float* logSums, float scale, Matrix dLogits)
    {
        for (int r = 0; r < logits.Rows; r++)
            for (int i = 0; i < logits.Columns; i++)
                dLogits.Row(r)[i] = targets[r] < 0 ? 0 : (float)((Math.Exp((double)logits.Row(r)[i] - logSums[r]) - (i == targets[r] ? 1 : 0)) * scale);
    }

    public override void Gather(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        float[] row = new float[from.Inputs];
        for (int n = 0; n < to.Outputs; n++)
        {
            from.GetRow(ids[n], row);
            to.SetRow(n, row);
        }
    }

    public override void ScatterAdd(PackedWeights from, ReadOnlySpan<int> ids, PackedWeights to)
    {
        for (int n = 0; n < from.Outputs; n++)
            for (int i = 0; i < from.Inputs; i++)
                *Weight(to, ids[n], i) += *Weight(from, n, i);
    }

    public override void MaskCandidates(Matrix logits, ReadOnlySpan<int> ids, int drawn, ReadOnlySpan<float> logCounts, ReadOnlySpan<int> targets, ReadOnlySpan<int> columns)
    {
        for (int r = 0; r < logits.Rows; r++)
            for (int i = 0; i < logits.Columns; i++)
            {
                bool counts = i < drawn ? ids[i] != targets[r] : i == columns[r];
                logits.Row(r)[i] = counts ? (float)((double)logits.Row(r)[i] - logCounts[i]) : float.NegativeInfinity;
            }
    }

    public override void Orthogonalise(Matrix x)
    {
        int n = x.Rows, k = x.Columns;
        double[,] a = new double[n, k], gram = new double[n, n], mix = new double[n, n];
        double size = 0;
        for (int r = 0; r < n; r++)
            for (int i = 0; i < k; i++)
                size += (a[r, i] = x.Row(r)[i]) * a[r, i];
        for (int r = 0; r < n; r++)
            for (int i = 0; i < k; i++)
                a[r, i] /= Math.Sqrt(size) + 1e-7;
        for (int step = 0; step < NewtonSchulz.Steps; step++)
        {
            for (int r = 0; r < n; r++)
                for (int c = 0; c < n; c++)
                {
                    gram[r, c] = 0;
                    for (int i = 0; i < k; i++)
                        gram[r, c] += a[r, i] * a[c, i];
                }
            for (int r = 0; r < n; r++)
                for (int c = 0; c < n; c++)
                {
                    double sum = 0;
                    for (int i = 0; i < n; i++)
                        sum += gram[r, i] * gram[i, c];
                    mix[r, c] = (NewtonSchulz.B * gram[r, c]) + (NewtonSchulz.C * sum);
                }
            double[,] next = new double[n, k];
            for (int r = 0; r < n; r++)
                for (int i = 0; i < k; i++)
                {
                    next[r, i] = NewtonSchulz.A * a[r, i];
                    for (int c = 0; c < n; c++)
                        next[r, i] += mix[r, c] * a[c, i];
                }
            a = next;
        }
        for (int r = 0; r < n; r++)
            for (int i = 0; i < k; i++)
                x.Row(r)[i] = (float)a[r, i];
    }

    public override double SumOfSquares(float* x, long count)
    {
        double sum = 0;
        for (long i = 0; i < count; i++)
            sum += (double)x[i] * x[i];
        return sum;
    }

    public override void AdamW(float* w, float* g, float* m, float* v, long count, in AdamStep step)
    {
        for (long i = 0; i < count; i++)
        {
            double grad = (double)g[i] * step.Scale;
            m[i] = (float)((step.Beta1 * m[i]) + ((1.0 - step.Beta1) * grad));
            v[i] = (float)((step.Beta2 * v[i]) + ((1.0 - step.Beta2) * grad * grad));
            w[i] = (float)((w[i] * (1.0 - ((double)step.Rate * step.Decay))) - (step.Rate * step.Correction1 * m[i] / (Math.Sqrt(v[i] * (double)step.Correction2) + step.Epsilon)));
        }
    }

    static float* Weight(PackedWeights w, int output, int input) => (float*)w.Panel(output / 16) + (input * 16) + (output % 16);
}
