using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>Models of no meaning and of the sizes that are measured. How fast a model runs does not depend on its weights.</summary>
static unsafe class RandomModel
{
    /// <summary>110 M weights: what the peers' models are, too.</summary>
    public static ModelShape Llama110M { get; } = new()
    {
        Layers = 12,
        Width = 768,
        Heads = 12,
        KeyValueHeads = 12,
        HeadSize = 64,
        FeedForward = 2048,
        Vocabulary = 32000,
        Context = 2048,
        TiedHead = true,
    };

    /// <summary>As many weights as a GPT of 6 layers of 384 with 1,536 channels in its feed-forward block: three matrices of 1,024 instead of two.</summary>
    public static ModelShape Gpt12M { get; } = new()
    {
        Layers = 6,
        Width = 384,
        Heads = 6,
        KeyValueHeads = 6,
        HeadSize = 64,
        FeedForward = 1024,
        Vocabulary = 4096,
        Context = 256,
        TiedHead = true,
    };

    /// <summary>New weights in fresh memory: where it lies decides how fast it is read, so every round gets its own.</summary>
    public static TokenWeights Make(ModelShape s, WeightFormat format)
    {
        var own = new List<IDisposable>();
        uint seed = 1;
        PackedWeights embedding = Matrix(s.Vocabulary, s.Width);
        var layers = new LayerWeights[s.Layers];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = new LayerWeights
            {
                InputGain = Ones(s.Width),
                Qkv = Matrix(s.QueryWidth + (2 * s.KeyWidth), s.Width),
                QkvBias = null,
                QueryGain = null,
                KeyGain = null,
                Output = Matrix(s.Width, s.QueryWidth),
                FeedGain = Ones(s.Width),
                GateUp = Matrix(2 * s.FeedForward, s.Width),
                Down = Matrix(s.Width, s.FeedForward),
            };
        return new TokenWeights(s, embedding, embedding, Ones(s.Width), layers, own);

        PackedWeights Matrix(int outputs, int inputs)
        {
            var packed = PackedWeights.Allocate(format, outputs, inputs);
            own.Add(packed);
            float[] row = new float[inputs];
            for (int n = 0; n < 16; n++)
            {
                foreach (ref float value in row.AsSpan())
                    value = 0.07f * Small(ref seed);
                packed.SetRow(n, row);
            }
            // Sixteen rows, over and over: filling 110 M weights one by one would take longer than the measurement.
            for (int p = 1; p < packed.Panels; p++)
            {
                Buffer.MemoryCopy(packed.Panel(0), packed.Panel(p), packed.PanelBytes, packed.PanelBytes);
                if (format >= WeightFormat.I8)
                    Buffer.MemoryCopy(packed.Scales(0), packed.Scales(p), packed.Groups * 32L, packed.Groups * 32L);
            }
            return packed;
        }

        float* Ones(int count)
        {
            var memory = new NativeFloats(count + 16, "weights");
            own.Add(memory);
            new Span<float>(memory.Data, count).Fill(1);
            return memory.Data;
        }
    }

    /// <summary>A number in [−0.5, 0.5), the next of a multiplicative sequence.</summary>
    public static float Small(ref uint state)
    {
        state = (state * 1664525) + 1013904223;
        return (float)(((state >> 8) * (1.0 / (1 << 24))) - 0.5);
    }

    /// <summary>Ids of no meaning.</summary>
    public static int[] Ids(int count, int vocabulary)
    {
        uint seed = 7;
        int[] ids = new int[count];
        foreach (ref int id in ids.AsSpan())
            id = (int)((Small(ref seed) + 0.5f) * vocabulary) % vocabulary;
        return ids;
    }
}
