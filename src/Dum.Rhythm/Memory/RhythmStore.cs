using System.Numerics;
using System.Text;
using Dum.Coding;
using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Memory;

/// <summary>What a slot of the memory holds.</summary>
/// <param name="Slot">Its number.</param>
/// <param name="Name">What it was taught as.</param>
/// <param name="Energy">How alive it is: 1 when written or recalled, halved every half-life of writes.</param>
/// <param name="Writes">How often it was written or blended.</param>
public readonly record struct SlotFacts(int Slot, string Name, double Energy, long Writes);

/// <summary>The answer to a cue.</summary>
/// <param name="Slot">The slot it settled in; −1 when the memory is empty.</param>
/// <param name="Overlap">|⟨ξ, z⟩| of slot and settled state, 0…1, over what the cue left open and what it said.</param>
/// <param name="Agreement">The same of slot and cue, over what the cue said.</param>
/// <param name="Sweeps">Sweeps until it settled.</param>
public readonly record struct RhythmAnswer(int Slot, double Overlap, double Agreement, int Sweeps);

/// <summary>
/// Associative memory of rhythms: complex patterns, whose phases are a rhythm and whose moduli say what is known. Dense
/// energy E = −Σ_p exp(β·|⟨ξ_p, z⟩|²) (Krotov and Hopfield 2016; Ramsauer et al. 2020, here for phases): recall goes
/// downhill, a sweep is z ← Σ_p exp(β|c_p|²)·c_p·ξ_p. A pattern is written in one shot unless one like it is there
/// (vigilance, Grossberg), forgotten when its energy is the lowest and room is needed. Cost of a sweep: slots × N.
/// </summary>
public sealed class RhythmStore
{
    const int Version = 1, MostSweeps = 6, MostName = 1024;

    // Inverse temperature of recall: an overlap of 0.6 outweighs a million of 0.3.
    const double Beta = 60;

    // Patterns fill at most half of the gibibyte that a file may have; names take what is left.
    const long MostNumbers = 1 << 27;

    /// <summary>Most complex numbers of a pattern, most slots.</summary>
    public const int MostLength = 4096, MostSlots = 1 << 20;

    readonly int _padded, _head;
    readonly float[] _zReal, _zImaginary, _sumReal, _sumImaginary;
    readonly double[] _overlaps;

    // Slot after slot: the first quarter of each pattern apart from the rest, real before imaginary; grown as slots are taken.
    float[] _heads = [], _tails = [], _tailSize = [];
    string[] _names = [];
    long[] _touched = [], _writes = [];
    int[] _next = [];
    long _clock;

    /// <summary>Makes an empty memory.</summary>
    /// <param name="length">N, complex numbers of a pattern.</param>
    /// <param name="capacity">Slots at most.</param>
    /// <param name="vigilance">A pattern that overlaps a slot by this much is blended into it instead of written anew, in (0, 1].</param>
    /// <param name="halfLife">Writes after which the energy of an unused slot is halved.</param>
    /// <exception cref="DumException">A size is out of its range.</exception>
    public RhythmStore(int length, int capacity, double vigilance = 0.95, double halfLife = 1e4)
    {
        if (length is < 1 or > MostLength || capacity is < 1 or > MostSlots || !(vigilance is > 0 and <= 1) || !(halfLife > 0)
            || 2L * capacity * (length + 31) > MostNumbers)
            throw new DumException(Tongue.Say(
                $"a rhythm memory has patterns of 1 to {MostLength} numbers and 1 to {MostSlots} slots, 67 million numbers in all", $"в памяти ритмов узоры от 1 до {MostLength} чисел и от 1 до {MostSlots} ячеек, всего до 67 миллионов чисел"));
        (Length, Capacity, Vigilance, HalfLife) = (length, capacity, vigilance, halfLife);
        _padded = (length + 31) / 32 * 32;
        _head = _padded / 4;
        (_zReal, _zImaginary, _sumReal, _sumImaginary) = (new float[_padded], new float[_padded], new float[_padded], new float[_padded]);
        _overlaps = new double[2 * capacity];
    }

