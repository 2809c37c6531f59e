using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Map;

/// <summary>Classic Runge–Kutta of fourth order (Kutta 1901) for rings with real gains and equal μ, β, κ, four lanes wide like the flows that it is measured against.</summary>
sealed class RungeKutta
{
    readonly double[] _omega, _re, _im, _toRe, _toIm, _sumRe, _sumIm, _slopeRe, _slopeIm, _beforeRe, _beforeIm;
    readonly double[] _input = new double[1];
    readonly double _mu, _beta, _kappa, _gain;
    readonly int _size;
    readonly Drive _drive;

    /// <param name="parameters">Rings alike but for their frequencies, their size a multiple of four.</param>
    /// <param name="drive">The one input.</param>
    public RungeKutta(MediumParameters parameters, Drive drive)
    {
        _omega = [.. parameters.Rings.SelectMany(r => r.Rhythm.Omega)];
        Ring first = parameters.Rings[0];
        (_size, _mu, _beta, _kappa, _gain, _drive) = (first.Structure.Count, first.Rhythm.Mu[0], first.Rhythm.Beta, first.Contour.Kappa, first.Structure.GainReal[0], drive);
        int n = _omega.Length;
        (_re, _im, _toRe, _toIm, _sumRe, _sumIm) = (new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        (_slopeRe, _slopeIm, _beforeRe, _beforeIm) = (new double[n], new double[n], new double[n], new double[n]);
    }

    /// <summary>Runs from all oscillators at 1.</summary>
    /// <param name="steps">How many steps.</param>
    /// <param name="step">Length of each.</param>
    /// <returns>The real parts at the end.</returns>
    public double[] Run(int steps, double step)
    {
        Array.Fill(_re, 1);
        Array.Clear(_im);
        for (int i = 0; i < steps; i++)
        {
            double t = i * step;
            Slope(t, _re, _im, 1.0 / 6, first: true);
            Move(step / 2);
            Slope(t + (step / 2), _toRe, _toIm, 1.0 / 3, first: false);
            Move(step / 2);
            Slope(t + (step / 2), _toRe, _toIm, 1.0 / 3, first: false);
            Move(step);
            Slope(t + step, _toRe, _toIm, 1.0 / 6, first: false);
            VectorMath.AddScaled(_re, _sumRe, step);
            VectorMath.AddScaled(_im, _sumIm, step);
        }
        return [.. _re];
    }

    void Move(double step)
    {
        _re.CopyTo(_toRe, 0);
        _im.CopyTo(_toIm, 0);
        VectorMath.AddScaled(_toRe, _slopeRe, step);
        VectorMath.AddScaled(_toIm, _slopeIm, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Slope(double time, double[] re, double[] im, double weight, bool first)
    {
        _drive(time, _input);
        for (int r = 0; r < re.Length; r += _size)
        {
            Array.Copy(re, r, _beforeRe, r + 1, _size - 1);
            Array.Copy(im, r, _beforeIm, r + 1, _size - 1);
            (_beforeRe[r], _beforeIm[r]) = (re[r + _size - 1], im[r + _size - 1]);
        }
        Vector256<double> mu = Vector256.Create(_mu - _kappa), beta = Vector256.Create(_beta), kappa = Vector256.Create(_kappa), push = Vector256.Create(_gain * _input[0]), share = Vector256.Create(weight);
        for (int j = 0; j < re.Length; j += Vector256<double>.Count)
        {
            Vector256<double> x = Load(re, j), y = Load(im, j), omega = Load(_omega, j);
            Vector256<double> local = mu - (beta * Vector256.FusedMultiplyAdd(x, x, y * y));
            Vector256<double> a = Vector256.FusedMultiplyAdd(local, x, Vector256.FusedMultiplyAdd(-omega, y, Vector256.FusedMultiplyAdd(kappa, Load(_beforeRe, j), push)));
            Vector256<double> b = Vector256.FusedMultiplyAdd(local, y, Vector256.FusedMultiplyAdd(omega, x, kappa * Load(_beforeIm, j)));
            Store(a, _slopeRe, j);
            Store(b, _slopeIm, j);
            Store(first ? share * a : Vector256.FusedMultiplyAdd(share, a, Load(_sumRe, j)), _sumRe, j);
            Store(first ? share * b : Vector256.FusedMultiplyAdd(share, b, Load(_sumIm, j)), _sumIm, j);
        }
    }

    static Vector256<double> Load(double[] from, int at) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(from), (nuint)at);

    static void Store(Vector256<double> value, double[] to, int at) => value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(to), (nuint)at);
}
