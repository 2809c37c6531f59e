using Dum.Models;
using Dum.Numerics.Kernels;

namespace Dum.Training;

/// <summary>What a model makes of a text it was not trained on.</summary>
/// <param name="Name">The text.</param>
/// <param name="Bytes">Its bytes in UTF-8, separators not counted.</param>
/// <param name="Units">Its units, the closing ones among them.</param>
/// <param name="Bits">What the model would spend on all units: −log₂ of their probabilities.</param>
public sealed record TextScore(string Name, long Bytes, long Units, double Bits)
{
    /// <summary>Bits for each byte of the original; comparable between any two vocabularies.</summary>
    public double BitsPerByte => Bits / Bytes;
}

/// <summary>Measures bits per byte. The closing ids of documents cost bits and have no bytes, which favours nobody.</summary>
static class Evaluation
{
    /// <summary>Scores a text in windows of the model's length.</summary>
    /// <param name="model">Its batch is used.</param>
    /// <param name="kernels">The table.</param>
    /// <param name="text">Encoded with the model's lexicon.</param>
    /// <param name="name">For the result.</param>
    /// <param name="overlap">True gives every unit but the first at least half a window before it; takes twice as long.</param>
    /// <param name="cancel">Stops between batches.</param>
    public static TextScore Score(PlanModel model, KernelTable kernels, Shard text, string name, bool overlap, CancellationToken cancel)
    {
        int length = model.Length, step = overlap ? length / 2 : length;
        int units = text.Ids.Length - 1;
        double nats = 0;
        for (int at = 0; at < units;)
        {
            cancel.ThrowIfCancellationRequested();
            Array.Fill(model.Targets, -1);
            Array.Fill(model.Ids, 0);
            for (int row = 0; row < model.Sequences && at < units; row++)
            {
                // The window ends where its last target is; before `at` everything is only read.
                int end = Math.Min(at + (at == 0 ? length : step), units), start = Math.Max(0, end - length);
                if (model.Fit(text.Ids[start..end]) is var fits && start + fits < end)
                {
                    // More scenes than the plan has room for: what does not fit is left to the next window.
                    if (start + fits <= at)
                        (start, fits) = (at, model.Fit(text.Ids[at..end]));
                    end = start + fits;
                }
                for (int i = start; i < end; i++)
                {
                    model.Ids[(row * length) + i - start] = text.Ids[i];
                    if (i >= at)
                        model.Targets[(row * length) + i - start] = text.Ids[i + 1];
                }
                at = end;
            }
            model.ForwardExactly(kernels);
            foreach (float loss in model.Losses)
                nats += loss;
        }
        return new TextScore(name, text.Bytes, units, nats / Math.Log(2));
    }
}
