using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Models;

/// <summary>
/// A decoder of the Llama family over the units of any lexicon, as a plan of operations: the baseline that everything
/// else is measured against, and the carrier of existing checkpoints. Built for a fixed batch of rows = sequences × length.
/// </summary>
sealed class TokenModel : IDisposable
{
    /// <summary>What the names of its layers begin with.</summary>
    public const string Prefix = "model.layers.";

    const uint InitialDomain = 1;

    /// <summary>Rows whose full logits are held at once where training does not need them.</summary>
    const int ExactRows = 256;

    readonly Block _losses, _logSums;
    readonly Tensor _normed;
    readonly RotaryTable _rotary;

    /// <param name="shape">Sizes.</param>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Positions per sequence.</param>
    /// <param name="training">Whether there is a backward pass.</param>
    /// <param name="candidates">Makes training use a sampled loss; null for the full one.</param>
    /// <param name="plan">What to append to: a plan over frozen weights, with adapters; null for one that learns everything. Disposed with the model.</param>
    public TokenModel(ModelShape shape, int sequences, int length, bool training, Candidates? candidates = null, Plan? plan = null)
    {
        (Shape, Sequences, Length) = (shape, sequences, length);
        int rows = checked(sequences * length);
        (Ids, Targets) = (new int[rows], new int[rows]);
        int[] positions = [.. Enumerable.Range(0, rows).Select(r => r % length)];
        _rotary = Rotary.Table(shape, length);
        Plan = plan ?? new Plan(training);
        Parameter embedding = Matrix("model.embed_tokens", shape.Vocabulary, shape.Width);
        Tensor stream = Plan.Tensor("stream", rows, shape.Width);
        Plan.Append(new Embed(Plan, embedding, Ids, stream, shape.TiedHead));
        Layers = new LayerParameters[shape.Layers];
        for (int i = 0; i < shape.Layers; i++)
            stream = Layer(i, stream, positions);
        Parameter gain = Vector("model.norm", shape.Width);
        Parameter head = shape.TiedHead ? embedding : Matrix("lm_head", shape.Vocabulary, shape.Width);
        Tensor normed = Plan.Tensor("normed", rows, shape.Width);
        Plan.Append(new Norm(gain, stream, normed, Column("inverse", rows), shape.NormEpsilon, last: true));
        int exact = candidates is null ? rows : Math.Min(rows, ExactRows);
        Block logits = Plan.Activations.Take("logits", exact, shape.Vocabulary);
        Logits = new Tensor(logits, training && candidates is null ? logits : null);
        (_losses, _logSums, _normed) = (Column("losses", rows), Column("log sums", rows), normed);
        if (candidates is null)
        {
            Plan.Product(head, null, normed, Logits);
            Loss = Plan.Append(new CrossEntropy(Logits, Targets, _losses, _logSums));
        }
        else
            SampledLoss = Plan.Append(new SampledCrossEntropy(Plan, head, normed, Targets, candidates, new SampledBlocks(Plan, rows, candidates.Ids.Length, shape.Width)));
        (Embedding, FinalGain, Head) = (embedding, gain, head);
        Plan.Allocate();
    }

    public ModelShape Shape { get; }
    public Plan Plan { get; }
    public int Sequences { get; }
    public int Length { get; }

    /// <summary>Input ids, row by row; set before <see cref="Plan.Forward"/>.</summary>
    public int[] Ids { get; }

    /// <summary>The id after each row; below 0 where nothing is to be predicted.</summary>
    public int[] Targets { get; }

    /// <summary>[rows × vocabulary], or some rows of it where the loss is sampled.</summary>
    public Tensor Logits { get; }

    /// <summary>The full loss; null where it is sampled.</summary>
    public CrossEntropy? Loss { get; }

    /// <summary>The sampled loss; null where it is full.</summary>
    public SampledCrossEntropy? SampledLoss { get; }

    /// <summary>Nats of every row, exactly.</summary>
    public ReadOnlySpan<float> Losses => _losses.Row(0);

    public Parameter Embedding { get; }
    public Parameter FinalGain { get; }
    public Parameter Head { get; }
    public LayerParameters[] Layers { get; }

    /// <summary>Runs forward to exact <see cref="Losses"/>, whichever loss training uses.</summary>
    public unsafe void ForwardExactly(KernelTable kernels)
    {
        Plan.Forward(kernels);
        if (SampledLoss is null)
            return;
        for (int row = 0; row < Ids.Length; row += Logits.Value.Rows)
        {
            int count = Math.Min(Logits.Value.Rows, Ids.Length - row);
            Matrix normed = _normed.Value, logits = Logits.Value.Top(count);
            kernels.Linear(normed.Part(row, count), Head.Weights!, null, logits);
            kernels.CrossEntropy(logits, Targets.AsSpan(row, count), _losses.Data + row, _logSums.Data + row);
        }
    }

