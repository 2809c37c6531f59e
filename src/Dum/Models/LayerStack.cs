using Dum.Checkpoints;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Models;

/// <summary>Appends decoder layers (attention, then feed-forward, each on a normed residual stream) to a plan.</summary>
/// <param name="plan">Takes the operations.</param>
/// <param name="shape">Sizes.</param>
/// <param name="prefix">Before the number of a layer in the names of its parameters, such as <c>model.layers.</c>.</param>
/// <param name="rows">Of the batch.</param>
/// <param name="length">Rows per sequence.</param>
sealed class LayerStack(Plan plan, ModelShape shape, string prefix, int rows, int length) : IDisposable
{
    readonly RotaryTable _rotary = Rotary.Table(shape, length);
    readonly int[] _positions = [.. Enumerable.Range(0, rows).Select(r => r % length)];

    /// <summary>What the layers learn, filled by <see cref="Append"/>.</summary>
    public LayerParameters[] Layers { get; } = new LayerParameters[shape.Layers];

    /// <summary>Appends all layers.</summary>
    /// <param name="stream">[rows × width].</param>
    /// <param name="before">Changes the stream before a layer, given its number; null for nothing.</param>
    /// <returns>The stream after the last layer.</returns>
    public Tensor Append(Tensor stream, Func<int, Tensor, Tensor>? before = null)
    {
        for (int i = 0; i < shape.Layers; i++)
            stream = Layer(i, before is null ? stream : before(i, stream));
        return stream;
    }

    public void Dispose() => _rotary.Dispose();

    Tensor Layer(int index, Tensor stream)
    {
        ModelShape s = shape;
        string at = $"{prefix}{index}.", attend = at + "self_attn.";
        var attention = new AttentionShape(s.Heads, s.KeyValueHeads, s.HeadSize, s.WindowOf(index));
        var layer = new LayerParameters
        {
            InputGain = Vector(at + "input_layernorm", s.Width),
            Qkv = plan.Matrix(at + "self_attn.qkv_proj", s.Width, (attend + "q_proj.weight", s.QueryWidth), (attend + "k_proj.weight", s.KeyWidth), (attend + "v_proj.weight", s.KeyWidth)),
            QkvBias = s.QueryKeyValueBias ? plan.Vector(at + "self_attn.qkv_proj.bias", (attend + "q_proj.bias", s.QueryWidth), (attend + "k_proj.bias", s.KeyWidth), (attend + "v_proj.bias", s.KeyWidth)) : null,
            QueryGain = s.QueryKeyNorm ? Vector(at + "self_attn.q_norm", s.HeadSize) : null,
            KeyGain = s.QueryKeyNorm ? Vector(at + "self_attn.k_norm", s.HeadSize) : null,
            Output = Matrix(at + "self_attn.o_proj", s.Width, s.QueryWidth),
            FeedGain = Vector(at + "post_attention_layernorm", s.Width),
            GateUp = plan.Matrix(at + "mlp.gate_up_proj", s.Width, (at + "mlp.gate_proj.weight", s.FeedForward), (at + "mlp.up_proj.weight", s.FeedForward)),
            Down = Matrix(at + "mlp.down_proj", s.Width, s.FeedForward),
        };
        Layers[index] = layer;
        Tensor normed = plan.Tensor(at + "attention in", rows, s.Width);
        Tensor qkv = plan.Tensor(at + "qkv", rows, s.QueryWidth + (2 * s.KeyWidth));
        Tensor mixed = plan.Tensor(at + "mixed", rows, s.QueryWidth);
        plan.Append(new Norm(layer.InputGain, stream, normed, plan.Column(at + "inverse", rows), s.NormEpsilon, last: false));
        plan.Product(layer.Qkv, layer.QkvBias, normed, qkv);
        if (layer.QueryGain is not null)
        {
            Tensor raw = qkv;
            qkv = plan.Tensor(at + "qkv normed", rows, s.QueryWidth + (2 * s.KeyWidth));
            plan.Append(new HeadNorm(layer.QueryGain, layer.KeyGain!, attention, raw, qkv, plan.Activations.Take(at + "head inverse", s.Heads + s.KeyValueHeads, rows), s.NormEpsilon));
        }
        plan.Append(new Attention(at + "self_attn", attention, _rotary, _positions, length, qkv, mixed));
        Tensor after = plan.After(stream, at + "after attention");
        plan.Product(layer.Output, null, mixed, after, stream);
        Tensor fed = plan.Tensor(at + "feed in", rows, s.Width), gateUp = plan.Tensor(at + "gate up", rows, 2 * s.FeedForward), hidden = plan.Tensor(at + "hidden", rows, s.FeedForward);
        plan.Append(new Norm(layer.FeedGain, after, fed, plan.Column(at + "feed inverse", rows), s.NormEpsilon, last: false));
        plan.Product(layer.GateUp, null, fed, gateUp);
        plan.Append(new SwiGlu(at + "mlp", gateUp, hidden));
        Tensor end = plan.After(after, at + "after feed");
        plan.Product(layer.Down, null, hidden, end, after);
        return end;
    }

    Parameter Matrix(string name, int outputs, int inputs) => plan.Matrix(name, inputs, (name + ".weight", outputs));

    Parameter Vector(string name, int length) => plan.Vector(name, (name + ".weight", length));
}
