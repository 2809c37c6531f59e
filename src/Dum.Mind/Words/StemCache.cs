namespace Dum.Mind.Words;

/// <summary>
/// Stems of the words met last: most words of a text come again, and looking one up costs a tenth of taking its ending off. A thread has
/// one of its own; what it gives does not depend on what it has met.
/// </summary>
sealed class StemCache
{
    const int Slots = 1 << 15;

    [ThreadStatic]
    static StemCache? s_own;

    readonly Entry[] _entries = new Entry[Slots];

    /// <summary>What is known of a word.</summary>
    /// <param name="Word">In lower case; null in an empty slot.</param>
    /// <param name="Stem">The hash of its stem.</param>
    /// <param name="IsTerm">Whether it is worth an entry in an index.</param>
    public readonly record struct Entry(string? Word, ulong Stem, bool IsTerm);

    /// <summary>That of this thread.</summary>
    public static StemCache Own => s_own ??= new StemCache();

    /// <param name="word">In lower case, at most <see cref="TermReader.MostChars"/> characters.</param>
    /// <param name="hash">Any hash of it.</param>
    public Entry Of(ReadOnlySpan<char> word, uint hash)
    {
        ref Entry entry = ref _entries[(hash ^ (hash >> 15)) % Slots];
        if (entry.Word is null || !word.SequenceEqual(entry.Word))
            entry = Make(word);
        return entry;
    }

    static Entry Make(ReadOnlySpan<char> word)
    {
        // irregular forms may be longer than the word
        Span<char> room = stackalloc char[TermReader.MostChars + 8];
        room.Clear();
        word.CopyTo(room);
        int length = IrregularForms.Replace(room, word.Length);
        return new Entry(word.ToString(), TermReader.Hash(room[..TermReader.StemLength(room[..length])]), !StopWords.Contains(word));
    }
}
