using System.Numerics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>Inputs as a function of time: fills its second argument.</summary>
/// <param name="time">Time, in the medium's units.</param>
/// <param name="inputs">As many numbers as the medium has inputs.</param>
public delegate void Drive(double time, Span<double> inputs);

/// <summary>
/// Rings of oscillators as they run. Time is a number that the medium carries: events (<see cref="Hear"/>) come at any
/// moment, and between them <see cref="Advance(double)"/> lets any time pass. Nothing is allocated by either. Not thread-safe.
/// </summary>
/// <typeparam name="T"><see cref="double"/>, or <see cref="float"/> for twice the speed.</typeparam>
public sealed class Medium<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // 1/(4 − 4^(1/3)): the outer steps of Suzuki's fourth-order composition.
    const double Outer = 0.41449077179437573714;

    // A ring is divided into at most this many steps of its own between two exchanges.
    const int MostSteps = 1 << 14;

    // Series of the exchange over the contour map: as many terms leave nothing of K·τ ≤ 1.
    const int ExchangeTerms = 18;

    static readonly double[] s_strang = [1];
    static readonly double[] s_fourth = [Outer, Outer, 1 - (4 * Outer), Outer, Outer];

    readonly RingState<T>[] _rings, _single;
    readonly RingPack<T>[] _packs;
    readonly uint[] _first;
    readonly double[] _inputs, _stages;
    readonly T[] _held;
    readonly (int From, int To, double Real, double Imaginary)[] _edges;
    readonly double[] _modes, _term, _image;
    readonly Philox _noise;
    readonly bool _alone;
    bool _packed;

    /// <summary>Makes a medium at rest at time 0.</summary>
    /// <exception cref="DumException">The parameters contradict themselves.</exception>
    public Medium(MediumParameters parameters)
    {
        parameters.Check();
        Parameters = parameters;
        _rings = [.. parameters.Rings.Select(r => new RingState<T>(r, parameters.Rings, parameters.Inputs))];
        _packs = RingPack<T>.All(_rings, parameters.Inputs);
        _single = [.. _rings.Except(_packs.SelectMany(p => p.Rings.ToArray()))];
        _first = new uint[_rings.Length];
        for (int r = 1; r < _rings.Length; r++)
            _first[r] = _first[r - 1] + (uint)_rings[r - 1].Count;
        (_inputs, _held) = (new double[parameters.Inputs], new T[parameters.Inputs]);
        _stages = parameters.Composition == Composition.Strang ? s_strang : s_fourth;
        _edges = [.. parameters.Edges.Select(Edge)];
        (_modes, _term, _image) = (new double[2 * _rings.Length], new double[2 * _rings.Length], new double[2 * _rings.Length]);
        _noise = new Philox(parameters.Seed, 0x5248594D);
        _alone = _edges.Length == 0;
    }

    /// <summary>What it was made from; changed by learning through <see cref="Tune"/>.</summary>
    public MediumParameters Parameters { get; }

    /// <summary>Time passed, in units of time.</summary>
    public double Time { get; internal set; }

    /// <summary>Steps taken: the address of the next fluctuation.</summary>
    public ulong Steps { get; internal set; }

    /// <summary>Number of rings.</summary>
    public int Rings => _rings.Length;

    /// <summary>Real parts of a ring's oscillators. What is written there counts until time passes; after that, ask again.</summary>
    public Span<T> Real(int ring) => Unpacked()[ring].Real.AsSpan(0, _rings[ring].Count);

    /// <summary>Imaginary parts of a ring's oscillators, as <see cref="Real"/>.</summary>
    public Span<T> Imaginary(int ring) => Unpacked()[ring].Imaginary.AsSpan(0, _rings[ring].Count);

    /// <summary>The inputs held now.</summary>
    public ReadOnlySpan<double> Inputs => _inputs;

    /// <summary>The collective mode of a ring.</summary>
    public (double Real, double Imaginary) Mode(int ring) => Unpacked()[ring].Mode();

    /// <summary>The reserve R of a ring that bursts, which adds to its growth; 0 at first.</summary>
    public ref double Reserve(int ring) => ref _rings[ring].Reserve;

    /// <summary>Energy Σ|z|² of a ring.</summary>
    public double Energy(int ring)
    {
        double sum = 0;
        foreach (T x in Real(ring))
            sum += double.CreateTruncating(x) * double.CreateTruncating(x);
        foreach (T y in Imaginary(ring))
            sum += double.CreateTruncating(y) * double.CreateTruncating(y);
        return sum;
    }

    /// <summary>An event: inputs arrive, kick the rings that are kicked, and are held for the others until the next event.</summary>
    /// <param name="inputs">D finite numbers.</param>
    /// <exception cref="ArgumentException">Not D numbers, or not finite.</exception>
    public void Hear(ReadOnlySpan<double> inputs)
    {
        if (inputs.Length != _inputs.Length)
            throw new ArgumentException($"{inputs.Length} inputs where the medium has {_inputs.Length}", nameof(inputs));
        foreach (double u in inputs)
            if (!double.IsFinite(u))
                throw new ArgumentException("an input is not finite", nameof(inputs));
        Hold(inputs);
        foreach (RingState<T> ring in _rings)
            ring.Kick(inputs);
        foreach (RingState<T> ring in _rings)
            ring.Hear(inputs, _rings);
    }

    /// <summary>Lets time pass with the inputs held.</summary>
    /// <param name="interval">At least 0, in units of time.</param>
    public void Advance(double interval) => Advance(interval, null);

    /// <summary>Lets time pass with inputs that change with time; each of a ring's own steps takes them from its middle.</summary>
    /// <param name="interval">At least 0, in units of time.</param>
    /// <param name="drive">The inputs; null to hold those of the last event.</param>
    public void Advance(double interval, Drive? drive)
    {
        if (!(interval >= 0 && double.IsFinite(interval)))
            throw new ArgumentOutOfRangeException(nameof(interval));
        if (interval == 0)
            return;
        // Rings that nothing couples are solved each in one go; fluctuation keeps to the steps.
        double most = _alone && drive is null && !Fluctuates ? double.PositiveInfinity : Parameters.Step;
        long steps = Math.Max(1, (long)Math.Ceiling((interval / most) - 1e-9));
        for (long i = 0; i < steps; i++)
            Step(interval / steps, drive);
    }

    /// <summary>Leave to change parameters of a group: the tables made from them are made anew.</summary>
    /// <returns>False when the group is frozen; then nothing may be changed.</returns>
    public bool Tune(ParameterGroup group, int ring)
    {
        if ((Parameters.Frozen & group) != 0)
            return false;
        _rings[ring].Stale();
        foreach (RingPack<T> pack in _packs)
            pack.Forget();
        return true;
    }

    /// <summary>Puts every oscillator to rest and time to 0.</summary>
    public void Reset()
    {
        foreach (RingState<T> ring in Unpacked())
        {
            Array.Clear(ring.Real);
            Array.Clear(ring.Imaginary);
            ring.Reserve = 0;
        }
        Hold(stackalloc double[_inputs.Length]);
        foreach (RingState<T> ring in _rings)
            ring.Hear(_inputs, _rings);
        (Time, Steps) = (0, 0);
    }

    /// <summary>Sets the inputs held, without an event.</summary>
    internal void Hold(ReadOnlySpan<double> inputs)
    {
        inputs.CopyTo(_inputs);
        for (int i = 0; i < _held.Length; i++)
            _held[i] = T.CreateTruncating(inputs[i]);
    }

    /// <summary>What a ring heard at the last event, to be kept with its state.</summary>
    internal Span<double> Signals(int ring) => _rings[ring].Signals;

    /// <summary>Moves a ring's frequencies by its <see cref="Signals"/>, which were restored.</summary>
    internal void Obey(int ring) => _rings[ring].Obey();

    /// <summary>One step of the composition.</summary>
    internal void Step(double length, Drive? drive)
    {
        foreach (double share in _stages)
        {
            double stage = share * length;
            if (!_alone)
                Exchange(stage / 2);
            Pack();
            foreach (RingPack<T> pack in _packs)
                FlowPack(pack, stage, drive);
            foreach (RingState<T> ring in _single)
                FlowRing(ring, stage, drive);
            if (!_alone)
                Exchange(stage / 2);
            Time += stage;
        }
        for (int r = 0; r < _rings.Length; r++)
            if (_rings[r].Ring.Contour.Noise > 0)
                Unpacked()[r].Fluctuate(_noise, _first[r], Steps, length);
        Steps++;
    }

    void Pack()
    {
        for (int p = 0; !_packed && p < _packs.Length; p++)
            _packs[p].Gather();
        _packed = true;
    }

    /// <summary>Packs keep the state of their rings until somebody asks for it.</summary>
    RingState<T>[] Unpacked()
    {
        for (int p = 0; _packed && p < _packs.Length; p++)
            _packs[p].Scatter();
        _packed = false;
        return _rings;
    }

    bool Fluctuates
    {
        get
        {
            foreach (RingState<T> ring in _rings)
                if (ring.Ring.Contour.Noise > 0)
                    return true;
            return false;
        }
    }

    void FlowRing(RingState<T> ring, double stage, Drive? drive)
    {
        bool changes = drive is not null && (ring.Driven || ring.Modulated);
        int steps = StepsOf(ring, stage, changes), parts = changes ? steps : 1;
        for (int i = 0; i < parts; i++)
        {
            if (changes)
                Sample(drive!, Time + (stage / steps * (i + 0.5)));
            if (changes && ring.Modulated)
                ring.Hear(_inputs, _rings);
            ring.Flow(stage / parts, steps / parts, _held);
        }
    }

    /// <summary>Rings side by side; where one needs other steps, or flows of its own since it was tuned, each goes alone.</summary>
    void FlowPack(RingPack<T> pack, double stage, Drive? drive)
    {
        bool changes = drive is not null && pack.Driven;
        int steps = StepsOf(pack.Rings[0], stage, changes), parts = changes ? steps : 1;
        foreach (RingState<T> ring in pack.Rings)
            if (!RingPack<T>.Fits(ring) || StepsOf(ring, stage, changes) != steps)
            {
                pack.Scatter();
                foreach (RingState<T> each in pack.Rings)
                    FlowRing(each, stage, drive);
                pack.Gather();
                return;
            }
        for (int i = 0; i < parts; i++)
        {
            if (changes)
                Sample(drive!, Time + (stage / steps * (i + 0.5)));
            pack.Flow(stage / parts, steps / parts, _held);
        }
    }

    void Sample(Drive drive, double time)
    {
        drive(time, _inputs);
        Hold(_inputs);
    }

    /// <summary>The power of two by which a ring divides a stage.</summary>
    int StepsOf(RingState<T> ring, double stage, bool changes)
    {
        // Energy that feeds growth stays bounded only while steps are short.
        double most = ring.Bursts ? Math.Min(Parameters.StepAngle, 0.5) : Parameters.StepAngle;
        if ((ring.Linear && !changes) || double.IsInfinity(most))
            return 1;
        double angle = ring.Rate() * Math.Abs(stage);
        int steps = 1;
        while (angle > most * steps && steps < MostSteps)
            steps *= 2;
        return steps;
    }

    /// <summary>Flow of the contour map alone: the collective modes obey dZ/dt = K·Z, summed as a series; the rest of each ring stands still.</summary>
    void Exchange(double length)
    {
        for (int r = 0; r < _rings.Length; r++)
            (_modes[2 * r], _modes[(2 * r) + 1]) = Unpacked()[r].Mode();
        _modes.CopyTo(_term, 0);
        Array.Clear(_modes);
        for (int k = 1; k <= ExchangeTerms; k++)
        {
            Array.Clear(_image);
            foreach ((int from, int to, double re, double im) in _edges)
            {
                _image[2 * to] += (re * _term[2 * from]) - (im * _term[(2 * from) + 1]);
                _image[(2 * to) + 1] += (re * _term[(2 * from) + 1]) + (im * _term[2 * from]);
            }
            double largest = 0;
            for (int i = 0; i < _term.Length; i++)
            {
                _term[i] = _image[i] * length / k;
                _modes[i] += _term[i];
                largest = Math.Max(largest, Math.Abs(_term[i]));
            }
            if (largest < 1e-18)
                break;
        }
        for (int r = 0; r < _rings.Length; r++)
            if (_modes[2 * r] != 0 || _modes[(2 * r) + 1] != 0)
                _rings[r].Push(_modes[2 * r], _modes[(2 * r) + 1]);
    }

    static (int, int, double, double) Edge(ContourEdge e)
    {
        (double sin, double cos) = FixedMath.SinCos(e.Phase);
        return (e.From, e.To, e.Strength * cos, e.Strength * sin);
    }
}
