using System.Diagnostics.CodeAnalysis;

namespace Dum.Numerics.Kernels;

/// <summary>The fast table: tiles of the best instruction path on a pool of threads. Bits do not depend on either.</summary>
/// <param name="pool">Threads; not disposed here.</param>
/// <param name="path">Instructions.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its scratch memory frees itself with it; a table has no end of life that anybody would have to announce.")]
sealed unsafe partial class CpuKernels(WorkerPool pool, InstructionPath? path = null) : KernelTable
{
    readonly InstructionPath _path = path ?? InstructionPath.Best;

    /// <summary>Rows per piece of work that goes row by row: about 16 K floats.</summary>
    static int Chunk(int columns) => Math.Max(1, 16384 / Math.Max(1, columns));

    static int Pieces(int rows, int chunk) => (rows + chunk - 1) / chunk;
}
