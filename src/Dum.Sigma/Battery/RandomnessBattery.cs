using Dum.Sigma.Battery.Entropy;
using Dum.Sigma.Battery.Nist;
using Dum.Sigma.Battery.Stream;
using Dum.Sigma.Statistics;

namespace Dum.Sigma.Battery;

/// <summary>
/// Tests a stream once from front to back and gives one calibrated answer. Segments of 2²⁰ bits go through SP 800-22, and the
/// stream's own tests keep counts over all of them. A test's parts share its weight and the tests share that of the family
/// (Šidák), so that 148 templates do not drown the rest. Nothing is read twice and nothing grows with the stream.
/// </summary>
public sealed class RandomnessBattery
{
    /// <summary>Bytes below which random bits cannot be told from structured ones.</summary>
    public const int Least = StreamTest.Segment;

    /// <summary>Bytes below which not even structure is claimed: the laws of the tests are asymptotic.</summary>
    const int Smallest = 4096;

    readonly BatteryOptions _options;
    readonly NistSuite _nist;
    readonly StreamTest[] _stream;
    readonly ContextTree _code = new();
    readonly Dictionary<(string, string), PartRecord> _parts = [];
    readonly long[] _spread = new long[10];
    readonly byte[] _segment = new byte[Least];
    byte[] _start = [];
    int _filled, _started;
    long _bytes, _segments;

    /// <param name="options">What to look for.</param>
    /// <exception cref="DumException">An option is out of range.</exception>
    public RandomnessBattery(BatteryOptions options)
    {
        options.Validate();
        (_options, _nist) = (options, new NistSuite(options.Legacy));
        _stream = [new ByteTest(), new LagTest(), new WeightTest(), new LatticeTest(), new SpacingTest(), new SumTest(), new PlaneTest(), new ValueTest(options.Width)];
    }

    /// <summary>Bytes taken so far.</summary>
    public long Bytes => _bytes;

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_started < _options.EntropyBytes)
            Keep(bytes[..Math.Min(bytes.Length, _options.EntropyBytes - _started)]);
        if (_bytes < _options.CodeBytes)
            _code.Add(bytes[..(int)Math.Min(bytes.Length, _options.CodeBytes - _bytes)]);
        _bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int taken = Math.Min(bytes.Length, Least - _filled);
            bytes[..taken].CopyTo(_segment.AsSpan(_filled));
            bytes = bytes[taken..];
            if ((_filled += taken) == Least)
                Test(_segment);
        }
    }

    /// <summary>The answer about everything taken.</summary>
    /// <param name="cancel">Checked between the methods of SP 800-90B.</param>
    public BatteryReport Finish(CancellationToken cancel = default)
    {
        if (_segments == 0 && _filled >= Smallest)
            _nist.Run(new BitSequence(_segment.AsSpan(0, _filled)), r => Note(r, 0));
        if (_segments > 0)
            foreach (StreamTest test in _stream)
                test.Finish(r => Record(r).Whole(r.P));
        long tested = _segments > 0 ? _segments * Least : _bytes >= Smallest ? _bytes : 0;
        TestSummary[] tests = [.. TestNames.All
            .Select(name => (Name: name, Parts: _parts.Values.Where(p => p.Test == name).ToList()))
            .Where(t => t.Parts.Count > 0)
            .Select(t => Summary(t.Name, t.Parts, tested))];
        double p = tests.Length == 0 ? 1 : Family.Sidak(tests.Min(t => t.P), tests.Length);
        double visible = tested > 0 ? 25 / (2 * Math.Log(2) * tested) : 8;
        long needed = Math.Max(_bytes < Least ? Least : 0, _options.Effect > 0 && visible > _options.Effect ? (long)Math.Ceiling(25 / (2 * Math.Log(2) * _options.Effect)) : 0);
        BatteryVerdict verdict = p < _options.Alpha ? BatteryVerdict.Structured : needed > 0 ? BatteryVerdict.Insufficient : BatteryVerdict.Random;
        EntropyAssessment? entropy = _started >= Least ? EntropyAssessment.Of(_start.AsSpan(0, _started), cancel) : null;
        return new BatteryReport(verdict, p, _options.Alpha, _bytes, tested, verdict == BatteryVerdict.Insufficient ? needed : 0, visible, _code.Saved, tests, _spread, entropy);
    }

    /// <summary>The start of the stream for SP 800-90B; grows as it comes, at most to what was asked for.</summary>
    void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_start.Length < _started + bytes.Length)
            Array.Resize(ref _start, (int)Math.Min(_options.EntropyBytes, Math.Max(Least, 2L * (_started + bytes.Length))));
        bytes.CopyTo(_start.AsSpan(_started));
        _started += bytes.Length;
    }

    void Test(byte[] segment)
    {
        long place = _segments++ * Least;
        _filled = 0;
        _nist.Run(new BitSequence(segment), r => Note(r, place));
        foreach (StreamTest test in _stream)
            test.Add(segment);
    }

    void Note(PartResult result, long place)
    {
        Record(result).Segment(result.P, place);
        _spread[Math.Clamp((int)(result.P * 10), 0, 9)]++;
    }

    PartRecord Record(PartResult result)
    {
        if (!_parts.TryGetValue((result.Test, result.Part), out PartRecord? record))
            _parts[(result.Test, result.Part)] = record = new PartRecord(result.Test, result.Part);
        return record;
    }

    static TestSummary Summary(string name, List<PartRecord> parts, long tested)
    {
        PartRecord worst = parts.MinBy(part => part.P)!;
        double z = Special.TailQuantile(worst.P / 2);
        return new TestSummary(name, Family.Sidak(worst.P, parts.Count), parts.Count, worst.Part, worst.Place, Math.Max(0, ((z * z) - 1) / (2 * Math.Log(2) * tested)));
    }
}
