using System.Runtime.InteropServices;

namespace Dum.Numerics;

/// <summary>Zeroed native memory, aligned for vectors and, where large, for huge pages.</summary>
sealed unsafe partial class NativeFloats : IDisposable
{
    const nuint HugePage = 2 << 20;
    const int AdviseHugePage = 14;

    float* _data;

    /// <param name="count">Floats, at least 1.</param>
    /// <param name="purpose">For the message when there is not enough memory.</param>
    public NativeFloats(long count, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        nuint bytes = checked((nuint)count * sizeof(float));
        nuint align = bytes >= HugePage ? HugePage : 64;
        try
        {
            _data = (float*)NativeMemory.AlignedAlloc(bytes, align);
        }
        catch (OutOfMemoryException e)
        {
            throw new DumException(Tongue.Say(
                $"not enough memory for {purpose}: {bytes >> 20} MiB asked", $"не хватает памяти ({purpose}): нужно {bytes >> 20} МиБ"), e);
        }
        if (align == HugePage && OperatingSystem.IsLinux())
            TryHugePages(_data, bytes);
        NativeMemory.Clear(_data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~NativeFloats() => Free();

    public long Count { get; }

    public float* Data => _data;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (_data is null)
            return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.RemoveMemoryPressure(Count * sizeof(float));
    }

    /// <summary>A hint only: fewer misses of the address cache, up to a tenth of the time of a matrix-vector product.</summary>
    static void TryHugePages(void* data, nuint bytes)
    {
        try
        {
            _ = Advise(data, bytes, AdviseHugePage);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: ordinary pages serve as well.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* data, nuint bytes, int advice);
}
