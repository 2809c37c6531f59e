namespace Dum.Numerics.Kernels;

sealed unsafe partial class ReferenceKernels
{
    public override void TakeRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        for (int r = 0; r < to.Rows; r++)
            for (int i = 0; i < to.Columns; i++)
                to.Row(r)[i] = rows[r] < 0 ? 0 : from.Row(rows[r])[i];
    }

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y)
    {
        for (int r = 0; r < y.Rows; r++)
            for (int i = 0; i < y.Columns; i++)
                y.Row(r)[i] = x.Row(r)[i] + (rows[r] < 0 ? 0 : from.Row(rows[r])[i]);
    }

    public override void SumRows(Matrix from, ReadOnlySpan<int> rows, Matrix to)
    {
        for (int n = 0; n < to.Rows; n++)
            for (int i = 0; i < to.Columns; i++)
            {
                double sum = 0;
                for (int r = 0; r < from.Rows; r++)
                    if (rows[r] == n)
                        sum += from.Row(r)[i];
                to.Row(n)[i] = (float)sum;
            }
    }
}
