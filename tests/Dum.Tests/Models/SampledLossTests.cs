using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>The loss over a few candidates: its own derivative, and how near it leads to the full one.</summary>
public class SampledLossTests
{
    const int Drawn = 30, Rows = 42;

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    public void Its_gradient_is_that_of_finite_differences(string name)
    {
        using var pool = new WorkerPool(2);
        var kernels = new CpuKernels(pool);
        using TokenModel model = Model(name, 1);
        model.Plan.Forward(kernels);
        model.Plan.Backward(kernels);
        foreach (Parameter parameter in model.Plan.Parameters)
        {
            float[] g = parameter.Gradient.Span.ToArray(), w = parameter.Value.Span.ToArray();
            double norm = g.Sum(x => (double)x * x), h = 3e-3 * Math.Sqrt(w.Sum(x => (double)x * x) / norm);
            double slope = (At(h) - At(-h)) / (2 * h);
            w.CopyTo(parameter.Value.Span);
            Assert.True(Math.Abs(slope - norm) < (0.01 * norm) + 1e-7, $"{parameter.Name}: {slope} against {norm}");

            double At(double step)
            {
                for (int i = 0; i < g.Length; i++)
                    parameter.Value.Span[i] = (float)(w[i] + (step * g[i]));
                model.Plan.Forward(kernels);
                return model.SampledLoss!.Losses.ToArray().Average();
            }
        }
    }

    [Fact]
    public void Its_gradients_average_to_the_full_one()
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        using TokenModel full = Shapes.Random(Shapes.Small, 2, Rows / 2, training: true);
        full.Plan.Forward(kernels);
        full.Plan.Backward(kernels);
        double[] mean = new double[full.Head.Gradient.Span.Length];
        using TokenModel model = Model("small", 1);
        for (int step = 1; step <= 200; step++)
        {
            model.Plan.Forward(kernels);
            model.Plan.Backward(kernels);
            for (int i = 0; i < mean.Length; i++)
                mean[i] += model.Head.Gradient.Span[i];
            Next(model, step + 1);
        }
        double dot = 0, a = 0, b = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            double exact = full.Head.Gradient.Span[i];
            dot += mean[i] * exact;
            a += mean[i] * mean[i];
            b += exact * exact;
        }
        Assert.InRange(dot / Math.Sqrt(a * b), 0.97, 1.0001);
    }

    [Fact]
    public void Exact_losses_are_those_of_the_full_model()
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        using TokenModel full = Shapes.Random(Shapes.Small, 2, Rows / 2, training: true), model = Model("small", 1);
        full.Plan.Forward(kernels);
        model.ForwardExactly(kernels);
        Assert.True(full.Losses.SequenceEqual(model.Losses));
    }

    [Theory]
    [InlineData("plain", 3)]
    [InlineData("avx512", 2)]
    public void Bits_do_not_depend_on_instructions_or_threads_and_draws_are_replayed(string path, int threads)
    {
        using WorkerPool one = new(1), many = new(threads);
        using TokenModel a = Model("small", 5), b = Model("small", 5);
        foreach ((TokenModel model, KernelTable kernels) in new (TokenModel, KernelTable)[] { (a, new CpuKernels(one)), (b, new CpuKernels(many, InstructionPath.Choose(path))) })
        {
            model.Plan.Forward(kernels);
            model.Plan.Backward(kernels);
        }
        foreach ((Parameter x, Parameter y) in a.Plan.Parameters.Zip(b.Plan.Parameters))
            Assert.True(x.Gradient.Span.SequenceEqual(y.Gradient.Span), x.Name);
    }

    static TokenModel Model(string name, int step)
    {
        var shape = Shapes.Of(name);
        long[] counts = [.. Enumerable.Range(0, shape.Vocabulary).Select(i => 1000L / (i + 1))];
        s_candidates = new Candidates(3, counts, Drawn, Rows) { At = (step, 0) };
        return Shapes.Random(shape, 2, Rows / 2, training: true, candidates: s_candidates);
    }

    [ThreadStatic]
    static Candidates? s_candidates;

    static void Next(TokenModel model, int step) => s_candidates!.At = (step, model.Sequences - 2);
}
