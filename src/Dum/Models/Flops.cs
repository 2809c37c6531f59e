using Dum.Checkpoints;

namespace Dum.Models;

/// <summary>Counts floating-point operations, a multiplication and an addition as two.</summary>
static class Flops
{
    /// <summary>Weights in the products of a stack of layers, embedding and head not counted.</summary>
    public static double Weights(ModelShape s) =>
        s.Layers * (((double)s.Width * (s.QueryWidth + (2 * s.KeyWidth))) + ((double)s.QueryWidth * s.Width) + (3.0 * s.Width * s.FeedForward));

    /// <summary>Positions that a position at the end of a text of that many sees, over all layers.</summary>
    public static double Seen(ModelShape s, double positions)
    {
        double all = 0;
        for (int l = 0; l < s.Layers; l++)
            all += s.WindowOf(l) is > 0 and int window ? Math.Min(window, positions) : positions;
        return all;
    }

    /// <summary>To run one position that sees so many others: two per weight, and two products of attention.</summary>
    public static double Forward(ModelShape s, double positions) => (2 * Weights(s)) + (4 * Seen(s, positions) * s.QueryWidth);

    /// <summary>To learn from one position of sequences of that length: six per weight; two products of attention forward, five back, over half of all pairs.</summary>
    public static double Training(ModelShape s, int length) => (6 * Weights(s)) + (14 * Seen(s, length / 2.0) * s.QueryWidth);
}
