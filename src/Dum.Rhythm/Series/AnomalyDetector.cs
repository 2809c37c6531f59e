using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Series;

/// <summary>What made a record strange.</summary>
public enum AnomalyKind
{
    /// <summary>Nothing did.</summary>
    None,

    /// <summary>A value beyond all seen before.</summary>
    Range,

    /// <summary>A value came otherwise than forecast.</summary>
    Surprise,

    /// <summary>A rhythm grew or faded: the energy of a ring.</summary>
    Rhythm,

    /// <summary>A step away from the level of the last samples.</summary>
    Step,

    /// <summary>Short and long level stand as they never stood together.</summary>
    State,

    /// <summary>A value that moved stands still for longer than ever.</summary>
    Flat,

    /// <summary>Not so at this time of day.</summary>
    Clock,
}

/// <summary>The judgement of one record.</summary>
/// <param name="Score">How strange, 0…1: ½ where an alarm is worth it by NAB's standard profile; 0 while an alarm rests.</param>
/// <param name="Kind">What made it strange, of what did the most.</param>
/// <param name="Column">Where.</param>
/// <param name="Period">The period that broke, in samples, where a rhythm did; else 0.</param>
public readonly record struct Anomaly(double Score, AnomalyKind Kind, int Column, double Period);

/// <summary>
/// Scores records as they come, in one pass. Witnesses listen to each column (<see cref="ColumnWatch"/>), and a record is
/// as strange as it outdoes everything they heard. After an alarm the next hundred records are silent but for one that is
/// half as strange again: an event is told once.
/// </summary>
public sealed class AnomalyDetector
{
    const int Rest = 100, Version = 1;
    const double Renewal = 1.5, DefaultMemory = 5000;

    /// <summary>Margin that scores ½, chosen on 33 of NAB's files.</summary>
    const double Worth = 0.07;

    readonly ColumnWatch[] _columns;

    // What each column began with, and when: slips among it are taken back once there is enough to know them by.
    readonly List<(double Value, double Second)>[] _first;
    double _told;
    long _silence = Rest;

    /// <summary>Makes a detector that knows nothing.</summary>
    /// <param name="columns">Columns of a record, 1…<see cref="StreamMedium.MostColumns"/>.</param>
    /// <param name="memory">Of the forecast it listens to: samples after which a lesson has faded to about a third, 10…1e9.</param>
    /// <exception cref="DumException">A number is out of its range.</exception>
    public AnomalyDetector(int columns, double memory = DefaultMemory)
    {
        if (columns is < 1 or > StreamMedium.MostColumns)
            throw new DumException(Tongue.Say($"a record has 1 to {StreamMedium.MostColumns} columns, not {columns}: choose some with --columns", $"в записи от 1 до {StreamMedium.MostColumns} столбцов, а не {columns}: выберите через --columns"));
        new ForecastOptions { Memory = memory }.Check();
        Memory = memory;
        _first = [.. Enumerable.Range(0, columns).Select(_ => new List<(double, double)>())];
        _columns = [.. Enumerable.Range(0, columns).Select(_ => new ColumnWatch(memory))];
    }

    /// <summary>Columns of a record.</summary>
    public int Columns => _columns.Length;

    /// <summary>Samples after which a lesson of its forecast has faded to about a third.</summary>
    public double Memory { get; }

    /// <summary>The rings that listen to a column, to look at.</summary>
    public Medium<double> Rings(int column) => _columns[column].Rings;

    /// <summary>Judges a record, then learns from it.</summary>
    /// <param name="record">A number for each column; NaN for a gap.</param>
    /// <param name="second">Seconds since midnight; NaN where the time of day is not known.</param>
    /// <exception cref="ArgumentException">Not as many numbers as columns.</exception>
    public Anomaly Step(ReadOnlySpan<double> record, double second = double.NaN)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(record.Length, _columns.Length);
        Anomaly worst = default;
        double most = 0;
        for (int c = 0; c < record.Length; c++)
        {
            if (!Forecaster.IsNumber(record[c]))
                continue;
            if (TakeBack(c, record[c], second))
                continue;
            (double margin, AnomalyKind kind) = _columns[c].Step(record[c], second, out double period);
            if (margin > most)
                (most, worst) = (margin, new Anomaly(margin / (margin + Worth), kind, c, period));
        }
        _silence++;
        if (most == 0 || (_silence <= Rest && most <= _told * Renewal))
            return default;
        (_told, _silence) = (most, 0);
        return worst;
    }

    /// <summary>When a column has begun, one wild value among its first would be the measure of all that follow: it is then heard anew without.</summary>
    /// <returns>Whether this value is one of them.</returns>
    bool TakeBack(int column, double value, double second)
    {
        List<(double Value, double Second)> first = _first[column];
        if (_columns[column].Heard >= EarlySlips.Enough)
            return false;
        first.Add((value, second));
        if (first.Count < EarlySlips.Enough)
            return false;
        bool[] slips = EarlySlips.Among([.. first.Select(f => f.Value)]);
        if (slips.Contains(true))
        {
            _columns[column] = new ColumnWatch(Memory);
            for (int i = 0; i < first.Count - 1; i++)
                if (!slips[i])
                    _columns[column].Step(first[i].Value, first[i].Second, out _);
        }
        first.Clear();
        return slips[^1];
    }

    /// <summary>Writes everything to a file, or nothing.</summary>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public void Save(string path) => StateFile.Write(path, Magic, Version, Write);

    /// <summary>Goes on where <see cref="Save"/> left off, with the same scores.</summary>
    /// <exception cref="DumException">No such file (exit code 3), damaged, or of another version.</exception>
    public static AnomalyDetector Load(string path) => StateFile.Read(path, Magic, Version, Tongue.Say("a detector's state", "состояние детектора"), (ref from) => Read(ref from));

    static ReadOnlySpan<byte> Magic => "DUMANOM\n"u8;

    void Write(ByteWriter to)
    {
        to.Number(Columns);
        to.Double(Memory);
        to.Double(_told);
        to.UInt64((ulong)_silence);
        foreach (List<(double Value, double Second)> first in _first)
        {
            to.Doubles([.. first.Select(f => f.Value)]);
            to.Doubles([.. first.Select(f => f.Second)]);
        }
        foreach (ColumnWatch column in _columns)
            column.Write(to);
    }

    static AnomalyDetector Read(ref ByteReader from)
    {
        int columns = (int)from.Number(StreamMedium.MostColumns);
        double memory = from.Finite();
        if (columns == 0 || memory is not (>= 10 and <= 1e9))
            throw from.Damaged();
        var made = new AnomalyDetector(columns, memory);
        (made._told, made._silence) = (from.Finite(), from.Counter());
        foreach (List<(double, double)> first in made._first)
        {
            double[] values = from.Doubles(), seconds = from.Doubles();
            if (values.Length != seconds.Length || values.Length >= EarlySlips.Enough || !values.All(double.IsFinite))
                throw from.Damaged();
            first.AddRange(values.Zip(seconds));
        }
        foreach (ColumnWatch column in made._columns)
            column.Read(ref from);
        return made;
    }
}
