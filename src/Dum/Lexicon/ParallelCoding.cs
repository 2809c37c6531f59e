namespace Dum.Lexicon;

/// <summary>Encoding and decoding of large texts on several threads; the result is that of one.</summary>
public static class ParallelCoding
{
    const int PieceBytes = 1 << 18, PieceIds = 1 << 16;

    /// <summary>Encodes a whole text, cut where no encoding can cross.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="text">Any bytes.</param>
    /// <param name="threads">At most so many threads; 0 for one per core.</param>
    public static int[] EncodeParallel(this Encoder encoder, ReadOnlyMemory<byte> text, int threads = 0)
    {
        var starts = new List<int> { 0 };
        for (int wished = PieceBytes; wished < text.Length; wished += PieceBytes)
            if (encoder.FindCutBefore(text.Span, wished) is var cut && cut > starts[^1])
                starts.Add(cut);
        starts.Add(text.Length);
        var parts = new int[starts.Count - 1][];
        Parallel.For(0, parts.Length, Options(threads), i => parts[i] = encoder.Encode(text.Span[starts[i]..starts[i + 1]]));
        return parts.Length == 1 ? parts[0] : [.. parts.SelectMany(p => p)];
    }

    /// <summary>The bytes of <paramref name="ids"/>.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="ids">Hyperword ids.</param>
    /// <param name="threads">At most so many threads; 0 for one per core.</param>
    /// <exception cref="IndexOutOfRangeException">An id is not in the vocabulary.</exception>
    public static byte[] DecodeParallel(this Vocabulary vocabulary, ReadOnlyMemory<int> ids, int threads = 0)
    {
        int pieces = (ids.Length + PieceIds - 1) / PieceIds;
        var starts = new int[pieces + 1];
        for (int i = 0; i < pieces; i++)
            starts[i + 1] = checked(starts[i] + vocabulary.CountBytes(Piece(i).Span));
        var text = new byte[starts[pieces]];
        Parallel.For(0, pieces, Options(threads), i => vocabulary.Decode(Piece(i).Span, text.AsSpan(starts[i], starts[i + 1] - starts[i])));
        return text;

        ReadOnlyMemory<int> Piece(int i) => ids.Slice(i * PieceIds, Math.Min(PieceIds, ids.Length - i * PieceIds));
    }

    static ParallelOptions Options(int threads) => new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
}
