using System.Numerics;
using Dum.Numerics;
using Dum.Rhythm.Memory;

namespace Dum.Rhythm.Map;

/// <summary>Memory as one vector or matrix in which everything is superposed, against slots that resonate.</summary>
static class MemoryRow
{
    const int N = 64, Sweeps = 20;
    const double Damage = 0.2, Alike = 0.95;

    public static MapExperiment Make(MapOptions o) => new(new MapRow(
        "memory", new("memory as one vector or matrix", "память как один вектор или матрица"),
        new($"{N} rhythms of {N} phases learned, each recalled with a fifth of its phases random", $"выучено ритмов: {N}, по {N} фаз, припоминание при пятой части случайных фаз"),
        new("recalled, %", "вспомнено, %"), Less: false,
        new("slots with dense energy", "ячейки с плотной энергией"),
        new($"one {N} × {N} matrix (pseudo-inverse without its diagonal)", $"одна матрица {N} × {N} (псевдообратная без диагонали)"), null, null,
        new("as many numbers as the matrix has; it holds about 0.4 N patterns, the slots N for each N² numbers and more slots more", "чисел столько же, сколько в матрице; она держит около 0,4 N узоров, ячейки — N на каждые N² чисел, а больше ячеек — больше")),
        seed =>
        {
            var store = new RhythmStore(N, N);
            for (uint p = 0; p < N; p++)
                store.Write(Pattern(seed, p), "");
            return new MapOutcome(Share(seed, cue =>
            {
                var settled = new Complex[N];
                store.Recall(cue, settled);
                return settled;
            }), store);
        },
        (seed, _) =>
        {
            Complex[,] matrix = Projection([.. Enumerable.Range(0, N).Select(p => Pattern(seed, (uint)p))]);
            return new MapOutcome(Share(seed, cue => Settle(matrix, cue)), matrix);
        });

    static double Share(ulong seed, Func<Complex[], Complex[]> recall)
    {
        int right = 0;
        for (uint p = 0; p < N; p++)
        {
            Complex[] pattern = Pattern(seed, p), cue = [.. pattern.Select((z, i) => Random(seed, p, (uint)i, 2) < Damage ? Phase(Random(seed, p, (uint)i, 3)) : z)], found = recall(cue);
            Complex overlap = 0;
            double size = 0;
            for (int i = 0; i < N; i++)
                (overlap, size) = (overlap + (Complex.Conjugate(pattern[i]) * found[i]), size + (found[i].Magnitude * found[i].Magnitude));
            right += size > 0 && overlap.Magnitude / Math.Sqrt(size * N) > Alike ? 1 : 0;
        }
        return 100.0 * right / N;
    }

    /// <summary>The projection onto the patterns, ξ·(ξ*ξ)⁻¹·ξ*, its diagonal taken out (Personnaz et al. 1986).</summary>
    static Complex[,] Projection(Complex[][] patterns)
    {
        // Orthonormal patterns span the same space: Gram and Schmidt, twice for rounding's sake.
        var basis = new List<Complex[]>();
        foreach (Complex[] pattern in patterns)
        {
            Complex[] rest = [.. pattern];
            for (int twice = 0; twice < 2; twice++)
                foreach (Complex[] b in basis)
                {
                    Complex along = Inner(b, rest);
                    for (int i = 0; i < N; i++)
                        rest[i] -= along * b[i];
                }
            double size = Math.Sqrt(Inner(rest, rest).Real);
            if (size > 1e-9)
                basis.Add([.. rest.Select(z => z / size)]);
        }
        var matrix = new Complex[N, N];
        foreach (Complex[] b in basis)
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    matrix[i, j] += i == j ? 0 : b[i] * Complex.Conjugate(b[j]);
        return matrix;
    }

    static Complex[] Settle(Complex[,] matrix, Complex[] cue)
    {
        Complex[] z = [.. cue], next = new Complex[N];
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int i = 0; i < N; i++)
            {
                Complex sum = 0;
                for (int j = 0; j < N; j++)
                    sum += matrix[i, j] * z[j];
                next[i] = sum.Magnitude > 1e-12 ? sum / sum.Magnitude : z[i];
            }
            (z, next) = (next, z);
        }
        return z;
    }

    static Complex Inner(Complex[] a, Complex[] b)
    {
        Complex sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += Complex.Conjugate(a[i]) * b[i];
        return sum;
    }

    static Complex[] Pattern(ulong seed, uint number) => [.. Enumerable.Range(0, N).Select(i => Phase(Random(seed, number, (uint)i, 1)))];

    static double Random(ulong seed, uint pattern, uint place, uint use) => new Philox(seed, 0x4D454D).Unit(use, place, pattern);

    static Complex Phase(double turns)
    {
        (double sin, double cos) = FixedMath.SinCos(2 * Math.PI * turns);
        return new Complex(cos, sin);
    }
}
