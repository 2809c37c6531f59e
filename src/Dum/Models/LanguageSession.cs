using System.Diagnostics.CodeAnalysis;
using Dum.Numerics;

namespace Dum.Models;

/// <summary>
/// Runs a model over sequences that come and go: what generation, coding and measuring need of any model, whatever its
/// unit of thought. Not thread-safe; sessions over the same weights are independent.
/// </summary>
public abstract class LanguageSession : IDisposable
{
    /// <summary>The longest sequence in tokens.</summary>
    public abstract int Context { get; }

    /// <summary>Entries of the vocabulary: the length of a row of logits.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Bytes that the keys and values of a sequence take.</summary>
    /// <param name="sequence">An open one.</param>
    public abstract long CacheBytes(int sequence);

    /// <summary>Begins a sequence and gives its number.</summary>
    /// <param name="capacity">Tokens it may grow to; 0 for <see cref="Context"/>.</param>
    /// <param name="adapter">What this sequence alone runs with; it must outlive the sequence. Null for the bare model.</param>
    /// <exception cref="DumException">There is not enough memory for its cache, or the adapter is of another model.</exception>
    public abstract int Open(int capacity = 0, LoraAdapter? adapter = null);

    /// <summary>Exchanges the adapter of a sequence from its next token on; what it has read stays as it was understood.</summary>
    /// <param name="sequence">An open one.</param>
    /// <param name="adapter">The other, or null for the bare model.</param>
    /// <exception cref="DumException">The adapter is of another model.</exception>
    public abstract void Swap(int sequence, LoraAdapter? adapter);

    /// <summary>Ends a sequence and frees its cache.</summary>
    public abstract void Close(int sequence);

    /// <summary>Tokens that a sequence holds.</summary>
    public abstract int Count(int sequence);

    /// <summary>Appends tokens to a sequence; the logits after the last of them are valid until the next call.</summary>
    /// <returns>One number per entry of the vocabulary.</returns>
    /// <exception cref="DumException">The sequence is full, or a token is outside the vocabulary.</exception>
    public abstract ReadOnlySpan<float> Append(int sequence, scoped ReadOnlySpan<int> tokens);

    /// <summary>Appends one token to each of several sequences; row i of the logits follows tokens[i]. Valid until the next call.</summary>
    /// <param name="sequences">Different ones, at most 256.</param>
    /// <param name="tokens">As many.</param>
    /// <exception cref="DumException">A sequence is full, or a token is outside the vocabulary.</exception>
    [SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "A step is what the field calls it; Visual Basic can bracket it.")]
    public abstract void Step(ReadOnlySpan<int> sequences, ReadOnlySpan<int> tokens);

    /// <summary>Row <paramref name="row"/> of the logits of the last call.</summary>
    public abstract ReadOnlySpan<float> Logits(int row);

    /// <summary>The threads that work, for what is done with the logits of many rows.</summary>
    internal abstract WorkerPool Pool { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the session owns.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
