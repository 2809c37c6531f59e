using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dum.Host.Fit;

/// <summary>What this processor was measured to do.</summary>
/// <param name="Bandwidth">GB/s read from main memory by all threads together.</param>
/// <param name="Flops">GFLOP/s of 32-bit fused multiply-add by all threads together.</param>
public sealed record HostSpeed(double Bandwidth, double Flops);

/// <summary>A micro-benchmark of well under a second: good for a prediction, not for a comparison of machines.</summary>
public static class HostBench
{
    // Larger than the last-level cache of nearly every processor, small enough for a machine with 2 GiB.
    const int BytesAThread = 96 << 20;
    const int MostBytes = 384 << 20;

    /// <summary>Measures; takes about half a second.</summary>
    public static HostSpeed Measure(CancellationToken cancel = default)
    {
        int threads = Math.Max(1, Math.Min(Environment.ProcessorCount, 16));
        int bytes = Math.Min(BytesAThread, MostBytes / threads);
        cancel.ThrowIfCancellationRequested();
        double bandwidth = Parallel(threads, () =>
        {
            var data = new ulong[bytes / 8];
            // Pages must exist before the clock starts: an untouched page is one shared page of zeros.
            for (int i = 0; i < data.Length; i += 512)
                data[i] = (ulong)i;
            return data;
        }, data => { Consume(Sum(data)); return bytes / 1e9; }, 0.15);
        cancel.ThrowIfCancellationRequested();
        double flops = Parallel(threads, () => new object(), _ => { Consume(Multiply(out long done)); return done / 1e9; }, 0.1);
        return new HostSpeed(bandwidth, flops);
    }

    static double Parallel<T>(int threads, Func<T> prepare, Func<T, double> work, double seconds)
    {
        using var ready = new Barrier(threads);
        var rates = new double[threads];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            T data = prepare();
            work(data);
            ready.SignalAndWait();
            var clock = Stopwatch.StartNew();
            double done = 0;
            while (clock.Elapsed.TotalSeconds < seconds)
                done += work(data);
            rates[t] = done / clock.Elapsed.TotalSeconds;
        })
        { IsBackground = true })];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            thread.Join();
        return rates.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static ulong Sum(ulong[] data)
    {
        // Four independent sums keep enough loads in flight.
        Vector<ulong> a = default, b = default, c = default, d = default;
        int width = Vector<ulong>.Count, i = 0;
        for (; i + 4 * width <= data.Length; i += 4 * width)
        {
            a += new Vector<ulong>(data, i);
            b += new Vector<ulong>(data, i + width);
            c += new Vector<ulong>(data, i + 2 * width);
            d += new Vector<ulong>(data, i + 3 * width);
        }
        return Vector.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Multiply(out long operations)
    {
        const int Rounds = 200_000, Chains = 8;
        var x = new Vector<float>(0.999f);
        Vector<float> a = new(1), b = new(2), c = new(3), d = new(4), e = new(5), f = new(6), g = new(7), h = new(8);
        for (int i = 0; i < Rounds; i++)
        {
            a = Vector.FusedMultiplyAdd(a, x, x); b = Vector.FusedMultiplyAdd(b, x, x);
            c = Vector.FusedMultiplyAdd(c, x, x); d = Vector.FusedMultiplyAdd(d, x, x);
            e = Vector.FusedMultiplyAdd(e, x, x); f = Vector.FusedMultiplyAdd(f, x, x);
            g = Vector.FusedMultiplyAdd(g, x, x); h = Vector.FusedMultiplyAdd(h, x, x);
        }
        operations = (long)Rounds * Chains * 2 * Vector<float>.Count;
        return Vector.Sum(a + b + c + d + e + f + g + h);
    }

    static double s_sink;

    // Without a reader the compiler may drop the work.
    static void Consume(double value) => Volatile.Write(ref s_sink, value);
}
