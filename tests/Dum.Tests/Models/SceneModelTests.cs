using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Scenes;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>The scene model's plan against its reference twin and finite differences, its session against the plan, and no way for the future to leak.</summary>
public unsafe class SceneModelTests
{
    const int Length = 61, Room = 20;

    static readonly Vocabulary s_vocabulary = LexiconFile.Default.Vocabulary;

    [Fact]
    public void Fast_and_reference_kernels_agree_on_losses_and_gradients()
    {
        using var pool = new WorkerPool(2);
        using SceneModel fast = Random(2), plain = Random(2);
        Step(fast, new CpuKernels(pool));
        Step(plain, new ReferenceKernels());
        for (int i = 0; i < fast.Ids.Length; i++)
            Assert.Equal(plain.Losses[i], fast.Losses[i], 1e-3f);
        foreach ((Parameter a, Parameter b) in fast.Plan.Parameters.Zip(plain.Plan.Parameters))
            Assert.True(Distance(a.Gradient.Span, b.Gradient.Span) < 1e-3, $"{a.Name} {Distance(a.Gradient.Span, b.Gradient.Span)}");
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        using SceneModel model = Random(2);
        Step(model, kernels);
        foreach (Parameter parameter in model.Plan.Parameters)
        {
            float[] g = parameter.Gradient.Span.ToArray(), w = parameter.Value.Span.ToArray();
            double norm = g.Sum(x => (double)x * x), size = w.Sum(x => (double)x * x), h = 2e-3 * Math.Sqrt(size / norm);
            double slope = (At(h) - At(-h)) / (2 * h);
            w.CopyTo(parameter.Value.Span);
            Assert.True(Math.Abs(slope - norm) < (0.02 * norm) + 1e-7, $"{parameter.Name}: {slope} against {norm}");

            double At(double step)
            {
                for (int i = 0; i < g.Length; i++)
                    parameter.Value.Span[i] = (float)(w[i] + (step * g[i]));
                model.Plan.Forward(kernels);
                double sum = 0;
                foreach (float loss in model.Losses)
                    sum += loss;
                return sum / model.Losses.Length;
            }
        }
    }

    [Fact]
    public void A_changed_future_changes_no_earlier_probability()
    {
        using var pool = new WorkerPool(2);
        var kernels = new CpuKernels(pool);
        using SceneModel model = Random(1);
        Forward(model, kernels);
        float[][] before = [.. Enumerable.Range(0, Length).Select(r => model.Logits.Value.Row(r).ToArray())];
        int[] ids = [.. model.Ids];
        for (int changed = 1; changed < Length; changed++)
        {
            // A comma may end a scene, the closing id ends every scene: both move all boundaries behind them.
            foreach (int other in new[] { (ids[changed] + 17) % s_vocabulary.Count, Shape.Vocabulary - 1, s_vocabulary.Encoder.Encode(","u8)[0] })
            {
                ids.CopyTo(model.Ids, 0);
                model.Ids[changed] = other;
                Forward(model, kernels);
                for (int r = 0; r < changed; r++)
                    Assert.True(before[r].AsSpan().SequenceEqual(model.Logits.Value.Row(r)), $"id {changed} changed row {r}");
            }
        }
    }

    [Fact]
    public void What_lies_beyond_the_window_reaches_a_prediction_through_scenes_only()
    {
        using var pool = new WorkerPool(2);
        var kernels = new CpuKernels(pool);
        using SceneModel model = Random(1);
        int last = Length - 1;
        Forward(model, kernels);
        float[] with = model.Logits.Value.Row(last).ToArray();
        model.Ablation = SceneAblation.Zeroed;
        Forward(model, kernels);
        float[] without = model.Logits.Value.Row(last).ToArray();
        Assert.NotEqual(with, without);
        // Three layers of window 7 reach 18 back.
        model.Ids[last - 25] = (model.Ids[last - 25] + 1) % s_vocabulary.Count;
        Forward(model, kernels);
        Assert.True(without.AsSpan().SequenceEqual(model.Logits.Value.Row(last)));
        model.Ablation = SceneAblation.None;
        Forward(model, kernels);
        Assert.False(with.AsSpan().SequenceEqual(model.Logits.Value.Row(last)));
    }

    [Theory]
    [InlineData("avx2", 1)]
    [InlineData("plain", 3)]
    public void Bits_do_not_depend_on_instructions_or_threads(string path, int threads)
    {
        using WorkerPool one = new(1), many = new(threads);
        using SceneModel a = Random(3), b = Random(3);
        Step(a, new CpuKernels(one, InstructionPath.Best));
        Step(b, new CpuKernels(many, InstructionPath.Choose(path)));
        Assert.True(a.Losses.SequenceEqual(b.Losses));
        foreach ((Parameter x, Parameter y) in a.Plan.Parameters.Zip(b.Plan.Parameters))
            Assert.True(x.Gradient.Span.SequenceEqual(y.Gradient.Span), x.Name);
    }

