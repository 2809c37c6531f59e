using System.Numerics;
using System.Runtime.Intrinsics;

namespace Dum.Rhythm.Rings;

/// <summary>
/// Rings of the same length side by side, one to a lane: oscillator j of each stands in row j, so that the shift along the
/// ring loads whole rows, and small rings fill whole vectors. The arithmetic, and its bits, are those of each ring alone.
/// </summary>
sealed class RingPack<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    readonly RingState<T>[] _rings;
    readonly RingRoom<T> _room;
    readonly FlowTable<T>[] _tables;
    readonly double[] _lengths;
    int _next;

    RingPack(RingState<T>[] rings, int inputs)
    {
        (_rings, Driven) = (rings, rings[0].Driven);
        int lanes = Vector256<T>.Count, count = rings[0].Count;
        _room = new RingRoom<T>(count, lanes, count * lanes);
        _tables = [.. Enumerable.Range(0, RingState<T>.Tables).Select(_ => new FlowTable<T>(count * lanes, Driven ? inputs : 0))];
        _lengths = new double[_tables.Length];
        Forget();
    }

    /// <summary>Packs rings that flow alike: of one length, with saturation or shift, and nothing reads, kicks, modulates or shakes them while time passes.</summary>
    public static RingPack<T>[] All(RingState<T>[] rings, int inputs)
    {
        var heard = rings.SelectMany(r => r.Ring.Structure.Listens).Select(l => rings[l.Ring]).ToHashSet();
        return [.. rings.Where(r => Fits(r) && !r.Modulated && !r.Ring.Structure.Kicked && !heard.Contains(r))
            .GroupBy(r => (r.Count, r.Driven))
            .SelectMany(g => g.Chunk(Vector256<T>.Count))
            .Where(c => c.Length > 1)
            .Select(c => new RingPack<T>(c, inputs))];
    }

    /// <summary>True for a ring with saturation or shift whose energy turns nothing, and which neither bursts nor fluctuates.</summary>
    public static bool Fits(RingState<T> ring) => !ring.Linear && ring.Ring.Rhythm.Delta == 0 && !ring.Bursts && ring.Ring.Contour.Noise == 0;

    /// <summary>Its rings, in the order of the lanes.</summary>
    public ReadOnlySpan<RingState<T>> Rings => _rings;

    /// <summary>True when held inputs drive its rings.</summary>
    public bool Driven { get; }

    /// <summary>Forgets tables that the parameters no longer agree with.</summary>
    public void Forget() => Array.Fill(_lengths, double.NaN);

    /// <summary>Takes over the state of its rings.</summary>
    public void Gather()
    {
        for (int lane = 0; lane < _rings.Length; lane++)
        {
            FlowTable<T>.Lane(_rings[lane].Real, _room.Real, _room.Count, lane);
            FlowTable<T>.Lane(_rings[lane].Imaginary, _room.Imaginary, _room.Count, lane);
        }
    }

    /// <summary>Hands the state back.</summary>
    public void Scatter()
    {
        int lanes = Vector256<T>.Count;
        for (int lane = 0; lane < _rings.Length; lane++)
            for (int j = 0; j < _room.Count; j++)
                (_rings[lane].Real[j], _rings[lane].Imaginary[j]) = (_room.Real[(j * lanes) + lane], _room.Imaginary[(j * lanes) + lane]);
    }

    /// <summary>Lets time pass between <see cref="Gather"/> and <see cref="Scatter"/>: equal Strang steps, halves between them merged.</summary>
    public void Flow(double length, int steps, ReadOnlySpan<T> inputs)
    {
        FlowTable<T> table = Table(length / steps);
        RingFlow<T>.Hold(table, Driven ? inputs : [], _room);
        RingFlow<T>.Steps(table, _room, steps, null);
    }

    FlowTable<T> Table(double length)
    {
        int known = Array.IndexOf(_lengths, length);
        if (known >= 0)
            return _tables[known];
        _next = (_next + 1) % _tables.Length;
        _lengths[_next] = length;
        _tables[_next].Interleave([.. _rings.Select(r => r.Table(length))], _room.Count);
        return _tables[_next];
    }
}
