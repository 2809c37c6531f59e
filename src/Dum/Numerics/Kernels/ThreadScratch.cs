namespace Dum.Numerics.Kernels;

/// <summary>Memory that one thread uses inside a kernel and nobody reads after; it grows to what was asked and stays.</summary>
static unsafe class ThreadScratch
{
    /// <summary>Several uses at once: the packed rows of A and the sliver of B inside a product, that inside attention or a whole call.</summary>
    [ThreadStatic]
    static NativeFloats? s_rows, s_sliver, s_scores, s_more, s_whole;

    public static float* Rows(long floats) => Grown(ref s_rows, floats);

    public static float* Sliver(long floats) => Grown(ref s_sliver, floats);

    public static float* Scores(long floats) => Grown(ref s_scores, floats);

    public static float* More(long floats) => Grown(ref s_more, floats);

    /// <summary>For a whole call of a table: the calling thread's, which the others read and write while it waits for them.</summary>
    public static float* Whole(long floats) => Grown(ref s_whole, floats);

    static float* Grown(ref NativeFloats? memory, long floats)
    {
        if (memory is null || memory.Count < floats)
        {
            memory?.Dispose();
            memory = new NativeFloats(floats + (floats / 4), "scratch");
        }
        return memory.Data;
    }
}
