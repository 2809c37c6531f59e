using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>Where the energy Σ|z|² of a ring comes from and goes to, per unit of time.</summary>
/// <param name="Local">Growth, damping and saturation: 2·Σ((μ + R)|z|² − β|z|⁴ − γ|z|⁶).</param>
/// <param name="Along">The coupling along the ring: 2κ·Σ Re(z̄_j·(e^(−iφ)·z_(j−1) − z_j)).</param>
/// <param name="Exchange">Other rings, over the contour map: 2M·Re(Z̄·Σ K·e^(ia)·Z_s).</param>
/// <param name="Drive">Held inputs and the constant drive: 2·Σ Re(z̄·(b·u + c)).</param>
public readonly record struct RingPower(double Local, double Along, double Exchange, double Drive)
{
    /// <summary>All of it: the rate of change of the energy.</summary>
    public double Total => Local + Along + Exchange + Drive;

    /// <summary>The power of a ring at this moment; impulses of events and fluctuation are not in it.</summary>
    public static RingPower Of(Medium<double> medium, int ring)
    {
        (RingStructure s, RingRhythm h, RingContour c) = medium.Parameters.Rings[ring];
        ReadOnlySpan<double> re = medium.Real(ring), im = medium.Imaginary(ring);
        ReadOnlySpan<double> u = medium.Inputs;
        (double lagSin, double lagCos) = FixedMath.SinCos(-c.Phi);
        double local = 0, along = 0, drive = 0, reserve = medium.Reserve(ring);
        for (int j = 0; j < s.Count; j++)
        {
            double x = re[j], y = im[j], energy = (x * x) + (y * y);
            local += 2 * energy * (h.Mu[j] + reserve - (energy * (h.Beta + (h.Quintic * energy))));
            int k = j == 0 ? s.Count - 1 : j - 1;
            double fromRe = (lagCos * re[k]) - (lagSin * im[k]), fromIm = (lagCos * im[k]) + (lagSin * re[k]);
            along += 2 * c.Kappa * ((x * fromRe) + (y * fromIm) - energy);
            double pushRe = s.BiasReal.Length > 0 ? s.BiasReal[j] : 0, pushIm = s.BiasReal.Length > 0 ? s.BiasImaginary[j] : 0;
            if (s.GainReal.Length > 0 && !s.Kicked)
                for (int i = 0; i < u.Length; i++)
                {
                    pushRe += s.GainReal[(j * u.Length) + i] * u[i];
                    pushIm += s.GainImaginary[(j * u.Length) + i] * u[i];
                }
            drive += 2 * ((x * pushRe) + (y * pushIm));
        }
        (double ownRe, double ownIm) = medium.Mode(ring);
        double exchange = 0;
        foreach (ContourEdge edge in medium.Parameters.Edges)
        {
            if (edge.To != ring)
                continue;
            (double zRe, double zIm) = medium.Mode(edge.From);
            (double sin, double cos) = FixedMath.SinCos(edge.Phase);
            double inRe = edge.Strength * ((cos * zRe) - (sin * zIm)), inIm = edge.Strength * ((cos * zIm) + (sin * zRe));
            exchange += 2 * s.Count * ((ownRe * inRe) + (ownIm * inIm));
        }
        return new RingPower(local, along, exchange, drive);
    }
}

/// <summary>The energy balance of every ring over time: powers summed by Simpson's rule beside the change of the energy itself.</summary>
public sealed class EnergyBalance
{
    readonly RingPower[] _gained;
    readonly double[] _start;
    readonly Medium<double> _medium;

    /// <summary>Starts the books of a medium as it is now.</summary>
    public EnergyBalance(Medium<double> medium)
    {
        _medium = medium;
        (_gained, _start) = (new RingPower[medium.Rings], new double[medium.Rings]);
        for (int r = 0; r < medium.Rings; r++)
            _start[r] = medium.Energy(r);
    }

    /// <summary>What a ring gained from each side since the books were opened.</summary>
    public RingPower Gained(int ring) => _gained[ring];

    /// <summary>By how much its energy changed.</summary>
    public double Change(int ring) => _medium.Energy(ring) - _start[ring];

    /// <summary>How far the books are off: |change − gained| in units of all that was moved.</summary>
    public double Error(int ring)
    {
        RingPower g = _gained[ring];
        double moved = Math.Abs(g.Local) + Math.Abs(g.Along) + Math.Abs(g.Exchange) + Math.Abs(g.Drive);
        return moved == 0 ? Math.Abs(Change(ring)) : Math.Abs(Change(ring) - g.Total) / moved;
    }

    /// <summary>Lets time pass and keeps the books.</summary>
    /// <param name="interval">In units of time.</param>
    public void Advance(double interval)
    {
        for (int r = 0; r < _gained.Length; r++)
            Book(r, RingPower.Of(_medium, r), interval / 6);
        _medium.Advance(interval / 2);
        for (int r = 0; r < _gained.Length; r++)
            Book(r, RingPower.Of(_medium, r), interval * 4 / 6);
        _medium.Advance(interval / 2);
        for (int r = 0; r < _gained.Length; r++)
            Book(r, RingPower.Of(_medium, r), interval / 6);
    }

    void Book(int r, RingPower p, double weight)
    {
        RingPower g = _gained[r];
        _gained[r] = new RingPower(g.Local + (weight * p.Local), g.Along + (weight * p.Along), g.Exchange + (weight * p.Exchange), g.Drive + (weight * p.Drive));
    }
}
