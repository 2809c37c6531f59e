using System.Diagnostics;
using Dum.Corpus;

namespace Dum.Lexicon.Foreign;

/// <summary>What a tokenizer made of a text.</summary>
/// <param name="Name">The tokenizer.</param>
/// <param name="Entries">Size of its vocabulary.</param>
/// <param name="Bytes">Bytes of the text.</param>
/// <param name="Units">Units (tokens, hyperwords) that the text became.</param>
/// <param name="Relative">Units for each unit of the first tokenizer in the comparison.</param>
/// <param name="Seconds">Time of one encoding on one thread, the best of a few when they are short.</param>
public sealed record TokenizerResult(string Name, int Entries, long Bytes, long Units, double Relative, double Seconds)
{
    /// <summary>Bytes for each unit: the higher, the fewer positions a model needs.</summary>
    public double BytesPerUnit => Units == 0 ? 0 : (double)Bytes / Units;

    /// <summary>Millions of bytes encoded a second, on one thread.</summary>
    public double MegabytesPerSecond => Seconds <= 0 ? 0 : Bytes / Seconds / 1e6;
}

/// <summary>Counts the same texts with several tokenizers.</summary>
public static class TokenizerComparison
{
    // A pass shorter than this is repeated, since it says little about speed.
    const double EnoughSeconds = 0.25;
    const int MostPasses = 5;

    /// <summary>
    /// Encodes each document with each tokenizer, on this thread. The first tokenizer is what the others are compared with.
    /// </summary>
    public static IReadOnlyList<TokenizerResult> Compare(
        IReadOnlyList<ForeignTokenizer> tokenizers, IReadOnlyList<ReadOnlyMemory<byte>> documents, CancellationToken cancel = default)
    {
        long bytes = documents.Sum(document => (long)document.Length);
        var results = new List<TokenizerResult>(tokenizers.Count);
        foreach (ForeignTokenizer tokenizer in tokenizers)
        {
            long units = 0;
            double best = double.MaxValue, spent = 0;
            for (int pass = 0; pass < MostPasses && spent < EnoughSeconds; pass++)
            {
                long start = Stopwatch.GetTimestamp();
                units = 0;
                foreach (ReadOnlyMemory<byte> document in documents)
                {
                    cancel.ThrowIfCancellationRequested();
                    units += tokenizer.CountUnits(document.Span);
                }
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                (best, spent) = (Math.Min(best, seconds), spent + seconds);
            }
            long first = results.Count == 0 ? units : results[0].Units;
            double relative = first == 0 ? 1 : (double)units / first;
            results.Add(new TokenizerResult(tokenizer.Name, tokenizer.Count, bytes, units, relative, best));
        }
        return results;
    }

    /// <summary>
    /// The documents of a corpus file: lines that are exactly <c>&lt;|endoftext|&gt;</c> stand between documents and are not
    /// counted. A file without such lines is one document.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Documents(ReadOnlyMemory<byte> file)
    {
        var documents = new List<ReadOnlyMemory<byte>>();
        ReadOnlySpan<byte> rest = file.Span;
        while (!rest.IsEmpty)
        {
            int start = file.Length - rest.Length, length = DocumentLines.Next(ref rest).Length;
            if (length > 0)
                documents.Add(file.Slice(start, length));
        }
        return documents;
    }
}
