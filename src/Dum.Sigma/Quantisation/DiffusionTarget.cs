using Dum.Models;

namespace Dum.Sigma.Quantisation;

/// <summary>
/// What a matrix has to do in a model whose earlier matrices are quantised already: its inputs x̃ have changed, its outputs should
/// stay those of the old inputs x. The least squares of W·x − Q·x̃ are those of W*·x̃ − Q·x̃ with W* = W·(Σ x·x̃ᵀ)·(Σ x̃·x̃ᵀ)⁻¹.
/// </summary>
sealed class DiffusionTarget
{
    readonly double[] _cross;

    DiffusionTarget(int width) => (Inputs, _cross) = (new Gram(width), new double[(long)width * width]);

    /// <summary>The second moments of the inputs as they are now.</summary>
    public Gram Inputs { get; }

    /// <summary>Reads the text with both models.</summary>
    /// <param name="reference">As it was.</param>
    /// <param name="model">As it is now.</param>
    /// <param name="before">Addresses and names of matrices in the first.</param>
    /// <param name="now">The same in the second.</param>
    /// <param name="ids">Tokens.</param>
    /// <param name="options">For the threads.</param>
    /// <param name="cancel">Checked between pieces.</param>
    public static unsafe Dictionary<string, DiffusionTarget> Of(LanguageModel reference, LanguageModel model, Dictionary<nint, string> before, Dictionary<nint, string> now, int[] ids, QuantisationOptions options, CancellationToken cancel)
    {
        Dictionary<string, List<float[]>> old = before.Values.ToDictionary(name => name, _ => new List<float[]>());
        TextRun.Read(reference, ids, options.Threads, inner => new CalibrationKernels(inner, (weights, x) =>
        {
            if (before.TryGetValue(weights, out string? name))
                for (int r = 0; r < x.Rows; r++)
                    old[name].Add(new ReadOnlySpan<float>(x.Row(r), x.Columns).ToArray());
        }), null, cancel);
        Dictionary<string, DiffusionTarget> targets = now.Values.ToDictionary(name => name, name => new DiffusionTarget(model.Matrices[name].Inputs));
        TextRun.Read(model, ids, options.Threads, inner => new CalibrationKernels(inner, (weights, x) =>
        {
            if (now.TryGetValue(weights, out string? name))
                for (int r = 0; r < x.Rows; r++)
                    targets[name].Add(old[name][(int)targets[name].Inputs.Count], new ReadOnlySpan<float>(x.Row(r), x.Columns));
        }), null, cancel);
        return targets;
    }

    /// <summary>The weights to be aimed at.</summary>
    /// <param name="weights">As they were, [rows × width].</param>
    /// <param name="hessian">The damped mean of the inputs' second moments.</param>
    /// <param name="damping">Its share; the same goes to the cross moments, so that nothing moves where nothing is known.</param>
    public float[] Towards(float[] weights, double[] hessian, double damping)
    {
        int n = Inputs.Width;
        var root = (double[])hessian.Clone();
        if (!DenseMath.Cholesky(root, n))
            return weights;
        double scale = 1.0 / Math.Max(1, Inputs.Count), trace = 0;
        for (int i = 0; i < n; i++)
            trace += Inputs.Sum[(i * n) + i];
        double added = damping * trace * scale / n;
        var towards = new float[weights.Length];
        var moved = new double[n];
        for (int r = 0; r < weights.Length / n; r++)
        {
            Array.Clear(moved);
            for (int k = 0; k < n; k++)
                DenseMath.AddScaled(weights[(r * n) + k] * scale, _cross.AsSpan(k * n, n), moved);
            for (int k = 0; k < n; k++)
                moved[k] += added * weights[(r * n) + k];
            Solve(root, moved, n);
            for (int k = 0; k < n; k++)
                towards[(r * n) + k] = (float)moved[k];
        }
        return towards;
    }

    void Add(float[] before, ReadOnlySpan<float> now)
    {
        Inputs.Add(now);
        int n = now.Length;
        var row = new double[n];
        for (int i = 0; i < n; i++)
            row[i] = now[i];
        for (int i = 0; i < n; i++)
            if (before[i] != 0)
                DenseMath.AddScaled(before[i], row, _cross.AsSpan(i * n, n));
    }

    /// <summary>Solves L·Lᵀ·z = b in place.</summary>
    static void Solve(double[] root, double[] b, int n)
    {
        for (int k = 0; k < n; k++)
            b[k] = (b[k] - DenseMath.Dot(root.AsSpan(k * n, k), b.AsSpan(0, k))) / root[(k * n) + k];
        for (int k = n - 1; k >= 0; k--)
        {
            b[k] /= root[(k * n) + k];
            DenseMath.AddScaled(-b[k], root.AsSpan(k * n, k), b.AsSpan(0, k));
        }
    }
}
