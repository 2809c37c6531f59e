using System.Diagnostics.CodeAnalysis;
using Dum.Hypersymbols;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Bench;

/// <summary>Whose code the decoder is told.</summary>
enum CodeGiven
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>That of the scene it is about to unfold.</summary>
    True,

    /// <summary>That of another scene of the batch: the placebo.</summary>
    Shuffled,
}

/// <summary>Reads the codes of a batch's scenes off the plan itself and lays the centre of the next scene's code beside every scene.</summary>
/// <param name="atlas">Codes.</param>
/// <param name="scenes">Scenes per sequence.</param>
/// <param name="contents">[sequences·scenes × global width].</param>
/// <param name="complete">Whether a row holds a scene.</param>
/// <param name="features">[sequences·scenes × channels of the space].</param>
/// <param name="pool">Threads.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "An operation ends with its plan; the book's memory frees itself with it.")]
sealed unsafe class CodeAddition(Atlas atlas, int scenes, Tensor contents, Func<int, bool> complete, Tensor features, WorkerPool pool) : Operation
{
    const uint Domain = 73;

    readonly CodeBook _book = new(atlas.Centroids, atlas.Space.Outputs, pool);
    readonly float[] _nearness = new float[contents.Value.Rows];
    readonly int[] _own = new int[contents.Value.Rows];

    public override string Name => "codes";

    public CodeGiven Given { get; set; }

    /// <summary>Number of the batch: keys the placebo.</summary>
    public uint Batch { get; set; }

    /// <summary>For every scene the code of the next, or −1.</summary>
    public int[] Next { get; } = new int[contents.Value.Rows];

    public override void Forward(KernelTable kernels)
    {
        int rows = contents.Value.Rows;
        for (int r = 0; r < rows; r++)
            atlas.Space.Map(contents.Value.Row(r), features.Value.Row(r));
        _book.Nearest(features.Value, _own, _nearness);
        for (int r = 0; r < rows; r++)
            Next[r] = r % scenes < scenes - 1 && complete(r) && complete(r + 1) ? _own[r + 1] : -1;
        Lay();
    }

    /// <summary>Lays out what <see cref="Given"/> says.</summary>
    public void Lay()
    {
        int[] known = [.. Enumerable.Range(0, Next.Length).Where(r => Next[r] >= 0)], from = [.. known];
        var random = new Philox(1, Domain);
        for (int i = from.Length - 1; i > 0 && Given == CodeGiven.Shuffled; i--)
        {
            int j = (int)(random.Unit(0, Batch, (uint)i) * (i + 1));
            (from[i], from[j]) = (from[j], from[i]);
        }
        features.Value.Span.Clear();
        for (int i = 0; i < known.Length && Given != CodeGiven.None; i++)
            atlas.Centroids.Slice(Next[from[i]] * atlas.Space.Outputs, atlas.Space.Outputs).CopyTo(features.Value.Row(known[i]));
    }

    // Nothing flows back: codes are not learned here.
    public override void Backward(KernelTable kernels)
    {
    }
}
