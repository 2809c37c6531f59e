using System.Numerics;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>
/// Error control by step doubling: a step is taken once whole and once in two halves, their difference is the error, and
/// the halves are kept. Steps are powers of two, so that the tables of a step serve many times; which power follows from a
/// proportional–integral controller (Gustafsson 1991).
/// </summary>
/// <param name="medium">Without fluctuation; <see cref="MediumParameters.StepAngle"/> may be infinite.</param>
/// <param name="tolerance">Most that an oscillator may be off by in one step, relative to 1 + |z|.</param>
public sealed class AdaptiveStepper<T>(Medium<T> medium, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    const int Longest = 6, Shortest = -24;
    const double Safety = 0.8, Proportional = 0.4, Integral = 0.7;

    readonly T[][] _real = Copies(medium), _imaginary = Copies(medium), _wholeReal = Copies(medium), _wholeImaginary = Copies(medium);
    int _power = -4;
    double _lastError = 1;

    /// <summary>Steps kept and steps thrown away.</summary>
    public (long Kept, long Refused) Counts { get; private set; }

    /// <summary>Lets time pass within the tolerance.</summary>
    /// <param name="interval">At least 0, in units of time.</param>
    /// <param name="drive">The inputs; null to hold those of the last event.</param>
    public void Advance(double interval, Drive? drive = null)
    {
        double end = medium.Time + interval, order = medium.Parameters.Composition == Composition.Strang ? 2 : 4;
        while (end - medium.Time > Math.Abs(end) * 1e-15)
        {
            double power = PowerOfTwo(_power), step = Math.Min(power, end - medium.Time), time = medium.Time;
            Copy(medium, _real, _imaginary, back: false);
            medium.Step(step, drive);
            Copy(medium, _wholeReal, _wholeImaginary, back: false);
            Copy(medium, _real, _imaginary, back: true);
            medium.Time = time;
            medium.Step(step / 2, drive);
            medium.Step(step / 2, drive);
            double error = Math.Max(Difference() / ((order == 2 ? 3 : 15) * tolerance), 1e-10);
            bool kept = error <= 1 || _power == Shortest;
            Counts = (Counts.Kept + (kept ? 1 : 0), Counts.Refused + (kept ? 0 : 1));
            double factor = Safety * FixedMath.Pow(error, -Integral / (order + 1)) * (kept ? FixedMath.Pow(_lastError, Proportional / (order + 1)) : 1);
            if (kept)
                _lastError = error;
            else
            {
                Copy(medium, _real, _imaginary, back: true);
                medium.Time = time;
            }
            if (factor < 1)
                _power = Math.Max(Shortest, _power - (kept ? 1 : Math.Max(1, (int)Math.Ceiling(-Math.Log2(factor)))));
            else if (factor >= 2 && step == power)
                _power = Math.Min(Longest, _power + 1);
        }
        medium.Time = end;
    }

    static double PowerOfTwo(int n) => n >= 0 ? 1L << n : 1.0 / (1L << -n);

    double Difference()
    {
        double most = 0;
        for (int r = 0; r < _real.Length; r++)
        {
            ReadOnlySpan<T> re = medium.Real(r), im = medium.Imaginary(r);
            for (int j = 0; j < re.Length; j++)
            {
                double x = double.CreateTruncating(re[j] - _wholeReal[r][j]), y = double.CreateTruncating(im[j] - _wholeImaginary[r][j]);
                double a = double.CreateTruncating(re[j]), b = double.CreateTruncating(im[j]);
                most = Math.Max(most, Math.Sqrt((x * x) + (y * y)) / (1 + Math.Sqrt((a * a) + (b * b))));
            }
        }
        return most;
    }

    static T[][] Copies(Medium<T> medium) => [.. Enumerable.Range(0, medium.Rings).Select(r => new T[medium.Real(r).Length])];

    static void Copy(Medium<T> medium, T[][] real, T[][] imaginary, bool back)
    {
        for (int r = 0; r < real.Length; r++)
            if (back)
            {
                real[r].CopyTo(medium.Real(r));
                imaginary[r].CopyTo(medium.Imaginary(r));
            }
            else
            {
                medium.Real(r).CopyTo(real[r]);
                medium.Imaginary(r).CopyTo(imaginary[r]);
            }
    }
}
