using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Training;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>Adapters in a plan: their gradients, and the base that they leave alone.</summary>
public sealed unsafe class LoraModelTests
{
    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    [InlineData("windowed")]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        using var pool = new WorkerPool(2);
        var kernels = new CpuKernels(pool);
        using TokenModel frozen = Shapes.Random(Shapes.Of(name), 2, 21, training: false);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel model = SmallAdapters.Over(frozen, weights, training: true);
        Assert.Equal(14 * frozen.Shape.Layers, model.Plan.Parameters.Count);
        model.Plan.Forward(kernels);
        model.Plan.Backward(kernels);
        foreach (Parameter parameter in model.Plan.Parameters)
        {
            float[] g = parameter.Gradient.Span.ToArray(), w = parameter.Value.Span.ToArray();
            double norm = g.Sum(x => (double)x * x), h = 1e-2 * Math.Sqrt(w.Sum(x => (double)x * x) / norm);
            double slope = (At(h) - At(-h)) / (2 * h);
            w.CopyTo(parameter.Value.Span);
            Assert.True(Math.Abs(slope - norm) < (0.01 * norm) + 1e-7, $"{parameter.Name}: {slope} against {norm}");

            double At(double step)
            {
                for (int i = 0; i < g.Length; i++)
                    parameter.Value.Span[i] = (float)(w[i] + (step * g[i]));
                model.Plan.Forward(kernels);
                return model.Losses.ToArray().Average(x => (double)x);
            }
        }
    }

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    public void Fast_and_reference_kernels_agree_and_micro_batches_accumulate(string name)
    {
        using var pool = new WorkerPool(3);
        using TokenModel frozen = Shapes.Random(Shapes.Of(name), 2, 19, training: false);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel fast = SmallAdapters.Over(frozen, weights, training: true), plain = SmallAdapters.Over(frozen, weights, training: true), twice = SmallAdapters.Over(frozen, weights, training: true);
        Step(fast, new CpuKernels(pool));
        Step(plain, new ReferenceKernels());
        Step(twice, new CpuKernels(pool));
        twice.Plan.Accumulates = true;
        Step(twice, new CpuKernels(pool));
        foreach (((Parameter a, Parameter b), Parameter c) in fast.Plan.Parameters.Zip(plain.Plan.Parameters).Zip(twice.Plan.Parameters))
        {
            Assert.True(Distance(a.Gradient.Span, b.Gradient.Span) < 2e-4, a.Name);
            Assert.True(Distance([.. a.Gradient.Span.ToArray().Select(x => 2 * x)], c.Gradient.Span) < 1e-5, a.Name);
        }
    }

    [Fact]
    public void The_base_gets_no_gradient_and_no_memory_for_one()
    {
        using var pool = new WorkerPool(1);
        using TokenModel frozen = Shapes.Random(Shapes.Small, 2, 21, training: false);
        byte[] before = Bytes(frozen.Plan.Values);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel model = SmallAdapters.Over(frozen, weights, training: true);
        Step(model, new CpuKernels(pool));
        Assert.All(model.Plan.Parameters, p => Assert.Contains(".lora_", p.Name, StringComparison.Ordinal));
        Assert.Equal(model.Plan.Values.Bytes, model.Plan.Gradients.Bytes);
        Assert.Equal(before, Bytes(frozen.Plan.Values));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    public void An_adapter_of_zeros_gives_the_bits_of_the_base(string name)
    {
        using var pool = new WorkerPool(2);
        using TokenModel frozen = Shapes.Random(Shapes.Of(name), 2, 21, training: false);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel model = SmallAdapters.Over(frozen, weights, training: false);
        foreach (Parameter b in model.Plan.Parameters.Where(p => p.Name.EndsWith("lora_B", StringComparison.Ordinal)))
            b.Value.Span.Clear();
        frozen.Plan.Forward(new CpuKernels(pool));
        model.Plan.Forward(new CpuKernels(pool));
        Assert.True(frozen.Losses.SequenceEqual(model.Losses));
    }

    [Theory]
    [InlineData(WeightFormat.BF16)]
    [InlineData(WeightFormat.I8)]
    public void A_base_of_any_format_is_learned_beside(WeightFormat format)
    {
        using var pool = new WorkerPool(2);
        var kernels = new CpuKernels(pool);
        using var weights = Rounded(format);
        using TokenModel frozen = Shapes.Random(Shapes.Small, 2, 21, training: false);
        using TokenModel model = SmallAdapters.Over(frozen, weights, training: true);
        Step(model, kernels);
        float[] g = [.. model.Plan.Parameters.SelectMany(p => p.Gradient.Span.ToArray())];
        double before = model.Losses.ToArray().Average(x => (double)x), norm = g.Sum(x => (double)x * x), step = 0.02 / norm;
        foreach (Parameter p in model.Plan.Parameters)
            for (int i = 0; i < p.Value.Span.Length; i++)
                p.Value.Span[i] -= (float)(step * p.Gradient.Span[i]);
        model.Plan.Forward(kernels);
        // Down by about step·|g|², which the rounding of activations blurs a little.
        Assert.InRange((before - model.Losses.ToArray().Average(x => (double)x)) / 0.02, 0.5, 1.3);
    }

    [Theory]
    [InlineData("small", "plain", 3)]
    [InlineData("qwen", "avx512", 1)]
    public void Bits_do_not_depend_on_instructions_or_threads(string name, string path, int threads)
    {
        using WorkerPool one = new(1), many = new(threads);
        using TokenModel frozen = Shapes.Random(Shapes.Of(name), 3, 67, training: false);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel a = SmallAdapters.Over(frozen, weights, training: true), b = SmallAdapters.Over(frozen, weights, training: true);
        Step(a, new CpuKernels(one));
        Step(b, new CpuKernels(many, InstructionPath.Choose(path)));
        Assert.True(a.Losses.SequenceEqual(b.Losses));
        foreach ((Parameter x, Parameter y) in a.Plan.Parameters.Zip(b.Plan.Parameters))
            Assert.True(x.Gradient.Span.SequenceEqual(y.Gradient.Span), x.Name);
    }

    static TokenWeights Rounded(WeightFormat format)
    {
        using TokenModel exact = Shapes.Random(Shapes.Small, 1, 8, training: false);
        string folder = Directory.CreateTempSubdirectory("dum-lora-").FullName;
        try
        {
            using (TokenWeights weights = TokenWeights.Of(exact))
                Save(folder, exact);
            using ModelFile file = ModelFile.Open(folder);
            return TokenWeights.Load(file, format);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Save(string folder, TokenModel model) => HuggingFaceWriter.Write(folder, model.Shape, ModelFolder.Sources(model), StoredFormat.F32);

    static void Step(TokenModel model, KernelTable kernels)
    {
        model.Plan.Forward(kernels);
        model.Plan.Backward(kernels);
    }

    static byte[] Bytes(Arena arena) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(arena.All).ToArray();

    static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double off = 0, size = 1e-20;
        for (int i = 0; i < a.Length; i++)
        {
            off += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            size += (double)b[i] * b[i];
        }
        return Math.Sqrt(off / size);
    }
}
