using System.Runtime.CompilerServices;
using Dum.Corpus;

namespace Dum.Lexicon;

/// <summary>Counts the distinct pieces of all sources, each source by its weight.</summary>
sealed class WordCounter(LexiconTrainingOptions options)
{
    /// <summary>Counts are kept in this fraction of one, so that weights need no floating point.</summary>
    public const int Unit = 256;

    readonly WordTable[] _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new WordTable())];

    /// <summary>The words of everything read so far.</summary>
    public WordTable Words { get; } = new();

    /// <summary>Reads a source and returns its bytes.</summary>
    public long Read(LexiconSource source, Action<long> progress, CancellationToken cancel)
    {
        long factor = Math.Max(1, (long)Math.Round(source.Weight * Unit)), bytes = 0;
        ChunkPipeline.Run(source, options.ChunkBytes, _workers, (table, chunk, _) => CountChunk(table, chunk), (table, length) =>
        {
            Words.AddAll(table, factor);
            for (long least = Unit; Words.Count > options.DistinctWords || Words.BytesUsed > 1 << 30; least += Unit)
                Words.Prune(least + 1);
            bytes += length;
            progress(bytes);
        }, cancel);
        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void CountChunk(WordTable table, ReadOnlySpan<byte> text)
    {
        table.Clear();
        while (!text.IsEmpty)
        {
            var scanner = new WordScanner(DocumentLines.Next(ref text), options);
            while (scanner.Next())
            {
                // A stray byte has no neighbour to merge with, and neither has a single byte.
                ReadOnlySpan<byte> piece = scanner.Piece;
                if (piece.Length > 1)
                    table.Add(piece, WordTable.Hash(piece), 1);
            }
        }
    }
}
