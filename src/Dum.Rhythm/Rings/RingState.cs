using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>One ring as it runs: its oscillators, its tables of steps, and what it hears.</summary>
sealed class RingState<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Suzuki's composition has two lengths of step, and what is left at the end of an interval has two more.
    public const int Tables = 6;

    readonly StepTable<T>[] _tables;
    readonly double[] _signals, _turn, _modulation, _modeCos, _modeSin;
    readonly double[][] _hearReal, _hearImaginary;
    readonly RingRoom<T> _room;
    double _rate = double.NaN;
    int _next;

    public RingState(Ring ring, IReadOnlyList<Ring> rings, int inputs)
    {
        (Ring, Count) = (ring, ring.Structure.Count);
        int padded = (Count + 7) / 8 * 8;
        _room = new RingRoom<T>(Count, 1, padded);
        _tables = [.. Enumerable.Range(0, Tables).Select(_ => new StepTable<T>(ring, inputs, padded))];
        RingStructure s = ring.Structure;
        Inputs = inputs;
        Modulated = s.Modulation.Length > 0;
        Driven = s.GainReal.Length > 0 && !s.Kicked;
        _signals = new double[inputs + s.Listens.Length];
        _turn = Modulated ? new double[padded] : [];
        // Signal after signal, so that the sum over signals runs across oscillators.
        _modulation = new double[Modulated ? padded * _signals.Length : 0];
        for (int i = 0; Modulated && i < _signals.Length; i++)
            for (int j = 0; j < Count; j++)
                _modulation[(i * padded) + j] = s.Modulation[(j * _signals.Length) + i];
        (_modeCos, _modeSin) = (new double[Count], new double[Count]);
        for (int j = 0; j < Count; j++)
            (_modeSin[j], _modeCos[j]) = FixedMath.SinCos(2 * Math.PI * ((long)s.Mode * j % Count) / Count);
        (_hearReal, _hearImaginary) = (new double[s.Listens.Length][], new double[s.Listens.Length][]);
        for (int l = 0; l < s.Listens.Length; l++)
            (_hearReal[l], _hearImaginary[l]) = Echo(rings[s.Listens[l].Ring], s.Listens[l].Delay);
    }

    public Ring Ring { get; }

    public int Count { get; }

    public int Inputs { get; }

    /// <summary>State, padded to whole vectors.</summary>
    public T[] Real => _room.Real;

    public T[] Imaginary => _room.Imaginary;

    /// <summary>True when inputs or listened signals move its frequencies.</summary>
    public bool Modulated { get; }

    /// <summary>True when held inputs drive it.</summary>
    public bool Driven { get; }

    /// <summary>True when it is silent or loud, by a quintic saturation.</summary>
    public bool Bursts => Ring.Rhythm.Quintic > 0;

    /// <summary>R, which adds to the growth of a ring that bursts.</summary>
    public double Reserve;

    /// <summary>True when one multiplication solves it for any step.</summary>
    public bool Linear => Ring.Rhythm.Beta == 0 && Ring.Rhythm.Delta == 0 && Ring.Contour.Kappa == 0;

    /// <summary>Fastest that it turns, grows or shifts, per unit of time.</summary>
    public double Rate()
    {
        if (double.IsNaN(_rate))
        {
            _rate = Math.Max(Ring.Contour.Kappa, Bursts ? BurstFlow<T>.Rate(Ring.Rhythm) : 0);
            for (int j = 0; j < Count; j++)
                _rate = Math.Max(_rate, Math.Max(Math.Abs(Ring.Rhythm.Omega[j] + (Modulated ? _turn[j] : 0)), Math.Abs(Ring.Rhythm.Mu[j])));
        }
        return _rate;
    }

    /// <summary>Forgets tables that the parameters, or what modulates, no longer agree with.</summary>
    public void Stale()
    {
        _rate = double.NaN;
        foreach (StepTable<T> table in _tables)
            table.Forget();
    }

    /// <summary>Impulses of an event.</summary>
    public void Kick(ReadOnlySpan<double> inputs)
    {
        RingStructure s = Ring.Structure;
        if (!s.Kicked || s.GainReal.Length == 0)
            return;
        for (int j = 0; j < Count; j++)
        {
            double re = 0, im = 0;
            for (int i = 0; i < inputs.Length; i++)
            {
                re += s.GainReal[(j * Inputs) + i] * inputs[i];
                im += s.GainImaginary[(j * Inputs) + i] * inputs[i];
            }
            Real[j] += T.CreateTruncating(re);
            Imaginary[j] += T.CreateTruncating(im);
        }
    }

    /// <summary>Hears the inputs and the rings it listens to; its frequencies move by what it heard.</summary>
    public void Hear(ReadOnlySpan<double> inputs, RingState<T>[] rings)
    {
        if (!Modulated)
            return;
        inputs.CopyTo(_signals);
        for (int l = 0; l < _hearReal.Length; l++)
        {
            RingState<T> from = rings[Ring.Structure.Listens[l].Ring];
            double[] re = _hearReal[l], im = _hearImaginary[l];
            double sum = 0;
            for (int j = 0; j < re.Length; j++)
                sum += (re[j] * double.CreateTruncating(from.Real[j])) + (im[j] * double.CreateTruncating(from.Imaginary[j]));
            _signals[Inputs + l] = sum;
        }
        Obey();
    }

    /// <summary>What it heard at the last event: inputs, then listened signals.</summary>
    public Span<double> Signals => _signals;

    /// <summary>Moves the frequencies by what was heard.</summary>
    public void Obey()
    {
        if (!Modulated)
            return;
        Array.Clear(_turn);
        ref double turn = ref MemoryMarshal.GetArrayDataReference(_turn), m = ref MemoryMarshal.GetArrayDataReference(_modulation);
        for (int i = 0; i < _signals.Length; i++)
        {
            Vector256<double> signal = Vector256.Create(_signals[i]);
            for (nuint j = 0; j < (nuint)_turn.Length; j += 4)
                Vector256.FusedMultiplyAdd(signal, Vector256.LoadUnsafe(ref m, (nuint)(i * _turn.Length) + j), Vector256.LoadUnsafe(ref turn, j)).StoreUnsafe(ref turn, j);
        }
        _rate = double.NaN;
        foreach (StepTable<T> table in _tables)
            table.Turned();
    }

    /// <summary>Lets time pass for this ring alone: <paramref name="steps"/> equal Strang steps, halves between them merged.</summary>
    public void Flow(double length, int steps, ReadOnlySpan<T> inputs)
    {
        FlowTable<T> table = Table(Linear ? length : length / steps);
        RingFlow<T>.Hold(table, Driven ? inputs : [], _room);
        if (Linear)
            RingFlow<T>.Solve(table, _room);
        else if (Bursts)
            BurstFlow<T>.Steps(table, _room, steps, length / steps, Ring.Rhythm, ref Reserve);
        else
            RingFlow<T>.Steps(table, _room, steps, Ring.Rhythm);
    }

    /// <summary>Adds the fluctuation of a step: normal, of variance σ²·(e^2μτ − 1)/2μ in each part.</summary>
    public void Fluctuate(Philox noise, uint layer, ulong step, double length)
    {
        double sigma = Ring.Contour.Noise;
        if (sigma == 0)
            return;
        for (int j = 0; j < Count; j++)
        {
            (double re, double im) = noise.Normal(layer + (uint)j, (uint)step, (uint)(step >> 32));
            double size = sigma * Math.Sqrt(Math.Max(0, StepTable<T>.Gain(Ring.Rhythm.Mu[j], length) / 2));
            Real[j] += T.CreateTruncating(size * re);
            Imaginary[j] += T.CreateTruncating(size * im);
        }
    }

    /// <summary>The collective mode Z.</summary>
    public (double Real, double Imaginary) Mode()
    {
        double re = 0, im = 0;
        for (int j = 0; j < Count; j++)
        {
            double x = double.CreateTruncating(Real[j]), y = double.CreateTruncating(Imaginary[j]);
            re += (_modeCos[j] * x) + (_modeSin[j] * y);
            im += (_modeCos[j] * y) - (_modeSin[j] * x);
        }
        return (re / Count, im / Count);
    }

    /// <summary>Adds to every oscillator so that the collective mode grows by the given amount.</summary>
    public void Push(double real, double imaginary)
    {
        for (int j = 0; j < Count; j++)
        {
            Real[j] += T.CreateTruncating((_modeCos[j] * real) - (_modeSin[j] * imaginary));
            Imaginary[j] += T.CreateTruncating((_modeCos[j] * imaginary) + (_modeSin[j] * real));
        }
    }

    /// <summary>The table of a step of this length.</summary>
    public FlowTable<T> Table(double length)
    {
        foreach (StepTable<T> known in _tables)
            if (known.Length == length)
                return known.Flow;
        StepTable<T> table = _tables[_next = (_next + 1) % Tables];
        table.Set(length, _turn, Linear);
        return table.Flow;
    }

    /// <summary>
    /// Weights that read from a ring what its first input was some time ago: conj(b)·e^(−λ·delay)/|b|², averaged over the
    /// ring. With evenly spaced frequencies up to π and unit time between events, this is that very input.
    /// </summary>
    static (double[] Real, double[] Imaginary) Echo(Ring ring, double delay)
    {
        RingStructure s = ring.Structure;
        var (re, im) = (new double[s.Count], new double[s.Count]);
        int inputs = s.GainReal.Length / s.Count;
        for (int j = 0; j < s.Count; j++)
        {
            double bRe = inputs > 0 ? s.GainReal[j * inputs] : 1, bIm = inputs > 0 ? s.GainImaginary[j * inputs] : 0, size = (bRe * bRe) + (bIm * bIm);
            // A gain of nought: the ring does not hear its first input, but the one that it has.
            for (int i = 1; i < inputs && size == 0; i++)
                (bRe, bIm, size) = (s.GainReal[(j * inputs) + i], s.GainImaginary[(j * inputs) + i], (s.GainReal[(j * inputs) + i] * s.GainReal[(j * inputs) + i]) + (s.GainImaginary[(j * inputs) + i] * s.GainImaginary[(j * inputs) + i]));
            double grow = size == 0 ? 0 : FixedMath.Exp(Math.Min(-ring.Rhythm.Mu[j] * delay, 30)) / (size * s.Count);
            (double sin, double cos) = FixedMath.SinCos(ring.Rhythm.Omega[j] * delay);
            // Re(conj(b)·e^(−iωd)·z) with conj(b)·e^(−iωd) = p − iq.
            double p = (bRe * cos) - (bIm * sin), q = (bRe * sin) + (bIm * cos);
            (re[j], im[j]) = (grow * p, grow * q);
        }
        return (re, im);
    }
}
