using Dum.Coding;
using Dum.Numerics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>
/// The witnesses of one column. Each turns the signal into a number that an anomaly would make a record, and says by what
/// margin it is one; margins add up, so that what several witnesses see counts more. Constant cost and memory per record.
/// </summary>
sealed class ColumnWatch
{
    // All chosen on 33 of NAB's files, see docs/rhythm-nab.md. Two scales three octaves apart, as the rings of a StreamMedium are.
    const int Near = 16, Far = 128, Oscillators = 32, StateSmoothing = 8, Quiet = 100, StateQuiet = 20, ShortStill = 24;
    const double Slow = 3e-5, Fast = 3e-4, Light = 0.25, Faint = 0.1, SquashAt = 30, HabitRate = 0.002;

    readonly RunningScale _scale = new();
    readonly StateMemory _memory = new(2);
    readonly DayHabit _day = new();
    readonly TapForecast _forecast;
    readonly RecordMargin _range = new(Slow, true, Quiet), _step = new(Slow, true, Quiet), _surprise = new(Slow, false, Quiet), _clock = new(Slow, true, Quiet), _state = new(Slow, false, Quiet + StateQuiet), _flat = new(Slow, false, Quiet);
    readonly RecordMargin[] _growth = [new(Fast, false, Quiet), new(Fast, false, Quiet)], _fading = [new(Fast, false, Quiet), new(Fast, false, Quiet)];
    readonly double[] _habits = new double[2 * Oscillators], _deviations = new double[2];
    Medium<double> _rings;
    double _near, _far, _distance, _last = double.NaN;
    long _still;
    long _count;

    /// <summary>Values heard.</summary>
    public long Heard => _count;

    /// <summary>The rings that listen, to look at.</summary>
    public Medium<double> Rings => _rings;

    /// <summary>Makes a watch that knows nothing.</summary>
    /// <param name="memory">Of its forecast: samples after which a lesson has faded to about a third, at least 10.</param>
    public ColumnWatch(double memory)
    {
        _forecast = new TapForecast(memory);
        // A ring hears what is left when its level is taken away, and remembers twice as long: energy falls twice as fast as amplitude.
        Ring[] rings = [RingPresets.Echo(Oscillators, 1.0 / (2 * Near), 0, 2), RingPresets.Echo(Oscillators, 1.0 / (2 * Far), 1, 2)];
        _rings = new Medium<double>(new MediumParameters { Inputs = 2, Rings = rings });
    }

    /// <summary>Judges a value, then learns from it.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="second">Seconds since midnight; NaN where the time of day is not known.</param>
    /// <param name="period">The period that broke, in samples, where a rhythm did; else 0.</param>
    /// <returns>The sum of all margins, 0 or more, and the witness that gave most.</returns>
    public (double Margin, AnomalyKind Kind) Step(double value, double second, out double period)
    {
        if (_count++ == 0)
            _near = _far = value;
        (_deviations[0], _deviations[1]) = (value - _near, value - _far);
        _near += Math.Max(1.0 / _count, 1.0 / Near) * _deviations[0];
        _far += Math.Max(1.0 / _count, 1.0 / Far) * _deviations[1];

        (double Margin, AnomalyKind Kind) all = default;
        double most = 0;
        Add(_range.Judge(value), AnomalyKind.Range);
        Add(_step.Judge(_deviations[0]), AnomalyKind.Step);
        Add(_state.Judge(Strangeness()), AnomalyKind.State);
        Add(Faint * Stillness(value), AnomalyKind.Flat);
        Add(Light * Change(out int ring, out int sign), AnomalyKind.Rhythm);
        Add(Light * _surprise.Judge(Math.Abs(_forecast.Error(value, _scale, second))), AnomalyKind.Surprise);
        if (!double.IsNaN(second))
            Add(Light * _clock.Judge(_day.Away(value, second)), AnomalyKind.Clock);
        period = all.Kind == AnomalyKind.Rhythm ? Broken(ring, sign) : 0;
        Habituate();
        _scale.Add(value);
        return all;

        void Add(double margin, AnomalyKind kind)
        {
            all.Margin += margin;
            if (margin > most)
                (most, all.Kind) = (margin, kind);
        }
    }

    /// <summary>How far the two levels together are from where they have been, over about the last eight records.</summary>
    double Strangeness()
    {
        double met = _memory.Meet([Place(_near), Place(_far)]);
        _distance += ((_count <= Quiet ? 0 : met) - _distance) / StateSmoothing;
        return _distance;
    }

