using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Quantisation;

/// <summary>Takes the logits of a piece of text.</summary>
/// <param name="first">The number of its first token.</param>
/// <param name="logits">[tokens × vocabulary], valid during the call.</param>
delegate void LogitsReader(int first, Matrix logits);

/// <summary>Runs a model over tokens, with all logits; a new sequence for every context.</summary>
static class TextRun
{
    const int Piece = 128;

    /// <summary>Reads.</summary>
    /// <param name="model">Open.</param>
    /// <param name="ids">Tokens.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="observe">Makes a table around the fast one; null for none.</param>
    /// <param name="read">Takes logits; null for nothing.</param>
    /// <param name="cancel">Checked between pieces.</param>
    public static void Read(LanguageModel model, ReadOnlySpan<int> ids, int threads, Func<KernelTable, KernelTable>? observe, LogitsReader? read, CancellationToken cancel)
    {
        using LanguageSession session = observe is null ? model.NewSession(threads) : model.NewSession(observe, threads);
        for (int at = 0; at < ids.Length;)
        {
            int sequence = session.Open(), end = Math.Min(ids.Length, at + session.Context);
            for (int count; at < end; at += count)
            {
                cancel.ThrowIfCancellationRequested();
                count = Math.Min(Piece, end - at);
                Matrix logits = session is SceneSession scenes ? scenes.AppendAll(sequence, ids.Slice(at, count)) : ((TokenSession)session).AppendAll(sequence, ids.Slice(at, count));
                // The block may have room for more rows than came.
                read?.Invoke(at, logits.Part(0, count));
            }
            session.Close(sequence);
        }
    }

    /// <summary>The loss of every token in nats; tokens that begin a sequence have no prediction and no loss.</summary>
    /// <param name="model">Open.</param>
    /// <param name="ids">Tokens.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="cancel">Checked between pieces.</param>
    public static unsafe float[] Losses(LanguageModel model, int[] ids, int threads, CancellationToken cancel)
    {
        var losses = new float[ids.Length];
        int context = model.Context;
        using var pool = new WorkerPool(1);
        var kernels = new CpuKernels(pool);
        var targets = new int[Piece];
        float[] found = new float[Piece], sums = new float[Piece];
        Read(model, ids, threads, null, (first, logits) =>
        {
            for (int r = 0; r < logits.Rows; r++)
                targets[r] = first + r + 1 < ids.Length && (first + r + 1) % context != 0 ? ids[first + r + 1] : -1;
            fixed (float* loss = found, sum = sums)
                kernels.CrossEntropy(logits, targets.AsSpan(0, logits.Rows), loss, sum);
            for (int r = 0; r < logits.Rows && first + r + 1 < ids.Length; r++)
                losses[first + r + 1] = targets[r] < 0 ? 0 : found[r];
        }, cancel);
        return losses;
    }
}
