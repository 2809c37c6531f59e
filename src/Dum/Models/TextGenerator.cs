using System.Diagnostics;
using Dum.Checkpoints;
using Dum.Numerics;

namespace Dum.Models;

/// <summary>When generation ends.</summary>
public enum StopReason
{
    /// <summary>As many tokens as were asked for.</summary>
    Tokens,

    /// <summary>The model closed the text.</summary>
    End,

    /// <summary>One of the texts to stop at came.</summary>
    Text,

    /// <summary>The model's context is full.</summary>
    Context,
}

/// <summary>What generation did.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="Tokens">Tokens that were generated.</param>
/// <param name="PromptSeconds">For the prompt.</param>
/// <param name="Seconds">For the rest.</param>
public sealed record GenerationResult(StopReason Reason, int PromptTokens, int Tokens, double PromptSeconds, double Seconds);

/// <summary>Continues texts: prompt into tokens, tokens one by one into bytes, as they come.</summary>
/// <param name="session">Not disposed here.</param>
/// <param name="tokenizer">Of the same model.</param>
/// <param name="adapter">What the texts are continued with; null for the bare model.</param>
/// <param name="draws">Is told every random draw; null for nobody.</param>
public sealed class TextGenerator(LanguageSession session, ModelTokenizer tokenizer, LoraAdapter? adapter = null, DrawRecorder? draws = null)
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">Bytes; may be empty.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="tokens">The most tokens to generate.</param>
    /// <param name="stops">Texts that end it; they are not given out.</param>
    /// <param name="give">Takes bytes as soon as they are certain not to be part of a stop.</param>
    /// <param name="cancel">Stops between tokens.</param>
    /// <exception cref="DumException">The prompt does not fit, or nothing can be predicted from.</exception>
    public GenerationResult Continue(ReadOnlySpan<byte> prompt, SamplingOptions options, int tokens, IReadOnlyList<byte[]> stops, Action<ReadOnlyMemory<byte>> give, CancellationToken cancel)
    {
        var sampler = new Sampler(options, draws);
        List<int> ids = Begin(prompt);
        if (ids.Count >= session.Context)
            throw new DumException(Tongue.Say(
                $"the prompt has {ids.Count} tokens, the context holds {session.Context}: shorten it or give a larger --context",
                $"в запросе токенов {ids.Count}, в контексте места {session.Context}: сократите его или увеличьте --context"));
        int promptTokens = ids.Count, sequence = session.Open((int)Math.Min(session.Context, (long)ids.Count + tokens), adapter);
        try
        {
            var clock = Stopwatch.StartNew();
            ReadOnlySpan<float> logits = session.Append(sequence, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
            double promptSeconds = clock.Elapsed.TotalSeconds;
            var output = new HeldOutput(stops, give);
            bool strip = tokenizer.StripsFirstSpace && prompt.IsEmpty;
            int made = 0;
            StopReason reason = StopReason.Tokens;
            while (made < tokens)
            {
                cancel.ThrowIfCancellationRequested();
                int next = sampler.Next(logits, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[promptTokens..], 0, made);
                if (tokenizer.Stops.Contains(next) || next == tokenizer.Bos)
                {
                    reason = StopReason.End;
                    break;
                }
                made++;
                ids.Add(next);
                ReadOnlySpan<byte> bytes = tokenizer.Bytes(next);
                if (strip && bytes is [(byte)' ', ..])
                    bytes = bytes[1..];
                strip = false;
                if (output.Add(bytes))
                {
                    reason = StopReason.Text;
                    break;
                }
                if (made == tokens)
                    break;
                if (session.Count(sequence) >= session.Context)
                {
                    reason = StopReason.Context;
                    break;
                }
                logits = session.Append(sequence, [next]);
            }
            output.Finish();
            return new GenerationResult(reason, promptTokens, made, promptSeconds, clock.Elapsed.TotalSeconds - promptSeconds);
        }
        finally
        {
            session.Close(sequence);
        }
    }

    List<int> Begin(ReadOnlySpan<byte> prompt)
    {
        var ids = new List<int>();
        if (tokenizer.AddsBos && tokenizer.Bos is { } bos)
            ids.Add(bos);
        if (!prompt.IsEmpty)
            ids.AddRange(tokenizer.Encode(prompt));
        if (ids.Count == 0)
            // Our own models begin a document after the end of another.
            ids.Add(tokenizer.Bos ?? (tokenizer.Stops.Count > 0 ? tokenizer.Stops.Min() : throw new DumException(Tongue.Say(
                "this model has no token that begins a text: give a --prompt", "у этой модели нет токена начала текста: укажите --prompt"))));
        return ids;
    }
}
