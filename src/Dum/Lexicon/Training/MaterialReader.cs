using System.Runtime.CompilerServices;
using Dum.Corpus;

namespace Dum.Lexicon;

/// <summary>
/// Lays out the text of all sources as units of the first stage, with barriers where nothing may be joined.
/// More text than the bound is sampled in blocks spread evenly over each source; rarer weights take fewer blocks, heavier ones repeat them.
/// </summary>
sealed class MaterialReader(LexiconTrainingOptions options, EntryTable entries, WordTable words, int[] wordStarts, int[] wordText)
{
    const int BlockBytes = 256 << 10;
    readonly bool _closedDigits = options.Has(ClauseRules.ClosedDigits);
    readonly Worker[] _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker())];

    /// <summary>The units, from a first barrier to a last.</summary>
    public int[] Text { get; private set; } = [MergeEngine.Barrier];

    /// <summary>How much of <see cref="Text"/> is used.</summary>
    public int Length { get; private set; } = 1;

    /// <summary>Makes room at once for this many units.</summary>
    public void Expect(long units) => Grow((int)Math.Min(units, Array.MaxLength - 64));

    /// <summary>Adds a source, each block <paramref name="rate"/> times on average.</summary>
    public void Read(LexiconSource source, double rate, Action<long> progress, CancellationToken cancel)
    {
        int block = 0;
        long bytes = 0;
        ChunkPipeline.Run(source, BlockBytes, _workers, (worker, text, number) =>
        {
            worker.Count = 0;
            if (Copies(number, rate) > 0)
                Encode(worker, text);
        }, (worker, length) =>
        {
            for (int copy = Copies(block++, rate); copy > 0; copy--)
                Append(worker.Units.AsSpan(0, worker.Count));
            progress(bytes += length);
        }, cancel);
    }

    static int Copies(int block, double rate) => (int)(Math.Floor((block + 1) * rate + 0.5) - Math.Floor(block * rate + 0.5));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Encode(Worker worker, ReadOnlySpan<byte> text)
    {
        if (worker.Units.Length < text.Length + 1)
            worker.Units = GC.AllocateUninitializedArray<int>(text.Length + 1);
        int[] units = worker.Units;
        int count = 0;
        while (!text.IsEmpty)
        {
            var scanner = new WordScanner(DocumentLines.Next(ref text), options);
            while (scanner.Next())
            {
                ReadOnlySpan<byte> piece = scanner.Piece;
                if (scanner.Kind != PieceKind.Text && (scanner.Kind != PieceKind.Digits || !_closedDigits))
                {
                    if (count > 0 && units[count - 1] != MergeEngine.Barrier)
                        units[count++] = MergeEngine.Barrier;
                    continue;
                }
                int word = piece.Length == 1 ? -1 : words.Find(piece, WordTable.Hash(piece));
                if (word < 0)
                {
                    count += entries.Encode(piece, units.AsSpan(count));
                    continue;
                }
                for (int i = wordStarts[word]; wordText[i] != MergeEngine.Barrier; i++)
                    if (wordText[i] >= 0)
                        units[count++] = wordText[i];
            }
        }
        units[count++] = MergeEngine.Barrier;
        worker.Count = count;
    }

    void Append(ReadOnlySpan<int> units)
    {
        if ((long)Length + units.Length > Array.MaxLength)
            return;
        if (Length + units.Length > Text.Length)
            Grow((int)Math.Min(Array.MaxLength, (Length + units.Length) * 3L / 2));
        units.CopyTo(Text.AsSpan(Length));
        Length += units.Length;
    }

    void Grow(int length)
    {
        if (length <= Text.Length)
            return;
        int[] larger = GC.AllocateUninitializedArray<int>(length);
        Text.AsSpan(0, Length).CopyTo(larger);
        Text = larger;
    }

    sealed class Worker
    {
        public int[] Units = [];
        public int Count;
    }
}
