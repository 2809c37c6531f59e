using Dum.Models;

namespace Dum.Sigma.Tap;

/// <summary>Runs a model over a text with a tap at its kernels.</summary>
public static class TappedRun
{
    /// <summary>Tokens that go through the model in one call.</summary>
    const int Piece = 128;

    /// <summary>Reads a text, a new sequence for every context of the model, and listens.</summary>
    /// <param name="model">Open.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="tokens">At most so many.</param>
    /// <param name="tap">Takes the residuals; null runs the model bare, for comparison.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="progress">Is told the share done; may be null.</param>
    /// <param name="cancel">Checked between pieces.</param>
    /// <returns>Tokens read.</returns>
    /// <exception cref="DumException">The text has no token.</exception>
    public static int Read(LanguageModel model, ReadOnlySpan<byte> text, int tokens, ResidualTap? tap, int threads = 1, Action<double>? progress = null, CancellationToken cancel = default)
    {
        int[] ids = model.Tokenizer.Encode(text);
        int count = Math.Min(ids.Length, tokens);
        if (count == 0)
            throw new DumException(Tongue.Say("the text is empty", "текст пуст"));
        tap?.Name(model.Matrices);
        using LanguageSession session = tap is null ? model.NewSession(threads) : model.NewSession(inner => new TapKernels(inner, tap), threads);
        for (int at = 0; at < count;)
        {
            int sequence = session.Open(), end = Math.Min(count, at + session.Context);
            for (; at < end; at += Math.Min(Piece, end - at))
            {
                cancel.ThrowIfCancellationRequested();
                session.Append(sequence, ids.AsSpan(at, Math.Min(Piece, end - at)));
                progress?.Invoke((double)at / count);
            }
            session.Close(sequence);
        }
        return count;
    }
}
