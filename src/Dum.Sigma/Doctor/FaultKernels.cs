using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Sigma.Doctor;

/// <summary>What can go wrong in the arithmetic of a run.</summary>
public enum FaultKind
{
    /// <summary>One number of one result is the next float.</summary>
    Ulp,

    /// <summary>From some walk on a product sums its terms from the last to the first.</summary>
    Order,

    /// <summary>From some walk on a result is rounded to bfloat16.</summary>
    Format,

    /// <summary>A product sums its terms from the last to the first in calls with many rows.</summary>
    Batch,
}

/// <summary>A fault to be put into a run on purpose, to see whether it is found.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Operation">Where, by its name; for <see cref="FaultKind.Order"/> and <see cref="FaultKind.Batch"/> a product.</param>
/// <param name="At">The first walk that is touched, from 1; for <see cref="FaultKind.Batch"/> the least number of rows.</param>
/// <param name="Row">For <see cref="FaultKind.Ulp"/>: which row, modulo how many there are.</param>
/// <param name="Column">For <see cref="FaultKind.Ulp"/>: which number of it, modulo how many there are.</param>
public sealed record Fault(FaultKind Kind, string Operation, int At, int Row = 0, int Column = 0);

/// <summary>Where a fault first changed a bit.</summary>
/// <param name="Walk">The walk, from 1.</param>
/// <param name="Rows">Rows of the call.</param>
/// <param name="Row">The row.</param>
/// <param name="Column">The number in it.</param>
sealed record FaultSite(int Walk, int Rows, int Row, int Column);

/// <summary>A table with a fault.</summary>
/// <param name="inner">The sound one.</param>
/// <param name="weights">Of the model.</param>
/// <param name="fault">What goes wrong.</param>
sealed unsafe class FaultKernels(KernelTable inner, FrozenWeights weights, Fault fault) : NamedKernels(inner, weights)
{
    bool _done;

    /// <summary>Where a bit was first changed; null as long as none was.</summary>
    public FaultSite? First { get; private set; }

    protected override void SeeProduct(NamedOperation operation, Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        bool hit = fault.Kind switch { FaultKind.Order => Walks >= fault.At, FaultKind.Batch => y.Rows >= fault.At, _ => false };
        if (!hit || operation.Name != fault.Operation)
            return;
        var row = new float[w.Inputs];
        for (int o = 0; o < w.Outputs; o++)
        {
            w.GetRow(o, row);
            for (int r = 0; r < y.Rows; r++)
            {
                float sum = 0;
                for (int i = row.Length - 1; i >= 0; i--)
                    sum = MathF.FusedMultiplyAdd(x.Row(r)[i], row[i], sum);
                Put(y, r, o, bias is null ? sum : sum + bias[o]);
            }
        }
    }

    protected override void See(NamedOperation operation, Matrix y)
    {
        if (operation.Name != fault.Operation || Walks < fault.At)
            return;
        if (fault.Kind == FaultKind.Ulp && !_done)
        {
            int row = fault.Row % y.Rows, column = fault.Column % y.Columns;
            Put(y, row, column, MathF.BitIncrement(y.Row(row)[column]));
            _done = true;
        }
        else if (fault.Kind == FaultKind.Format)
            for (int r = 0; r < y.Rows; r++)
                for (int c = 0; c < y.Columns; c++)
                    Put(y, r, c, Numerics.Formats.BFloat16.ToSingle(Numerics.Formats.BFloat16.FromSingle(y.Row(r)[c])));
    }

    void Put(Matrix y, int row, int column, float value)
    {
        ref float at = ref y.Row(row)[column];
        if (BitConverter.SingleToUInt32Bits(at) == BitConverter.SingleToUInt32Bits(value))
            return;
        at = value;
        // Products are changed column by column: the first in the order of reading is kept.
        if (First is null || (First.Walk == Walks && (row, column).CompareTo((First.Row, First.Column)) < 0))
            First = new FaultSite(Walks, y.Rows, row, column);
    }
}
