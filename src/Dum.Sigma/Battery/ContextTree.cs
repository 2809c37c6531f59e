using System.Runtime.CompilerServices;
using Dum.Numerics;

namespace Dum.Sigma.Battery;

/// <summary>
/// How many bits a byte a universal code saves: context tree weighting (Willems, Shtarkov, Tjalkens, 1995) over the last 16
/// bits, one tree for each bit of a byte. For random bytes it saves nothing and costs next to nothing, so what it saves is a
/// lower bound of the structure that is there.
/// </summary>
sealed class ContextTree
{
    const int Depth = 16, Trees = 8, Nodes = 1 << (Depth + 1);
    const float Bound = 1e18f;

    readonly (ushort Zeros, ushort Ones, float Ratio)[] _nodes = new (ushort, ushort, float)[Trees * Nodes];
    uint _past;

    public ContextTree() => _nodes.AsSpan().Fill((0, 0, 1));

    /// <summary>Bytes coded so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>The length of their code.</summary>
    public double CodeBits { get; private set; }

    /// <summary>Bits saved for each byte; 0 where the code is longer than the data.</summary>
    public double Saved => Bytes == 0 ? 0 : Math.Max(0, 8 - (CodeBits / Bytes));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        double product = 1;
        foreach (byte b in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
                product *= Code(7 - bit, (b >> bit) & 1);
            // The logarithm of every byte's product alone: the same bits, an eighth of the work.
            CodeBits -= FixedMath.Log(product) / FixedMath.Log(2);
            product = 1;
        }
        Bytes += bytes.Length;
    }

    /// <summary>Takes a bit and gives the probability it had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    double Code(int tree, int bit)
    {
        Span<(ushort Zeros, ushort Ones, float Ratio)> nodes = _nodes.AsSpan(tree * Nodes, Nodes);
        double weighted = 0;
        for (int depth = Depth; depth >= 0; depth--)
        {
            // Nodes of a depth lie behind all shallower ones, as in a heap.
            ref (ushort Zeros, ushort Ones, float Ratio) node = ref nodes[(1 << depth) - 1 + (int)(_past & ((1u << depth) - 1))];
            double own = ((bit == 0 ? node.Zeros : node.Ones) + 0.5) / (node.Zeros + node.Ones + 1.0);
            if (depth == Depth)
                weighted = own;
            else
            {
                double below = weighted;
                weighted = ((node.Ratio * own) + below) / (node.Ratio + 1);
                node.Ratio = Math.Clamp((float)(node.Ratio * own / below), 1 / Bound, Bound);
            }
            if (bit == 0)
                node.Zeros++;
            else
                node.Ones++;
            if ((node.Zeros | node.Ones) >= 0x8000)
                (node.Zeros, node.Ones) = ((ushort)(node.Zeros / 2), (ushort)(node.Ones / 2));
        }
        _past = (_past << 1) | (uint)bit;
        return weighted;
    }
}
