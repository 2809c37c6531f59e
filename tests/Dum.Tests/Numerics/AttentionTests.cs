using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// Attention against the reference. The bound: scores are right to some 2⁻²² of |q|·|k|·size, their exponentials turn
/// that into a relative error, and a sum over positions averages it; measured against the size of the row, 2⁻¹⁸ holds
/// for queries and keys of size 1 and up to 64 channels, and a wrong position or head is off by the row itself.
/// </summary>
public unsafe class AttentionTests
{
    const double Relative = 1.0 / (1 << 18);

    /// <summary>Grouped queries, windows, and head sizes below, between and at multiples of 16.</summary>
    static readonly AttentionShape[] s_shapes =
    [
        new(4, 2, 10, 0),
        new(6, 2, 8, 9),
        new(3, 1, 16, 0),
        new(2, 2, 64, 33),
        new(1, 1, 8, 1),
        new(2, 1, 10, 40),
    ];

    public static TheoryData<int> Shapes => [.. Enumerable.Range(0, s_shapes.Length)];

    /// <summary>Lengths on both sides of every block: panels of 16, starts of 32, blocks of 48 queries.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Agrees_on_all_paths(int index)
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 96, 97, 130 })
            Both(s_shapes[index], length, sequences: 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void Agrees_at_every_length(int window)
    {
        for (int length = 1; length <= 130; length++)
        {
            var shape = new AttentionShape(2, 1, 10, window);
            using Sheet qkv = Random(shape, length), dy = Sheet.Random(length, length, shape.QueryWidth);
            // One path and number of threads each, all of them in turn.
            (string name, CpuKernels kernels) = Grid.All().ElementAt(length % 9);
            using Sheet y = new(length, shape.QueryWidth), d = new(length, qkv.Columns), plain = new(length, shape.QueryWidth), plainD = new(length, qkv.Columns);
            kernels.Attention(qkv, length, shape, y);
            kernels.AttentionBackward(qkv, length, shape, dy, d);
            y.IsIntact();
            d.IsIntact();
            var reference = new ReferenceKernels();
            reference.Attention(qkv, length, shape, plain);
            reference.AttentionBackward(qkv, length, shape, dy, plainD);
            for (int r = 0; r < length; r++)
            {
                Bits.Close(plain[r], y[r], Relative, $"{name}, length {length}, row {r}");
                Bits.Close(plainD[r], d[r], Relative, $"{name}, length {length}, gradient of row {r}");
            }
        }
    }

    /// <summary>A sequence must not see the one before it, and a query nothing after it: changing those changes no bit.</summary>
    [Fact]
    public void Nothing_is_seen_that_should_not_be()
    {
        AttentionShape shape = s_shapes[0];
        const int Length = 53;
        using Sheet qkv = Random(shape, 2 * Length), y = new(2 * Length, shape.QueryWidth), alone = new(Length, shape.QueryWidth), changed = qkv.Copy(), after = new(2 * Length, shape.QueryWidth);
        foreach ((string name, CpuKernels kernels) in Grid.All())
        {
            kernels.Attention(qkv, Length, shape, y);
            kernels.Attention(qkv.View.Part(Length, Length), Length, shape, alone);
            for (int r = 0; r < Length; r++)
                Bits.Same(alone[r], y[Length + r], $"{name}, row {r} alone");
            for (int from = 1; from < Length; from += 13)
            {
                using Sheet other = Random(shape, 2 * Length, seed: from);
                for (int r = 0; r < 2 * Length; r++)
                    (r % Length < from ? qkv : other)[r].CopyTo(changed[r]);
                kernels.Attention(changed, Length, shape, after);
                for (int r = 0; r < from; r++)
                    Bits.Same(y[r], after[r], $"{name}, row {r} with another future from {from}");
            }
        }
    }

    /// <summary>Scores far beyond the range of the exponential: the largest takes all, and nothing overflows.</summary>
    [Fact]
    public void Huge_scores_do_not_overflow()
    {
        AttentionShape shape = s_shapes[1];
        const int Length = 60;
        using Sheet qkv = Random(shape, Length, 100), dy = Sheet.Random(1, Length, shape.QueryWidth);
        (Sheet[] fast, Sheet[] plain) = Grid.Compare(
            kernels =>
            {
                Sheet y = new(Length, shape.QueryWidth), d = new(Length, qkv.Columns);
                kernels.Attention(qkv, Length, shape, y);
                kernels.AttentionBackward(qkv, Length, shape, dy, d);
                return [y, d];
            },
            "huge scores");
        for (int r = 0; r < Length; r++)
        {
            // Scores of some 10⁴ are rounded to 2⁻¹⁰: where two are close, their shares differ by that much.
            Bits.Close(plain[0][r], fast[0][r], 0.01, $"row {r}");
            foreach (float x in fast[1][r])
                Assert.True(float.IsFinite(x));
        }
        foreach (Sheet sheet in fast.Concat(plain))
            sheet.Dispose();
    }

    static void Both(AttentionShape shape, int length, int sequences)
    {
        int rows = length * sequences;
        using Sheet qkv = Random(shape, rows), dy = Sheet.Random(length, rows, shape.QueryWidth);
        Grid.Agree(
            kernels =>
            {
                Sheet y = new(rows, shape.QueryWidth), d = new(rows, qkv.Columns);
                kernels.Attention(qkv, length, shape, y);
                kernels.AttentionBackward(qkv, length, shape, dy, d);
                return [y, d];
            },
            Relative, $"{shape}, length {length}");
    }

    static Sheet Random(AttentionShape shape, int rows, float size = 1, int seed = 11) =>
        Sheet.Random(rows + seed, rows, shape.QueryWidth + (2 * shape.KeyWidth), size);
}
