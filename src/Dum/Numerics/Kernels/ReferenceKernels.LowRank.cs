namespace Dum.Numerics.Kernels;

sealed unsafe partial class ReferenceKernels
{
    public override void AddLowRank(Matrix x, LowRankRows[] groups, int count, Matrix reduced, Matrix y)
    {
        foreach (LowRankRows group in groups.AsSpan(0, count))
            foreach (LowRankPart part in group.Parts)
                for (int r = group.Row; r < group.Row + group.Rows; r++)
                {
                    float[] b = new float[part.A.Rank];
                    for (int k = 0; k < b.Length; k++)
                    {
                        float* a = part.A.Vector(k / LowRankInput.Lanes) + (k % LowRankInput.Lanes);
                        double sum = 0;
                        for (int i = 0; i < part.A.Inputs; i++)
                            sum += (double)x.Row(r)[i] * a[i * part.A.Step];
                        reduced.Row(r)[k] = (float)(sum * part.Scale);
                    }
                    for (int n = 0; n < part.B.Outputs; n++)
                    {
                        part.B.GetRow(n, b);
                        double sum = y.Row(r)[part.Column + n];
                        for (int k = 0; k < b.Length; k++)
                            sum += (double)reduced.Row(r)[k] * b[k];
                        y.Row(r)[part.Column + n] = (float)sum;
                    }
                }
    }

    public override void Scale(Matrix x, float factor)
    {
        for (int r = 0; r < x.Rows; r++)
            for (int i = 0; i < x.Columns; i++)
                x.Row(r)[i] *= factor;
    }
}
