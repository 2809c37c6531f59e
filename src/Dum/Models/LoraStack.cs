using Dum.Checkpoints;

namespace Dum.Models;

/// <summary>The products of a layer; one may hold several matrices of a checkpoint.</summary>
enum LayerProduct
{
    Qkv,
    Output,
    GateUp,
    Down,
}

/// <summary>A matrix that an adapter may adapt.</summary>
/// <param name="Name">Its canonical name without <c>.weight</c>.</param>
/// <param name="Kind">The last word of it, such as <c>q_proj</c>.</param>
/// <param name="Layer">Which layer of the stack.</param>
/// <param name="Product">The product that it is a part of.</param>
/// <param name="Column">Its first output there.</param>
/// <param name="Outputs">Rows.</param>
/// <param name="Inputs">Columns.</param>
readonly record struct LoraTarget(string Name, string Kind, int Layer, LayerProduct Product, int Column, int Outputs, int Inputs);

/// <summary>Layers of one shape in a row. A token model has one such stack, a scene model three.</summary>
/// <param name="Prefix">What the names of their weights begin with, such as <c>model.layers.</c>.</param>
/// <param name="Shape">Sizes.</param>
sealed record LoraStack(string Prefix, ModelShape Shape)
{
    /// <summary>The kinds of matrices, in the order of <see cref="Targets"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    public IEnumerable<LoraTarget> Targets
    {
        get
        {
            ModelShape s = Shape;
            for (int layer = 0; layer < s.Layers; layer++)
            {
                yield return At("self_attn.q_proj", LayerProduct.Qkv, 0, s.QueryWidth, s.Width);
                yield return At("self_attn.k_proj", LayerProduct.Qkv, s.QueryWidth, s.KeyWidth, s.Width);
                yield return At("self_attn.v_proj", LayerProduct.Qkv, s.QueryWidth + s.KeyWidth, s.KeyWidth, s.Width);
                yield return At("self_attn.o_proj", LayerProduct.Output, 0, s.Width, s.QueryWidth);
                yield return At("mlp.gate_proj", LayerProduct.GateUp, 0, s.FeedForward, s.Width);
                yield return At("mlp.up_proj", LayerProduct.GateUp, s.FeedForward, s.FeedForward, s.Width);
                yield return At("mlp.down_proj", LayerProduct.Down, 0, s.Width, s.FeedForward);

                LoraTarget At(string name, LayerProduct product, int column, int outputs, int inputs) =>
                    new($"{Prefix}{layer}.{name}", name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], layer, product, column, outputs, inputs);
            }
        }
    }

    /// <summary>Whether the other has the same matrices.</summary>
    public bool Fits(LoraStack other) => Prefix == other.Prefix
        && (Shape.Layers, Shape.Width, Shape.QueryWidth, Shape.KeyWidth, Shape.FeedForward) == (other.Shape.Layers, other.Shape.Width, other.Shape.QueryWidth, other.Shape.KeyWidth, other.Shape.FeedForward);
}
