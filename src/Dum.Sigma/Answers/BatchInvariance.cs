using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dum.Models;

namespace Dum.Sigma.Answers;

/// <summary>Whether a model says the same bits in every company: other batches, other threads, read at once or token by token.</summary>
public static class BatchInvariance
{
    static readonly int[] s_batches = [1, 2, 3, 8, 32, 44];

    /// <summary>SHA-256 of the logits after every token, for each way to run; one kind of hash means that none of it matters.</summary>
    /// <param name="model">Open.</param>
    /// <param name="tokens">A few dozen.</param>
    /// <param name="cancel">Checked between ways.</param>
    public static IReadOnlyList<(string Way, string Hash)> Hashes(LanguageModel model, ReadOnlyMemory<int> tokens, CancellationToken cancel = default)
    {
        var hashes = new List<(string, string)>();
        foreach (int threads in (int[])[1, 2])
        {
            foreach (int batch in s_batches)
            {
                cancel.ThrowIfCancellationRequested();
                hashes.Add(($"batch {batch}, threads {threads}", Stepped(model, tokens.Span, batch, threads)));
            }
            hashes.Add(($"read in pieces, threads {threads}", InPieces(model, tokens.Span, threads)));
        }
        return hashes;
    }

    /// <summary>One token at a time beside sequences that read something else; the watched one stands in the middle.</summary>
    static string Stepped(LanguageModel model, ReadOnlySpan<int> tokens, int batch, int threads)
    {
        using LanguageSession session = model.NewSession(threads);
        int length = tokens.Length;
        int[] sequences = [.. Enumerable.Range(0, batch).Select(_ => session.Open(length))], next = new int[batch];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int t = 0; t < tokens.Length; t++)
        {
            for (int b = 0; b < batch; b++)
                next[b] = b == batch / 2 ? tokens[t] : tokens[(t + (7 * b) + 1) % tokens.Length];
            session.Step(sequences, next);
            hash.AppendData(MemoryMarshal.AsBytes(session.Logits(batch / 2)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Prefixes of growing length, each in one call of a new sequence: a warm and a cold cache by turns.</summary>
    static string InPieces(LanguageModel model, ReadOnlySpan<int> tokens, int threads)
    {
        using LanguageSession session = model.NewSession(threads);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int warm = session.Open(tokens.Length), held = 0;
        for (int t = 1; t <= tokens.Length; t++)
        {
            if (t % 3 == 0)
            {
                int cold = session.Open(tokens.Length);
                hash.AppendData(MemoryMarshal.AsBytes(session.Append(cold, tokens[..t])));
                session.Close(cold);
                continue;
            }
            hash.AppendData(MemoryMarshal.AsBytes(session.Append(warm, tokens[held..t])));
            held = t;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
