using System.Runtime.InteropServices;

namespace Dum.Bench;

/// <summary>OpenBLAS, loaded where it is found.</summary>
sealed unsafe class Blas
{
    const int RowMajor = 101, Plain = 111, Transposed = 112;
    static readonly string[] s_names = ["libopenblas.so.0", "libopenblas"];

    readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _product;
    readonly delegate* unmanaged<int, void> _setThreads;

    Blas(nint product, nint setThreads)
    {
        _product = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)product;
        _setThreads = (delegate* unmanaged<int, void>)setThreads;
    }

    /// <summary>The library, or null and a sentence that says why not.</summary>
    public static Blas? Find(string? path, out string? missing)
    {
        foreach (string name in path is null ? s_names : [path])
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "cblas_sgemm", out nint product)
                && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint setThreads))
            {
                missing = null;
                return new Blas(product, setThreads);
            }
        missing = $"OpenBLAS is missing: {path ?? s_names[0]} (Debian package libopenblas0-pthread) is not there or has no cblas_sgemm.";
        return null;
    }

    public void SetThreads(int threads) => _setThreads(threads);

    /// <summary>C [m × n] = A·B, rows one after the other; turned operands lie as [k × m] and [n × k].</summary>
    public void Multiply(int m, int n, int k, float* a, bool aTurned, float* b, bool bTurned, float* c) =>
        _product(RowMajor, aTurned ? Transposed : Plain, bTurned ? Transposed : Plain, m, n, k, 1, a, aTurned ? m : k, b, bTurned ? k : n, 0, c, n);
}
