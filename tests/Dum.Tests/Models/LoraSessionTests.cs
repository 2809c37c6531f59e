using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>Adapters in a session: one for each sequence, any mixture in a batch.</summary>
public sealed class LoraSessionTests
{
    [Theory]
    [InlineData("small")]
    [InlineData("qwen")]
    public void A_session_gives_the_bits_of_the_plan_whatever_the_split(string name)
    {
        using var pool = new WorkerPool(2);
        using TokenModel frozen = Shapes.Random(Shapes.Of(name), 1, 97, training: false);
        using TokenWeights weights = TokenWeights.Of(frozen);
        using TokenModel model = SmallAdapters.Over(frozen, weights, training: false);
        model.Plan.Forward(new CpuKernels(pool));
        using LoraAdapter adapter = LoraAdapter.Load(SmallAdapters.File(model), weights.Stacks);
        Assert.Equal(7 * frozen.Shape.Layers, adapter.Modules);
        foreach (int[] split in new int[][] { [97], [50, 1, 1, 45], [.. Enumerable.Repeat(1, 97)] })
        {
            using var session = new TokenSession(weights, 2);
            int sequence = session.Open(adapter: adapter), at = 0;
            foreach (int count in split)
            {
                ReadOnlySpan<float> logits = session.Append(sequence, model.Ids.AsSpan(at, count));
                at += count;
                Assert.True(logits.SequenceEqual(model.Logits.Value.Row(at - 1)), $"{count} up to {at}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_batch_of_several_adapters_gives_the_bits_of_each_alone(int threads)
    {
        using TokenModel model = Shapes.Random(Shapes.Small, 1, 64, training: false);
        using TokenWeights weights = TokenWeights.Of(model);
        // Different ranks and different matrices; the first sequences have none.
        LoraAdapter?[] adapters = [null, Load(weights, 8, 1), Load(weights, 2, 2, "q_proj", "v_proj"), Load(weights, 20, 3, "down_proj"), Load(weights, 8, 4)];
        const int Batch = 23;
        using TokenSession many = new(weights, threads), alone = new(weights, 1);
        int[] sequences = [.. Enumerable.Range(0, Batch).Select(i => many.Open(32, adapters[i * i % 5]))], singles = [.. Enumerable.Range(0, Batch).Select(i => alone.Open(32, adapters[i * i % 5]))];
        for (int i = 0; i < Batch; i++)
        {
            many.Append(sequences[i], model.Ids.AsSpan(i, 1 + (i % 5)));
            alone.Append(singles[i], model.Ids.AsSpan(i, 1 + (i % 5)));
        }
        for (int step = 0; step < 5; step++)
        {
            many.Step(sequences, [.. Enumerable.Range(0, Batch).Select(i => Token(i, step))]);
            for (int i = 0; i < Batch; i++)
            {
                alone.Step([singles[i]], [Token(i, step)]);
                Assert.True(many.Logits(i).SequenceEqual(alone.Logits(0)), $"sequence {i}, step {step}");
            }
        }
        Array.ForEach(adapters, a => a?.Dispose());

        int Token(int sequence, int step) => model.Ids[((sequence * 3) + step) % 64];
    }

    [Fact]
    public void Exchanging_adapters_is_what_opening_with_the_other_is()
    {
        using TokenModel model = Shapes.Random(Shapes.Small, 1, 64, training: false);
        using TokenWeights weights = TokenWeights.Of(model);
        using LoraAdapter a = Load(weights, 4, 1), b = Load(weights, 4, 2);
        using var session = new TokenSession(weights, 1);
        int x = session.Open(32, a), y = session.Open(32, b), bare = session.Open(32);
        session.Swap(x, b);
        float[] other = session.Append(y, model.Ids.AsSpan(0, 9)).ToArray();
        Assert.Equal(other, session.Append(x, model.Ids.AsSpan(0, 9)).ToArray());
        session.Truncate(x, 0);
        session.Swap(x, null);
        float[] plain = session.Append(bare, model.Ids.AsSpan(0, 9)).ToArray();
        Assert.Equal(plain, session.Append(x, model.Ids.AsSpan(0, 9)).ToArray());
        Assert.NotEqual(plain, other);
    }

    [Fact]
    public void An_adapter_of_another_shape_is_refused_and_nothing_is_lost()
    {
        using TokenModel small = Shapes.Random(Shapes.Small, 1, 32, training: false), windowed = Shapes.Random(Shapes.Windowed, 1, 32, training: false);
        using TokenWeights weights = TokenWeights.Of(small), others = TokenWeights.Of(windowed);
        using LoraAdapter adapter = Load(others, 4, 1);
        using var session = new TokenSession(weights, 1);
        int sequence = session.Open(16);
        session.Append(sequence, [1, 2, 3]);
        Assert.Contains("another base", Assert.Throws<DumException>(() => session.Open(16, adapter)).Message, StringComparison.Ordinal);
        Assert.Throws<DumException>(() => session.Swap(sequence, adapter));
        Assert.Equal(3, session.Count(sequence));
        session.Append(sequence, [4]);
        Assert.Throws<DumException>(() => LoraAdapter.Load(SmallAdapters.Random(Shapes.Windowed, 4, 1), weights.Stacks));
    }

    static LoraAdapter Load(TokenWeights weights, int rank, int seed, params string[] kinds) => LoraAdapter.Load(SmallAdapters.Random(weights.Shape, rank, seed, kinds), weights.Stacks);
}
