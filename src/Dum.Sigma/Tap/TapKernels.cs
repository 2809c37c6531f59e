using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Tap;

/// <summary>Another table, listened to: results of inference go past a tap; what only training calls is handed on.</summary>
sealed unsafe class TapKernels(KernelTable inner, ResidualTap tap) : PassKernels(inner)
{
    public override void Embed(ReadOnlySpan<int> ids, PackedWeights table, Matrix y)
    {
        tap.Begin();
        base.Embed(ids, table, y);
        tap.Round(y);
    }

    public override void Norm(Matrix x, float* gain, float epsilon, Matrix y, float* inverse)
    {
        base.Norm(x, gain, epsilon, y, inverse);
        tap.See("norm", y);
    }

    public override void Linear(Matrix x, PackedWeights w, float* bias, Matrix y)
    {
        base.Linear(x, w, bias, y);
        tap.SeeProduct(x, w, bias, y);
    }

    public override void Add(Matrix a, Matrix b, Matrix y)
    {
        tap.SeeSum(a, b);
        base.Add(a, b, y);
        tap.Round(y);
    }

    public override void AddRows(Matrix x, Matrix from, ReadOnlySpan<int> rows, Matrix y)
    {
        base.AddRows(x, from, rows, y);
        tap.See("context", y);
    }

    public override void SwiGlu(Matrix x, Matrix y)
    {
        base.SwiGlu(x, y);
        tap.See("gate", y);
    }

    public override void Rotate(Matrix x, int heads, RotaryTable table, ReadOnlySpan<int> positions, bool back)
    {
        base.Rotate(x, heads, table, positions, back);
        tap.Round(x);
    }

    public override void Attention(Matrix qkv, int length, AttentionShape shape, Matrix y)
    {
        base.Attention(qkv, length, shape, y);
        tap.See("attention", y);
    }
}
