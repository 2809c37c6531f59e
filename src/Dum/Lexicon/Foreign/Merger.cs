namespace Dum.Lexicon.Foreign;

/// <summary>Merges inside one piece of text. Thread-safe.</summary>
abstract class Merger
{
    /// <summary>Writes the published ids of a piece.</summary>
    /// <param name="piece">Valid UTF-8, not empty.</param>
    /// <param name="ids">At least as long as the piece.</param>
    /// <returns>Ids written.</returns>
    public abstract int Encode(ReadOnlySpan<byte> piece, Span<int> ids);

    /// <summary>The number of units of a piece.</summary>
    /// <param name="piece">Valid UTF-8, not empty.</param>
    /// <param name="scratch">At least as long as the piece.</param>
    public virtual int Count(ReadOnlySpan<byte> piece, Span<int> scratch) => Encode(piece, scratch);
}
