using System.Diagnostics;
using Dum.Models;

namespace Dum.Ledger;

/// <summary>Conversations of a model: so much read, so much written. What is written comes from a text, so that all models make the same bytes.</summary>
static class Conversation
{
    /// <summary>The longer and the shorter side of a conversation: sixteen to one, of which the text must hold one whole.</summary>
    /// <param name="text">Its bytes, at least 17.</param>
    /// <param name="bytes">The longer side, where the text is long enough.</param>
    /// <exception cref="DumException">The text is shorter than any conversation.</exception>
    public static (int Most, int Least) Lengths(long text, int bytes)
    {
        int most = (int)Math.Min(bytes, text * 16 / 17);
        return most >= 16 ? (most, most / 16) : throw new DumException(Tongue.Say($"{text} bytes of text are too few for a conversation", $"{text} байт текста мало для разговора"));
    }

    /// <summary>Bytes a second, read and written together: by processor time on one thread, which other work on the machine hardly changes, by the clock on more.</summary>
    /// <param name="model">Any.</param>
    /// <param name="text">Long enough for one conversation; several begin at different places, as far apart as it allows.</param>
    /// <param name="batch">Conversations at once.</param>
    /// <param name="read">Bytes that each begins with.</param>
    /// <param name="written">Bytes that are written then, one token for each at a time.</param>
    /// <param name="threads">Threads.</param>
    public static double Rate(LanguageModel model, ReadOnlySpan<byte> text, int batch, int read, int written, int threads)
    {
        int[][] prompts = new int[batch][], continued = new int[batch][];
        // The last one ends with the text, however short that is.
        long spare = text.Length - read - written;
        for (int i = 0; i < batch; i++)
        {
            int from = batch == 1 ? 0 : (int)(i * spare / (batch - 1));
            prompts[i] = model.Tokenizer.Encode(text.Slice(from, read));
            continued[i] = model.Tokenizer.Encode(text.Slice(from + read, written));
        }
        int room = prompts.Max(p => p.Length) + continued.Max(c => c.Length);
        using LanguageSession session = model.NewSession(threads, context: room);
        long start = Stopwatch.GetTimestamp();
        TimeSpan spent = Environment.CpuUsage.TotalTime;
        int[] sequences = [.. prompts.Select(_ => session.Open(room))];
        for (int i = 0; i < batch; i++)
            session.Append(sequences[i], prompts[i]);
        // Texts that end earlier leave the batch, as they would when it serves people.
        for (int step = 0; step < continued.Max(c => c.Length); step++)
        {
            int[] alive = [.. Enumerable.Range(0, batch).Where(i => step < continued[i].Length)];
            session.Step([.. alive.Select(i => sequences[i])], [.. alive.Select(i => continued[i][step])]);
        }
        double seconds = threads == 1 ? (Environment.CpuUsage.TotalTime - spent).TotalSeconds : Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (double)batch * (read + written) / seconds;
    }
}
