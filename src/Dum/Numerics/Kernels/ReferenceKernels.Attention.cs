namespace Dum.Numerics.Kernels;

sealed unsafe partial class ReferenceKernels
{
    public override void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y)
    {
        for (int row = 0; row < qkv.Rows; row++)
            for (int h = 0; h < shape.Heads; h++)
            {
                (int first, double[] p) = Probabilities(qkv, length, shape, row, h);
                for (int i = 0; i < shape.HeadSize; i++)
                {
                    double sum = 0;
                    for (int j = 0; j < p.Length; j++)
                        sum += p[j] * Value(qkv, shape, first + j, h)[i];
                    y.Row(row)[(h * shape.HeadSize) + i] = (float)sum;
                }
            }
    }

    public override void AttentionBackward(Matrix qkv, int length, AttentionShape shape, Matrix dy, Matrix dqkv)
    {
        double[] d = new double[(long)qkv.Rows * qkv.Columns];
        for (int row = 0; row < qkv.Rows; row++)
            for (int h = 0; h < shape.Heads; h++)
            {
                (int first, double[] p) = Probabilities(qkv, length, shape, row, h);
                float* dOut = dy.Row(row) + (h * shape.HeadSize);
                double[] dp = new double[p.Length];
                double mean = 0;
                for (int j = 0; j < p.Length; j++)
                {
                    for (int i = 0; i < shape.HeadSize; i++)
                        dp[j] += (double)dOut[i] * Value(qkv, shape, first + j, h)[i];
                    mean += p[j] * dp[j];
                }
                int kv = h / shape.Group;
                for (int j = 0; j < p.Length; j++)
                    for (int i = 0; i < shape.HeadSize; i++)
                    {
                        double ds = p[j] * (dp[j] - mean) * shape.Scale;
                        long other = (long)(first + j) * qkv.Columns;
                        int key = shape.QueryWidth + (kv * shape.HeadSize) + i;
                        d[((long)row * qkv.Columns) + (h * shape.HeadSize) + i] += ds * qkv.Row(first + j)[key];
                        d[other + key] += ds * qkv.Row(row)[(h * shape.HeadSize) + i];
                        d[other + key + shape.KeyWidth] += p[j] * dOut[i];
                    }
            }
        for (int row = 0; row < qkv.Rows; row++)
            for (int i = 0; i < qkv.Columns; i++)
                dqkv.Row(row)[i] = (float)d[((long)row * qkv.Columns) + i];
    }

    static float* Value(Matrix qkv, AttentionShape shape, int row, int head) =>
        qkv.Row(row) + shape.QueryWidth + shape.KeyWidth + (head / shape.Group * shape.HeadSize);

    /// <summary>The probabilities of one query, and the row of the first position it sees.</summary>
    static (int First, double[] P) Probabilities(Matrix qkv, int length, AttentionShape shape, int row, int head)
    {
        int start = row / length * length, first = start + shape.First(row - start);
        double[] p = new double[row - first + 1];
        float* q = qkv.Row(row) + (head * shape.HeadSize);
        double max = double.NegativeInfinity, sum = 0;
        for (int j = 0; j < p.Length; j++)
        {
            float* k = qkv.Row(first + j) + shape.QueryWidth + (head / shape.Group * shape.HeadSize);
            for (int i = 0; i < shape.HeadSize; i++)
                p[j] += (double)q[i] * k[i];
            p[j] *= shape.Scale;
            max = Math.Max(max, p[j]);
        }
        for (int j = 0; j < p.Length; j++)
            sum += p[j] = Math.Exp(p[j] - max);
        for (int j = 0; j < p.Length; j++)
            p[j] /= sum;
        return (first, p);
    }
}