    /// <summary>N.</summary>
    public int Length { get; }

    /// <summary>Slots at most.</summary>
    public int Capacity { get; }

    /// <summary>Overlap from which on a pattern counts as known.</summary>
    public double Vigilance { get; }

    /// <summary>Writes that halve the energy of an unused slot.</summary>
    public double HalfLife { get; }

    /// <summary>Slots in use.</summary>
    public int Count { get; private set; }

    /// <summary>What a slot holds.</summary>
    public SlotFacts Facts(int slot) => new(slot, _names[slot], FixedMath.Exp(-(_clock - _touched[slot]) * Math.Log(2) / HalfLife), _writes[slot]);

    /// <summary>Slot that was written after this one; −1 for none.</summary>
    public int Next(int slot) => _next[slot];

    /// <summary>The pattern of a slot, of norm 1.</summary>
    public Complex[] Pattern(int slot) => [.. Enumerable.Range(0, Length).Select(i => new Complex(At(slot, i).Real, At(slot, i).Imaginary))];

    /// <summary>Writes a pattern: into a fresh slot, into the weakest one where there is no room, or blended into one that it resembles.</summary>
    /// <param name="pattern">N complex numbers; 0 for what is not known.</param>
    /// <param name="name">What to call it; kept by the slot it is blended into.</param>
    /// <param name="after">The slot that this rhythm follows; −1 for none.</param>
    /// <returns>The slot.</returns>
    /// <exception cref="DumException">The name is longer than a file keeps.</exception>
    public int Write(ReadOnlySpan<Complex> pattern, string name, int after = -1)
    {
        if (Encoding.UTF8.GetByteCount(name) > MostName)
            throw new DumException(Tongue.Say($"a rhythm's name has at most {MostName} bytes: '{name[..40]}…' is longer", $"имя ритма не длиннее {MostName} байт: «{name[..40]}…» длиннее"));
        Take(pattern);
        _clock++;
        int slot = Resembling(out float re, out float im);
        if (slot >= 0)
            Blend(slot, re, im);
        else
        {
            slot = Count < Capacity ? Fresh() : Weakest();
            Unlink(slot);
            Store(slot);
            (_names[slot], _writes[slot]) = (name, 0);
        }
        (_touched[slot], _writes[slot]) = (_clock, _writes[slot] + 1);
        if (after >= 0 && after != slot)
            _next[after] = slot;
        return slot;
    }

    /// <summary>Settles from a cue.</summary>
    /// <param name="cue">N complex numbers; 0 for what is not known, any modulus for what is.</param>
    /// <param name="settled">Receives the completed pattern, of norm 1, in the phase of the cue; may be empty.</param>
    /// <param name="touch">Whether the slot found counts as used.</param>
    public RhythmAnswer Recall(ReadOnlySpan<Complex> cue, Span<Complex> settled, bool touch = true)
    {
        Take(cue);
        if (Count == 0)
            return new RhythmAnswer(-1, 0, 0, 0);
        double agreement = 0;
        int best = -1;
        for (int sweep = 1; ; sweep++)
        {
            int found = Overlap(sweep == 1, out double most);
            if (sweep == 1)
                agreement = most;
            bool same = found == best || sweep == MostSweeps;
            best = found;
            if (same)
            {
                for (int i = 0; i < settled.Length; i++)
                    settled[i] = new Complex(_zReal[i], _zImaginary[i]);
                if (touch)
                    _touched[best] = _clock;
                return new RhythmAnswer(best, most, agreement, sweep);
            }
            Sweep(most);
        }
    }

    /// <summary>The slots that overlap a cue most, the nearest first.</summary>
    /// <param name="cue">N complex numbers; 0 for what is not known.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>Slots and |⟨ξ, z⟩| over what the cue says, 0…1.</returns>
    public IReadOnlyList<(int Slot, double Agreement)> Nearest(ReadOnlySpan<Complex> cue, int most)
    {
        Take(cue);
        if (Count > 0)
            Overlap(partial: true, out _);
        return [.. Enumerable.Range(0, Count)
            .Select(p => (Slot: p, Agreement: Math.Sqrt((_overlaps[2 * p] * _overlaps[2 * p]) + (_overlaps[(2 * p) + 1] * _overlaps[(2 * p) + 1]))))
            .OrderByDescending(p => p.Agreement).ThenBy(p => p.Slot).Take(most)];
    }

