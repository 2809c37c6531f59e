using System.Runtime.InteropServices;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// Collects merges in rank order and tells what each byte string becomes under those collected so far. Ids are those
/// of the <see cref="Vocabulary"/> that comes out: 256 bytes, then one per merge.
/// </summary>
/// <remarks>
/// Why one merge per token is enough, however many ways a file offers to make it: while a token forms inside a text,
/// nothing crosses its borders, so the merges inside it happen in the order in which they happen to its bytes alone,
/// and the last of them joins the same two parts. Every other way never fires, as long as parts rank before wholes.
/// </remarks>
sealed class MergeOrder
{
    readonly List<(int Left, int Right)> _merges = [];
    readonly Dictionary<ulong, int> _pairs = [];
    readonly List<int> _length = [.. Enumerable.Repeat(1, Vocabulary.ByteCount)];
    readonly int[] _parts = new int[Vocabulary.MaxEntryBytes], _ranks = new int[Vocabulary.MaxEntryBytes];

    public int Count => Vocabulary.ByteCount + _merges.Count;

    public int Add(int left, int right)
    {
        int id = Count;
        _merges.Add((left, right));
        _length.Add(_length[left] + _length[right]);
        _pairs.Add(Key(left, right), id);
        return id;
    }

    public int Find(int left, int right) => _pairs.GetValueOrDefault(Key(left, right), int.MaxValue);

    /// <summary>Merges the bytes as far as the merges known so far go. At most <see cref="Vocabulary.MaxEntryBytes"/> bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cut">Length of the first part in bytes.</param>
    public ReadOnlySpan<int> Reduce(ReadOnlySpan<byte> bytes, out int cut)
    {
        cut = Math.Min(1, bytes.Length);
        int n = bytes.Length;
        int[] parts = _parts, ranks = _ranks;
        for (int i = 0; i < n; i++)
            parts[i] = bytes[i];
        for (int i = 0; i + 1 < n; i++)
            ranks[i] = Find(parts[i], parts[i + 1]);
        while (n > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < n; i++)
                if (ranks[i] < ranks[best])
                    best = i;
            if (ranks[best] == int.MaxValue)
                break;
            parts[best] = ranks[best];
            if (best == 0)
                cut += _length[parts[1]];
            n--;
            Array.Copy(parts, best + 2, parts, best + 1, n - best - 1);
            Array.Copy(ranks, best + 1, ranks, best, n - best);
            if (best + 1 < n)
                ranks[best] = Find(parts[best], parts[best + 1]);
            if (best > 0)
                ranks[best - 1] = Find(parts[best - 1], parts[best]);
        }
        return parts.AsSpan(0, n);
    }

    public Vocabulary ToVocabulary() => Vocabulary.FromMerges(CollectionsMarshal.AsSpan(_merges));

    static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}
