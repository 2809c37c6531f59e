using System.Numerics;
using Dum.Numerics;
using Dum.Rhythm.Bytes;
using Dum.Rhythm.Memory;

namespace Dum.Bench.Rhythm;

/// <summary>The associative memory, and the byte predictor beside compressors.</summary>
static class MemoryTasks
{
    const int N = 128, Cues = 200, Later = 100_000, Used = 100;

    /// <summary>N² patterns, a fifth of the phases of each cue drawn anew; then a hundred thousand further writes, with a hundred of the first patterns recalled now and then.</summary>
    public static Table Recall()
    {
        var table = new Table("Associative recall, N = 128, a fifth of the phases of each cue random", ("row", ""), ("right, %", "0.0"), ("goal", "0.0"), ("CPU ms each", "0.00"));
        var store = new RhythmStore(N, N * N);
        for (uint p = 0; p < N * N; p++)
            store.Write(Pattern(p), $"{p}");
        Row("N² = 16,384 patterns", k => (uint)(k * 81), 100);
        // In use before room is needed: what nobody has asked for goes first.
        for (uint p = 0; p < Used; p++)
            store.Recall(Damaged(p, p), []);
        double before = Cpu.Self;
        for (uint p = 0; p < Later; p++)
        {
            store.Write(Pattern(N * N + p), $"{N * N + p}");
            // Each of the first hundred is recalled once in five thousand writes.
            if (p % 50 == 0)
                store.Recall(Damaged(p / 50 % Used, p), []);
        }
        double each = (Cpu.Self - before) / Later * 1000;
        Row("after 100,000 further writes: the last N² written, but for the hundred in use", k => (uint)(N * N + Later - 1 - (k * 80)), 100);
        Row("after them: the hundred of the first patterns that were in use", k => (uint)(k % Used), 100);
        table.Add("a write into a full memory", null, null, each);
        return table;

        void Row(string name, Func<int, uint> which, double goal)
        {
            double start = Cpu.Self;
            int right = Enumerable.Range(0, Cues).Count(k => store.Facts(store.Recall(Damaged(which(k), (uint)(k + 7)), [], touch: false).Slot).Name == $"{which(k)}");
            table.Add(name, 100.0 * right / Cues, goal, (Cpu.Self - start) / Cues * 1000);
        }
    }

    /// <summary>Bits per byte while learning from nothing.</summary>
    public static Table Bytes(IReadOnlyList<string> files)
    {
        var table = new Table("Bytes, learned while predicted, from nothing", ("file", ""), ("bytes", "0"), ("bits per byte", "0.0000"), ("last tenth", "0.000"), ("KB/s of processor time", "0"));
        foreach (string file in files)
        {
            byte[] text = File.ReadAllBytes(file);
            double before = Cpu.Self, late = 0;
            long at = 0;
            (_, double bits) = ByteFold.Measure(new MemoryStream(text), (_, cost) => late += ++at > text.Length * 9L / 10 ? cost : 0);
            double seconds = Cpu.Self - before;
            table.Add(Path.GetFileName(file), text.Length, bits / text.Length, late / (text.Length / 10.0), text.Length / seconds / 1e3);
            Console.Error.WriteLine($"{Path.GetFileName(file)}: {bits / text.Length:0.0000}");
        }
        return table;
    }

    static Complex[] Pattern(uint number)
    {
        var random = new Philox(7, 0x504154);
        var pattern = new Complex[N];
        for (int i = 0; i < N; i++)
        {
            (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * random.Unit(number, (uint)i, 0));
            pattern[i] = new Complex(cos, sin);
        }
        return pattern;
    }

    static Complex[] Damaged(uint number, uint key)
    {
        Complex[] pattern = Pattern(number);
        var random = new Philox(8, key);
        for (int i = 0; i < N; i++)
            if (random.Unit(0, (uint)i, 0) < 0.2)
            {
                (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * random.Unit(1, (uint)i, 0));
                pattern[i] = new Complex(cos, sin);
            }
        return pattern;
    }
}