    /// <summary>How far each place of a cue agrees with a slot once both are in phase: 1 the same, 0 opposite; NaN where either knows nothing.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cue">N complex numbers; 0 for what is not known.</param>
    public double[] Agreements(int slot, ReadOnlySpan<Complex> cue)
    {
        Complex[] pattern = Pattern(slot);
        Complex turn = 0;
        for (int i = 0; i < Length; i++)
            turn += Complex.Conjugate(pattern[i]) * cue[i];
        var agreements = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            Complex along = Complex.Conjugate(pattern[i] * turn) * cue[i];
            agreements[i] = along.Magnitude > 1e-12 ? (1 + (along.Real / along.Magnitude)) / 2 : double.NaN;
        }
        return agreements;
    }

    /// <summary>Forgets a slot for good; the last one takes its number.</summary>
    public void Forget(int slot)
    {
        Unlink(slot);
        int last = --Count;
        _next.AsSpan(0, Count).Replace(last, slot);
        HeadReal(last, 2).CopyTo(HeadReal(slot, 2));
        TailReal(last, 2).CopyTo(TailReal(slot, 2));
        (_names[slot], _tailSize[slot], _touched[slot], _writes[slot], _next[slot]) = (_names[last], _tailSize[last], _touched[last], _writes[last], _next[last]);
    }

    // Real and imaginary parts stand side by side: two lengths from the real ones on are both.
    Span<float> HeadReal(int slot, int lengths = 1) => _heads.AsSpan(slot * 2 * _head, lengths * _head);

    Span<float> HeadImaginary(int slot) => _heads.AsSpan(((slot * 2) + 1) * _head, _head);

    Span<float> TailReal(int slot, int lengths = 1) => _tails.AsSpan(slot * 2 * (_padded - _head), lengths * (_padded - _head));

    Span<float> TailImaginary(int slot) => _tails.AsSpan(((slot * 2) + 1) * (_padded - _head), _padded - _head);

    (float Real, float Imaginary) At(int slot, int i) => i < _head ? (HeadReal(slot)[i], HeadImaginary(slot)[i]) : (TailReal(slot)[i - _head], TailImaginary(slot)[i - _head]);

    int Fresh()
    {
        if (Count == _next.Length)
        {
            int room = Math.Min(Capacity, Math.Max(16, 2 * Count));
            Array.Resize(ref _heads, checked(room * 2 * _head));
            Array.Resize(ref _tails, checked(room * 2 * (_padded - _head)));
            Array.Resize(ref _tailSize, room);
            Array.Resize(ref _names, room);
            Array.Resize(ref _touched, room);
            Array.Resize(ref _writes, room);
            Array.Resize(ref _next, room);
        }
        _next[Count] = -1;
        return Count++;
    }

    void Take(ReadOnlySpan<Complex> pattern)
    {
        if (pattern.Length != Length)
            throw new ArgumentException($"{pattern.Length} numbers where patterns have {Length}", nameof(pattern));
        double size = 0;
        foreach (Complex z in pattern)
            size += (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
        double scale = size > 0 && double.IsFinite(size) ? 1 / Math.Sqrt(size) : 0;
        for (int i = 0; i < Length; i++)
            (_zReal[i], _zImaginary[i]) = scale == 0 ? (0, 0) : ((float)(pattern[i].Real * scale), (float)(pattern[i].Imaginary * scale));
    }

    /// <summary>The slot that the pattern taken overlaps most, if by at least the vigilance. A slot is left out as soon as its head shows that it cannot.</summary>
    int Resembling(out float re, out float im)
    {
        ReadOnlySpan<float> zr = _zReal, zi = _zImaginary;
        float tail = MathF.Sqrt(SlotOverlap.Of(zr[_head..], zi[_head..], zr[_head..], zi[_head..]).Real);
        double most = Vigilance;
        int best = -1;
        (re, im) = (0, 0);
        for (int p = 0; p < Count; p++)
        {
            (float a, float b) = SlotOverlap.Of(HeadReal(p), HeadImaginary(p), zr[.._head], zi[.._head]);
            if (Math.Sqrt((a * a) + (b * b)) + (tail * _tailSize[p]) < most)
                continue;
            (float c, float d) = SlotOverlap.Of(TailReal(p), TailImaginary(p), zr[_head..], zi[_head..]);
            double size = Math.Sqrt(((a + c) * (a + c)) + ((b + d) * (b + d)));
            if (size >= most)
                (most, best, re, im) = (size, p, a + c, b + d);
        }
        return best;
    }

    /// <summary>Overlaps of all slots with the state.</summary>
    /// <param name="partial">The state is a cue that may leave much open: overlaps are in units of what the slot has there.</param>
    /// <param name="most">The largest.</param>
    /// <returns>Its slot.</returns>
    int Overlap(bool partial, out double most)
    {
        ReadOnlySpan<float> zr = _zReal, zi = _zImaginary;
        int best = 0;
        most = -1;
        for (int p = 0; p < Count; p++)
        {
            (float a, float b) = SlotOverlap.Of(HeadReal(p), HeadImaginary(p), zr[.._head], zi[.._head]);
            (float c, float d) = SlotOverlap.Of(TailReal(p), TailImaginary(p), zr[_head..], zi[_head..]);
            double scale = partial ? 1 / Math.Sqrt(Math.Max(Known(p), 1e-6)) : 1;
            (_overlaps[2 * p], _overlaps[(2 * p) + 1]) = ((a + c) * scale, (b + d) * scale);
            double size = Math.Sqrt((_overlaps[2 * p] * _overlaps[2 * p]) + (_overlaps[(2 * p) + 1] * _overlaps[(2 * p) + 1]));
            if (size > most)
                (most, best) = (size, p);
        }
        most = Math.Min(most, 1);
        return best;
    }

    /// <summary>Energy of a slot where the state is not 0.</summary>
    double Known(int slot)
    {
        double sum = 0;
        for (int i = 0; i < Length; i++)
            if (_zReal[i] != 0 || _zImaginary[i] != 0)
            {
                (float x, float y) = At(slot, i);
                sum += (x * x) + (y * y);
            }
        return sum;
    }

    /// <summary>One step downhill: z ← Σ exp(β(|c|² − most²))·c·ξ, to norm 1.</summary>
    void Sweep(double most)
    {
        Array.Clear(_sumReal);
        Array.Clear(_sumImaginary);
        for (int p = 0; p < Count; p++)
        {
            double re = _overlaps[2 * p], im = _overlaps[(2 * p) + 1], power = Beta * ((re * re) + (im * im) - (most * most));
            // What is a billionth of the strongest moves nothing.
            if (power < -20)
                continue;
            double weight = FixedMath.Exp(power);
            SlotOverlap.Add(_sumReal.AsSpan(0, _head), _sumImaginary.AsSpan(0, _head), HeadReal(p), HeadImaginary(p), (float)(weight * re), (float)(weight * im));
            SlotOverlap.Add(_sumReal.AsSpan(_head), _sumImaginary.AsSpan(_head), TailReal(p), TailImaginary(p), (float)(weight * re), (float)(weight * im));
        }
        float size = 1 / MathF.Max(MathF.Sqrt(SlotOverlap.Of(_sumReal, _sumImaginary, _sumReal, _sumImaginary).Real), 1e-20f);
        for (int i = 0; i < _padded; i++)
            (_zReal[i], _zImaginary[i]) = (_sumReal[i] * size, _sumImaginary[i] * size);
    }

    /// <summary>Turns the pattern taken into the phase of the slot and adds its share.</summary>
    void Blend(int slot, float re, float im)
    {
        float size = MathF.Sqrt((re * re) + (im * im)), share = 1f / Math.Min(_writes[slot] + 1, 16), p = share * re / size, q = -share * im / size;
        for (int i = 0; i < Length; i++)
        {
            (float x, float y) = At(slot, i);
            float a = ((1 - share) * x) + (p * _zReal[i]) - (q * _zImaginary[i]), b = ((1 - share) * y) + (p * _zImaginary[i]) + (q * _zReal[i]);
            (_sumReal[i], _sumImaginary[i]) = (a, b);
        }
        _sumReal.AsSpan(Length).Clear();
        _sumImaginary.AsSpan(Length).Clear();
        float norm = 1 / MathF.Max(MathF.Sqrt(SlotOverlap.Of(_sumReal, _sumImaginary, _sumReal, _sumImaginary).Real), 1e-20f);
        for (int i = 0; i < _padded; i++)
            (_zReal[i], _zImaginary[i]) = (_sumReal[i] * norm, _sumImaginary[i] * norm);
        Store(slot);
    }

    void Store(int slot)
    {
        _zReal.AsSpan(0, _head).CopyTo(HeadReal(slot));
        _zImaginary.AsSpan(0, _head).CopyTo(HeadImaginary(slot));
        _zReal.AsSpan(_head).CopyTo(TailReal(slot));
        _zImaginary.AsSpan(_head).CopyTo(TailImaginary(slot));
        _tailSize[slot] = SizeOfTail(slot);
    }

    float SizeOfTail(int slot) => MathF.Sqrt(SlotOverlap.Of(TailReal(slot), TailImaginary(slot), TailReal(slot), TailImaginary(slot)).Real);

    int Weakest()
    {
        int weakest = 0;
        for (int p = 1; p < Count; p++)
            if (_touched[p] < _touched[weakest])
                weakest = p;
        return weakest;
    }

    void Unlink(int slot)
    {
        _next[slot] = -1;
        _next.AsSpan(0, Count).Replace(slot, -1);
    }

    /// <summary>Writes the memory to a file, or nothing.</summary>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public void Save(string path) => StateFile.Write(path, Magic, Version, to =>
    {
        to.Number(Length);
        to.Number(Capacity);
        to.Double(Vigilance);
        to.Double(HalfLife);
        to.UInt64((ulong)_clock);
        to.Number(Count);
        for (int p = 0; p < Count; p++)
        {
            to.Text(_names[p]);
            to.Number(_touched[p]);
            to.Number(_writes[p]);
            to.Number(_next[p] + 1);
            foreach (float value in HeadReal(p, 2))
                to.UInt32(BitConverter.SingleToUInt32Bits(value));
            foreach (float value in TailReal(p, 2))
                to.UInt32(BitConverter.SingleToUInt32Bits(value));
        }
    });

    /// <summary>Reads a memory.</summary>
    /// <exception cref="DumException">No such file, damaged, or of another version.</exception>
    public static RhythmStore Load(string path) => StateFile.Read(path, Magic, Version, Tongue.Say("a rhythm memory", "память ритмов"), (ref from) =>
    {
        var store = new RhythmStore((int)from.Number(MostLength), (int)from.Number(MostSlots), from.Double(), from.Double()) { _clock = from.Counter() };
        int count = from.Count(8 * store._padded);
        if (count > store.Capacity)
            throw from.Damaged();
        for (int p = 0; p < count; p++)
        {
            store.Fresh();
            (store._names[p], store._touched[p], store._writes[p], store._next[p]) = (from.Text(MostName), from.Number(store._clock), from.Number(store._clock), (int)from.Number(count) - 1);
            foreach (ref float value in store.HeadReal(p, 2))
                value = Finite(ref from);
            foreach (ref float value in store.TailReal(p, 2))
                value = Finite(ref from);
            store._tailSize[p] = store.SizeOfTail(p);
        }
        return store;
    });

    static float Finite(ref ByteReader from) => BitConverter.UInt32BitsToSingle(from.UInt32()) is var value && float.IsFinite(value) ? value : throw from.Damaged();

    static ReadOnlySpan<byte> Magic => "DUMSLOT\n"u8;
}