    /// <summary>A level in spreads from the mean, bent so that nothing is further than <see cref="SquashAt"/>.</summary>
    double Place(double level)
    {
        // A signal that never moved has no spread; then a change of a millionth is as much as one.
        double spread = _scale.Moves ? _scale.Spread : (1e-6 * Math.Abs(_scale.Mean)) + 1e-300, place = Math.Clamp((level - _scale.Mean) / spread, -1e6, 1e6);
        return place / (1 + (Math.Abs(place) / SquashAt));
    }

    /// <summary>Margin by which a value has stood still for longer than ever, once it has moved.</summary>
    double Stillness(double value)
    {
        _still = value == _last ? _still + 1 : 0;
        _last = value;
        return _scale.Moves ? _flat.Judge(Math.Max(_still, ShortStill)) : 0;
    }

    /// <summary>Margin of the ring whose energy has left its range furthest, grown (sign 1) or faded (−1).</summary>
    double Change(out int ring, out int sign)
    {
        _rings.Advance(1);
        _rings.Hear(_deviations);
        (ring, sign) = (0, 1);
        // Below a thousandth of the signal's size a ring counts as silent.
        double most = 0, floor = 1e-6 * ((_scale.Mean * _scale.Mean) + (_scale.Moves ? _scale.Spread * _scale.Spread : 0));
        for (int r = 0; r < 2 && floor > 0; r++)
        {
            // The ring's energy as the mean square of what it remembers.
            double power = FixedMath.Log((_rings.Energy(r) * Oscillators / (r == 0 ? Near : Far)) + floor);
            double grown = _growth[r].Judge(power), faded = _count > Quiet ? _fading[r].Judge(-power) : 0;
            if (Math.Max(grown, faded) > most)
                (most, ring, sign) = (Math.Max(grown, faded), r, grown >= faded ? 1 : -1);
        }
        return most;
    }

    /// <summary>Period of the oscillator whose energy has changed most from its habit.</summary>
    double Broken(int ring, int sign)
    {
        int broken = 0;
        double most = double.NegativeInfinity;
        for (int j = 0; j < Oscillators; j++)
            if (sign * (Energy(ring, j) - _habits[(ring * Oscillators) + j]) is var change && change > most)
                (most, broken) = (change, j);
        return 2 * Math.PI / _rings.Parameters.Rings[ring].Rhythm.Omega[broken];
    }

    void Habituate()
    {
        for (int ring = 0; ring < 2; ring++)
            for (int j = 0; j < Oscillators; j++)
                _habits[(ring * Oscillators) + j] += Math.Max(1.0 / _count, HabitRate) * (Energy(ring, j) - _habits[(ring * Oscillators) + j]);
    }

    double Energy(int ring, int oscillator)
    {
        double re = _rings.Real(ring)[oscillator], im = _rings.Imaginary(ring)[oscillator];
        return (re * re) + (im * im);
    }

    IEnumerable<RecordMargin> Margins => [_range, _step, _surprise, _clock, _state, _flat, .. _growth, .. _fading];

    internal void Write(ByteWriter to)
    {
        to.UInt64((ulong)_count);
        _scale.Write(to);
        MediumFile.Write(_rings, to);
        _memory.Write(to);
        _day.Write(to);
        _forecast.Write(to);
        foreach (RecordMargin margin in Margins)
            margin.Write(to);
        foreach (double value in (IEnumerable<double>)[.. _habits, .. _deviations, _near, _far, _distance, _last])
            to.Double(value);
        to.UInt64((ulong)_still);
    }

    internal void Read(ref ByteReader from)
    {
        _count = from.Counter();
        _scale.Read(ref from);
        Medium<double> rings = MediumFile.Read(ref from);
        if (rings.Inputs.Length != _rings.Inputs.Length || rings.Rings != _rings.Rings || Enumerable.Range(0, rings.Rings).Any(r => rings.Real(r).Length != Oscillators))
            throw from.Damaged();
        _rings = rings;
        _memory.Read(ref from);
        _day.Read(ref from);
        _forecast.Read(ref from);
        foreach (RecordMargin margin in Margins)
            margin.Read(ref from);
        from.Finite(_habits);
        from.Finite(_deviations);
        (_near, _far, _distance, _last, _still) = (from.Finite(), from.Finite(), from.Finite(), from.Double(), from.Counter());
    }
}
