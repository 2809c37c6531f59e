using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>The plan against its reference twin, finite differences, and the session.</summary>
public unsafe class TokenModelTests
{
    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    [InlineData("windowed")]
    public void Fast_and_reference_kernels_agree_on_losses_and_gradients(string name)
    {
        using var pool = new WorkerPool(2);
        using TokenModel fast = Shapes.Random(Shapes.Of(name), 2, 53, training: true), plain = Shapes.Random(Shapes.Of(name), 2, 53, training: true);
        Step(fast, new CpuKernels(pool));
        Step(plain, new ReferenceKernels());
        for (int i = 0; i < fast.Ids.Length; i++)
            Assert.Equal(plain.Losses[i], fast.Losses[i], 1e-4f);
        foreach ((Parameter a, Parameter b) in fast.Plan.Parameters.Zip(plain.Plan.Parameters))
            Assert.True(Distance(a.Gradient.Span, b.Gradient.Span) < 2e-4, a.Name);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    [InlineData("windowed")]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        using TokenModel model = Shapes.Random(Shapes.Of(name), 2, 21, training: true);
        Step(model, kernels);
        var random = new Philox(3, 3);
        uint draw = 0;
        foreach (Parameter parameter in model.Plan.Parameters)
        {
            // Along the gradient itself the change is largest against rounding: f(w + h·g) − f(w − h·g) = 2h·|g|².
            float[] g = parameter.Gradient.Span.ToArray(), w = parameter.Value.Span.ToArray();
            // A random half of the coordinates, so that errors cannot cancel in the same way for all.
            for (int i = 0; i < g.Length; i++)
                if (random.Unit(0, 0, draw++) < 0.5)
                    g[i] = 0;
            double norm = g.Sum(x => (double)x * x), size = w.Sum(x => (double)x * x);
            double h = 3e-3 * Math.Sqrt(size / norm);
            double up = At(h), down = At(-h);
            w.CopyTo(parameter.Value.Span);
            Assert.True(Math.Abs(((up - down) / (2 * h)) - norm) < 0.01 * norm + 1e-7, $"{parameter.Name}: {(up - down) / (2 * h)} against {norm}");

            double At(double step)
            {
                for (int i = 0; i < g.Length; i++)
                    parameter.Value.Span[i] = (float)(w[i] + (step * g[i]));
                model.Plan.Forward(kernels);
                return Mean(model);
            }
        }
    }

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    [InlineData("windowed")]
    public void Micro_batches_accumulate(string name)
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        using TokenModel once = Shapes.Random(Shapes.Of(name), 2, 17, training: true), twice = Shapes.Random(Shapes.Of(name), 2, 17, training: true);
        Step(once, kernels);
        Step(twice, kernels);
        twice.Plan.Accumulates = true;
        Step(twice, kernels);
        foreach ((Parameter a, Parameter b) in once.Plan.Parameters.Zip(twice.Plan.Parameters))
            Assert.True(Distance([.. a.Gradient.Span.ToArray().Select(x => 2 * x)], b.Gradient.Span) < 1e-5, a.Name);
    }

    [Theory]
    [InlineData("small", "avx2", 1)]
    [InlineData("qwen", "avx2", 3)]
    [InlineData("windowed", "plain", 2)]
    [InlineData("qwen", "avx512", 1)]
    [InlineData("small", "plain", 4)]
    public void Bits_do_not_depend_on_instructions_or_threads(string name, string path, int threads)
    {
        using WorkerPool one = new(1), many = new(threads);
        using TokenModel a = Shapes.Random(Shapes.Of(name), 3, 67, training: true), b = Shapes.Random(Shapes.Of(name), 3, 67, training: true);
        Step(a, new CpuKernels(one, InstructionPath.Best));
        Step(b, new CpuKernels(many, InstructionPath.Choose(path)));
        Assert.True(a.Losses.SequenceEqual(b.Losses));
        foreach ((Parameter x, Parameter y) in a.Plan.Parameters.Zip(b.Plan.Parameters))
            Assert.True(x.Gradient.Span.SequenceEqual(y.Gradient.Span), x.Name);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    [InlineData("windowed")]
    public void A_session_gives_the_bits_of_the_plan_whatever_the_split(string name)
    {
        using var pool = new WorkerPool(2);
        using TokenModel model = Shapes.Random(Shapes.Of(name), 1, 97, training: false);
        model.Plan.Forward(new CpuKernels(pool));
        using TokenWeights weights = TokenWeights.Of(model);
        foreach (int[] split in new int[][] { [97], [1, 96], [50, 1, 1, 45], [.. Enumerable.Repeat(1, 97)] })
        {
            using var session = new TokenSession(weights, 2);
            int sequence = session.Open();
            int at = 0;
            foreach (int count in split)
            {
                ReadOnlySpan<float> logits = session.Append(sequence, model.Ids.AsSpan(at, count));
                at += count;
                Assert.True(logits.SequenceEqual(model.Logits.Value.Row(at - 1)), $"{count} up to {at}");
            }
        }
    }

    [Fact]
    public void A_batch_of_sequences_gives_the_bits_of_each_alone()
    {
        using TokenModel model = Shapes.Random(Shapes.Small, 1, 64, training: false);
        using TokenWeights weights = TokenWeights.Of(model);
        foreach (CacheFormat format in Enum.GetValues<CacheFormat>())
            foreach (int batch in new[] { 2, 3, 6, 7, 64 })
            {
                using TokenSession many = new(weights, 2, format), alone = new(weights, 1, format);
                int[] sequences = [.. Enumerable.Range(0, batch).Select(_ => many.Open(32))];
                int single = alone.Open(32);
                for (int i = 0; i < batch; i++)
                    many.Append(sequences[i], model.Ids.AsSpan(i % 20, 1 + (i % 5)));
                int last = batch - 1;
                alone.Append(single, model.Ids.AsSpan(last % 20, 1 + (last % 5)));
                for (int step = 0; step < 5; step++)
                {
                    many.Step(sequences, [.. Enumerable.Range(0, batch).Select(i => Token(i, step))]);
                    alone.Step([single], [Token(last, step)]);
                    Assert.True(many.Logits(last).SequenceEqual(alone.Logits(0)));
                }
            }

        int Token(int sequence, int step) => model.Ids[((sequence * 3) + step) % 64];
    }

    static void Step(TokenModel model, KernelTable kernels)
    {
        model.Plan.Forward(kernels);
        model.Plan.Backward(kernels);
    }

    static double Mean(TokenModel model)
    {
        double sum = 0;
        foreach (float loss in model.Losses)
            sum += loss;
        return sum / model.Losses.Length;
    }

    /// <summary>|a − b| / |b|.</summary>
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
