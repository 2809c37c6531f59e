using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Tests.Numerics;

/// <summary>The fast table on every instruction path with one, two and four threads: nine that must give the same bits.</summary>
static class Grid
{
    // Shared by all tests, as a pool is: its runs exclude each other. They live as long as the process.
    static readonly WorkerPool[] s_pools = [new(1), new(2), new(4)];

    public static WorkerPool Pool(int threads) => s_pools.Single(p => p.Threads == threads);

    /// <summary>New tables, because a table belongs to one caller.</summary>
    public static IEnumerable<(string Name, CpuKernels Kernels)> All()
    {
        foreach (string path in InstructionPath.Names)
            foreach (WorkerPool pool in s_pools)
                yield return ($"{path} on {pool.Threads}", new CpuKernels(pool, InstructionPath.Choose(path)));
    }

    /// <summary>
    /// Runs a kernel on all nine, wants the same bits and whole canaries everywhere, and gives the sheets of the first
    /// together with those of the reference table.
    /// </summary>
    /// <param name="run">Makes new sheets, computes into them and hands them over.</param>
    /// <param name="what">For messages.</param>
    public static (Sheet[] Fast, Sheet[] Plain) Compare(Func<KernelTable, Sheet[]> run, string what)
    {
        Sheet[]? first = null;
        foreach ((string name, CpuKernels kernels) in All())
        {
            Sheet[] sheets = run(kernels);
            foreach (Sheet sheet in sheets)
                sheet.IsIntact();
            if (first is null)
            {
                first = sheets;
                continue;
            }
            for (int i = 0; i < sheets.Length; i++)
            {
                sheets[i].IsSame(first[i], $"{what}, result {i}, {name}");
                sheets[i].Dispose();
            }
        }
        return (first!, run(new ReferenceKernels()));
    }

    /// <summary>The same, and the reference must be near everywhere (<see cref="Bits.Close"/>).</summary>
    public static void Agree(Func<KernelTable, Sheet[]> run, double relative, string what)
    {
        (Sheet[] fast, Sheet[] plain) = Compare(run, what);
        for (int i = 0; i < fast.Length; i++)
        {
            for (int r = 0; r < fast[i].Rows; r++)
                Bits.Close(plain[i][r], fast[i][r], relative, $"{what}, result {i}, row {r}");
            fast[i].Dispose();
            plain[i].Dispose();
        }
    }
}
