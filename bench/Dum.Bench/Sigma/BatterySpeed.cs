using Dum.Sigma.Battery;
using Dum.Sigma.Battery.Entropy;
using Dum.Sigma.Battery.Nist;
using Dum.Sigma.Battery.Stream;
using Dum.Sigma.Controls;

namespace Dum.Bench.Sigma;

/// <summary>Megabytes a second of processor time, on one core: SP 800-22, SP 800-90B, and each of our own tests.</summary>
static class BatterySpeed
{
    public static void Run(Arguments arguments, Report report)
    {
        byte[] data = new byte[8 * StreamTest.Segment];
        new ChaCha20(1).Fill(data);
        var table = new Table("Speed of the battery, one core, processor time", ("what", ""), ("MB/s", "F3"), ("goal", ""));
        var suite = new NistSuite(legacy: false);
        table.Add("SP 800-22, 188 results per 2^20 bits", Rate(data, segment => suite.Run(new BitSequence(segment), _ => { })), "2.5");
        var spectral = new Spectral();
        var linear = new LinearComplexity();
        foreach ((string name, Action<BitSequence> test) in ((string, Action<BitSequence>)[])
        [
            ("  counting", bits => { Counting.Frequency(bits); Counting.BlockFrequency(bits, 128); Counting.Runs(bits); Counting.CumulativeSums(bits, backward: false); Counting.CumulativeSums(bits, backward: true); }),
            ("  longest run", bits => Counting.LongestRun(bits, legacy: false)), ("  rank", bits => Structure.Rank(bits)), ("  spectral", bits => spectral.Test(bits)),
            ("  non-overlapping", bits => Patterns.NonOverlapping(bits)), ("  overlapping", bits => Structure.Overlapping(bits, legacy: false)), ("  universal", bits => Structure.Universal(bits)),
            ("  serial and approximate entropy", bits => { uint[] counts = Patterns.Cyclic(bits, 16); Patterns.Serial(counts); Patterns.ApproximateEntropy(Patterns.Shorter(counts)); }),
            ("  excursions", bits => Excursions.Of(bits)), ("  linear complexity", bits => linear.Test(bits, 500, legacy: false)),
        ])
            table.Add(name, Rate(data, segment => test(new BitSequence(segment))), "");
        foreach (StreamTest test in (StreamTest[])[new ByteTest(), new LagTest(), new WeightTest(), new LatticeTest(), new SpacingTest(), new SumTest(), new ValueTest(0)])
            table.Add(test.GetType().Name, Rate(data, segment => test.Add(segment)), "");
        var tree = new ContextTree();
        table.Add("universal code", Rate(data, segment => tree.Add(segment)), "");
        byte[] million = data[..1_000_000];
        EntropyAssessment.Of(million.AsSpan(0, 50_000));
        double before = Cpu.Self;
        EntropyAssessment.Of(million);
        table.Add("SP 800-90B, all ten on bits and six on bytes, 1 MB", 1 / (Cpu.Self - before), "0.4");
        byte[] bits = [.. million.SelectMany(b => Enumerable.Range(0, 8).Select(i => (byte)((b >> (7 - i)) & 1)))];
        foreach ((string name, Action work) in ((string, Action)[])
        [
            ("  repeats, bits", () => Repeats.Estimate(bits, 1)), ("  repeats, bytes", () => Repeats.Estimate(million, 8)),
            ("  windows, bits", () => WindowPredictor.OfBits(bits)), ("  windows, bytes", () => WindowPredictor.Estimate(million, 256)),
            ("  lags, bits", () => LagPredictor.OfBits(bits)), ("  lags, bytes", () => LagPredictor.Estimate(million, 256)),
            ("  Markov, bits", () => BitContexts.Markov(bits)), ("  Markov, bytes", () => ByteContexts.Markov(million, 256)),
            ("  LZ78Y, bits", () => BitContexts.Ziv(bits)), ("  LZ78Y, bytes", () => ByteContexts.Ziv(million, 256)),
            ("  compression", () => Dum.Sigma.Battery.Entropy.Counts.Compression(bits)),
        ])
        {
            before = Cpu.Self;
            work();
            table.Add(name, 1 / (Cpu.Self - before), "");
        }
        report.Add(table);
    }

    static double Rate(byte[] data, Action<byte[]> work)
    {
        byte[][] segments = [.. data.Chunk(StreamTest.Segment)];
        work(segments[0]);
        double before = Cpu.Self;
        foreach (byte[] segment in segments)
            work(segment);
        return data.Length / 1e6 / (Cpu.Self - before);
    }
}