    /// <summary>Normal weights of deviation 0.02, those that write into the stream divided by √(2·layers) (GPT-2); gains 1.</summary>
    /// <param name="seed">The same seed gives the same bits on every machine.</param>
    public unsafe void Initialise(ulong seed)
    {
        var random = new Philox(seed, InitialDomain);
        double branch = 0.02 / Math.Sqrt(2.0 * Shape.Layers);
        uint index = 0;
        float[] row = [];
        foreach (Parameter parameter in Plan.Parameters)
        {
            index++;
            if (!parameter.IsMatrix)
            {
                parameter.Value.Span[..parameter.Inputs].Fill(parameter.Name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
                continue;
            }
            double deviation = parameter.Name.EndsWith("o_proj", StringComparison.Ordinal) || parameter.Name.EndsWith("down_proj", StringComparison.Ordinal) ? branch : 0.02;
            Array.Resize(ref row, parameter.Inputs);
            for (int n = 0; n < parameter.Outputs; n++)
            {
                for (int i = 0; i < row.Length; i += 2)
                {
                    (double first, double second) = random.Normal(index, (uint)n, (uint)i);
                    row[i] = (float)(first * deviation);
                    if (i + 1 < row.Length)
                        row[i + 1] = (float)(second * deviation);
                }
                parameter.Weights!.SetRow(n, row);
            }
        }
    }

    public void Dispose()
    {
        Plan.Dispose();
        _rotary.Dispose();
    }

    Tensor Layer(int index, Tensor stream, int[] positions)
    {
        ModelShape s = Shape;
        int rows = Sequences * Length;
        string at = $"{Prefix}{index}.", attend = at + "self_attn.";
        var attention = new AttentionShape(s.Heads, s.KeyValueHeads, s.HeadSize, s.WindowOf(index));
        var layer = new LayerParameters
        {
            InputGain = Vector(at + "input_layernorm", s.Width),
            Qkv = Plan.Matrix(at + "self_attn.qkv_proj", s.Width, (attend + "q_proj.weight", s.QueryWidth), (attend + "k_proj.weight", s.KeyWidth), (attend + "v_proj.weight", s.KeyWidth)),
            QkvBias = s.QueryKeyValueBias ? Plan.Vector(at + "self_attn.qkv_proj.bias", (attend + "q_proj.bias", s.QueryWidth), (attend + "k_proj.bias", s.KeyWidth), (attend + "v_proj.bias", s.KeyWidth)) : null,
            QueryGain = s.QueryKeyNorm ? Vector(at + "self_attn.q_norm", s.HeadSize) : null,
            KeyGain = s.QueryKeyNorm ? Vector(at + "self_attn.k_norm", s.HeadSize) : null,
            Output = Matrix(at + "self_attn.o_proj", s.Width, s.QueryWidth),
            FeedGain = Vector(at + "post_attention_layernorm", s.Width),
            GateUp = Plan.Matrix(at + "mlp.gate_up_proj", s.Width, (at + "mlp.gate_proj.weight", s.FeedForward), (at + "mlp.up_proj.weight", s.FeedForward)),
            Down = Matrix(at + "mlp.down_proj", s.Width, s.FeedForward),
        };
        Layers[index] = layer;
        Tensor normed = Plan.Tensor(at + "attention in", rows, s.Width);
        Tensor qkv = Plan.Tensor(at + "qkv", rows, s.QueryWidth + (2 * s.KeyWidth));
        Tensor mixed = Plan.Tensor(at + "mixed", rows, s.QueryWidth);
        Plan.Append(new Norm(layer.InputGain, stream, normed, Column(at + "inverse", rows), s.NormEpsilon, last: false));
        Plan.Product(layer.Qkv, layer.QkvBias, normed, qkv);
        if (layer.QueryGain is not null)
        {
            Tensor raw = qkv;
            qkv = Plan.Tensor(at + "qkv normed", rows, s.QueryWidth + (2 * s.KeyWidth));
            Plan.Append(new HeadNorm(layer.QueryGain, layer.KeyGain!, attention, raw, qkv, Plan.Activations.Take(at + "head inverse", s.Heads + s.KeyValueHeads, rows), s.NormEpsilon));
        }
        Plan.Append(new Attention(at + "self_attn", attention, _rotary, positions, Length, qkv, mixed));
        Tensor after = Plan.After(stream, at + "after attention");
        Plan.Product(layer.Output, null, mixed, after, stream);
        Tensor fed = Plan.Tensor(at + "feed in", rows, s.Width), gateUp = Plan.Tensor(at + "gate up", rows, 2 * s.FeedForward), hidden = Plan.Tensor(at + "hidden", rows, s.FeedForward);
        Plan.Append(new Norm(layer.FeedGain, after, fed, Column(at + "feed inverse", rows), s.NormEpsilon, last: false));
        Plan.Product(layer.GateUp, null, fed, gateUp);
        Plan.Append(new SwiGlu(at + "mlp", gateUp, hidden));
        Tensor end = Plan.After(after, at + "after feed");
        Plan.Product(layer.Down, null, hidden, end, after);
        return end;
    }

    Parameter Matrix(string name, int outputs, int inputs) => Plan.Matrix(name, inputs, (name + ".weight", outputs));

    Parameter Vector(string name, int length) => Plan.Vector(name, (name + ".weight", length));

    Block Column(string name, int rows) => Plan.Activations.Take(name, 1, rows);
}
