using System.Diagnostics;
using Dum.Models;

namespace Dum.Ledger;

/// <summary>Conversations of a model: so much read, so much written. What is written comes from a text, so that all models make the same bytes.</summary>
static class Conversation
{
    /// <summary>Bytes a second, read and written together: by processor time on one thread, which other work on the machine hardly changes, by the clock on more.</summary>
    /// <param name="model">Any.</param>
    /// <param name="text">Long enough for one conversation; several begin at different places.</param>
    /// <param name="batch">Conversations at once.</param>
    /// <param name="read">Bytes that each begins with.</param>
    /// <param name="written">Bytes that are written then, one token for each at a time.</param>
    /// <param name="threads">Threads.</param>
    public static double Rate(LanguageModel model, ReadOnlySpan<byte> text, int batch, int read, int written, int threads)
    {
        int[][] prompts = new int[batch][], continued = new int[batch][];
        int apart = Math.Max(1, (text.Length - read - written) / batch);
        for (int i = 0; i < batch; i++)
        {
            prompts[i] = model.Tokenizer.Encode(text.Slice(i * apart, read));
            continued[i] = model.Tokenizer.Encode(text.Slice((i * apart) + read, written));
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