    [Theory]
    [InlineData("61")]
    [InlineData("1 60")]
    [InlineData("30 1 1 29")]
    [InlineData("1")]
    public void A_session_gives_the_bits_of_the_plan_whatever_the_split(string split)
    {
        using SceneModel model = Random(1);
        using var pool = new WorkerPool(2);
        Forward(model, new CpuKernels(pool));
        using SceneWeights weights = SceneWeights.Of(model);
        using SceneSession session = Session(weights);
        int sequence = session.Open(), at = 0;
        int[] counts = [.. split.Split(' ').Select(int.Parse)];
        for (int i = 0; at < Length; i++)
        {
            int count = counts[Math.Min(i, counts.Length - 1)];
            ReadOnlySpan<float> logits = session.Append(sequence, model.Ids.AsSpan(at, count));
            at += count;
            Assert.True(logits.SequenceEqual(model.Logits.Value.Row(at - 1)), $"{count} up to {at}");
        }
    }

    [Fact]
    public void A_long_text_slides_and_grows_its_caches_without_a_bit_of_difference()
    {
        using SceneModel model = Random(1, length: 600, room: 190);
        using var pool = new WorkerPool(2);
        Forward(model, new CpuKernels(pool));
        using SceneWeights weights = SceneWeights.Of(model);
        using SceneSession stretches = Session(weights), steps = Session(weights);
        int a = stretches.Open(600), b = steps.Open(600);
        Assert.True(stretches.Append(a, model.Ids).SequenceEqual(model.Logits.Value.Row(599)));
        for (int i = 0; i < 600; i++)
        {
            steps.Step([b], [model.Ids[i]]);
            Assert.True(steps.Logits(0).SequenceEqual(model.Logits.Value.Row(i)), $"{i}");
        }
        Assert.True(steps.Scenes(b) > 80);
    }

    [Fact]
    public void A_batch_of_sequences_gives_the_bits_of_each_alone()
    {
        using SceneModel model = Random(1);
        using SceneWeights weights = SceneWeights.Of(model);
        foreach (CacheFormat format in Enum.GetValues<CacheFormat>())
        {
            using SceneSession many = Session(weights, format), alone = Session(weights, format);
            int[] sequences = [.. Enumerable.Range(0, 9).Select(_ => many.Open(64))];
            int single = alone.Open(64);
            for (int i = 0; i < 9; i++)
                many.Append(sequences[i], model.Ids.AsSpan(i, 1 + (i % 5)));
            alone.Append(single, model.Ids.AsSpan(8, 4));
            for (int step = 0; step < 40; step++)
            {
                many.Step(sequences, [.. Enumerable.Range(0, 9).Select(i => model.Ids[((i * 3) + step) % Length])]);
                alone.Step([single], [model.Ids[(24 + step) % Length]]);
                Assert.True(many.Logits(8).SequenceEqual(alone.Logits(0)), $"{format} {step}");
            }
        }
    }

    static ModelShape Local { get; } = new()
    {
        Layers = 1,
        Width = 32,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
        FeedForward = 44,
        Vocabulary = 2001,
        Context = 4096,
        Window = 7,
        TiedHead = true,
    };

    static SceneShape Shape { get; } = new SceneShape
    {
        Pairs = 300,
        Encoder = Local with { Layers = 1 },
        Global = Local with { Width = 40, HeadSize = 10, Layers = 2, FeedForward = 52, Window = 0 },
        Decoder = Local with { Layers = 2 },
    };

    static SceneSession Session(SceneWeights weights, CacheFormat format = CacheFormat.F32) =>
        new(weights, new SceneSplitter(s_vocabulary, Shape.Rule), new WorkerPool(2), null, format);

    /// <summary>Real text, so that scenes end where clauses do; weights and gains are random.</summary>
    static SceneModel Random(int sequences, int length = Length, int room = Room)
    {
        var model = new SceneModel(Shape, new SceneSplitter(s_vocabulary, Shape.Rule), sequences, length, room, training: true);
        model.Initialise(7);
        Shapes.Wake(model, 7);
        var random = new Philox(7, 99);
        uint at = 0;
        foreach (Parameter parameter in model.Plan.Parameters.Where(p => !p.IsMatrix))
            foreach (ref float value in parameter.Value.Span[..parameter.Inputs])
                value += (float)(random.Unit(0, 0, at++) - 0.5);
        foreach (Parameter parameter in model.Plan.Parameters.Where(p => p.IsMatrix))
            foreach (ref float value in parameter.Value.Span)
                value *= 5;
        int comma = s_vocabulary.Encoder.Encode(","u8)[0], stop = s_vocabulary.Encoder.Encode("."u8)[0];
        for (int i = 0; i < model.Ids.Length; i++)
        {
            double draw = random.Unit(1, 0, (uint)i);
            model.Ids[i] = draw < 0.1 ? comma : draw < 0.15 ? stop : draw < 0.16 ? Shape.Vocabulary - 1 : (int)(random.Unit(2, 0, (uint)i) * (Shape.Vocabulary - 1));
            model.Targets[i] = (int)(random.Unit(3, 0, (uint)i) * Shape.Vocabulary);
        }
        return model;
    }

    static void Forward(SceneModel model, KernelTable kernels)
    {
        model.Arrange();
        model.Plan.Forward(kernels);
    }

    static void Step(SceneModel model, KernelTable kernels)
    {
        Forward(model, kernels);
        model.Plan.Backward(kernels);
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
