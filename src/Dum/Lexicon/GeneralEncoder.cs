using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>
/// Encodes with any vocabulary, in time linear in the text: the longest entry is tried at each place, and taken back
/// when its neighbour shows that merging would have gone another way (backtracking with dead places marked, as in
/// rust-gems' <c>bpe</c>).
/// </summary>
/// <param name="vocabulary">The entries.</param>
/// <param name="reachable">False for entries that no text is encoded with.</param>
/// <param name="merges">Of the same vocabulary.</param>
/// <param name="inEntries">Byte pairs that entries hold side by side.</param>
/// <param name="lengths">Of the entries, in bytes.</param>
sealed class GeneralEncoder(Vocabulary vocabulary, bool[] reachable, MergeTable merges, SeamSet inEntries, int[] lengths)
{
    const int DeadOnStack = 4096;

    readonly MergeTable _merges = merges;
    readonly EntryTrie _trie = new(vocabulary, reachable, vocabulary.Count);
    readonly SeamSet _inEntries = inEntries;
    readonly int[] _length = lengths;

    /// <summary>Encodes to the end of the text, or to the first cut.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="ids">Receives ids.</param>
    /// <param name="consumed">Bytes that the ids stand for: whole stretches from cut to cut.</param>
    /// <param name="isFinal">True when the end of the text ends the last stretch.</param>
    /// <param name="toCut">True to stop at the first cut.</param>
    /// <returns>Ids written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public int Run(ReadOnlySpan<byte> text, Span<int> ids, out int consumed, bool isFinal, bool toCut)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(text);
        ref int length = ref MemoryMarshal.GetArrayDataReference(_length);
        int end = text.Length, count = 0, room = ids.Length;
        int position = 0;

        // Everything before the last cut is settled: places are marked dead relative to it.
        int settled = 0, settledCount = 0;
        Span<ulong> dead = stackalloc ulong[DeadOnStack / 64];
        ulong[]? rented = null;
        int anyDead = 0;

        int id = end > 0 ? _trie.Longest(ref bytes, 0, end, out _) : 0;
        while (position < end)
        {
            int next = position + Unsafe.Add(ref length, id);
            if ((anyDead == 0 || !IsDead(dead, anyDead, next - settled)) &&
                (count == settledCount || _merges.CanFollow(ids[count - 1], id)))
            {
                if (count == room)
                    break;
                ids[count++] = id;
                position = next;
                if (position == end)
                    break;
                if (!_inEntries.Contains(Unsafe.Add(ref bytes, position - 1), Unsafe.Add(ref bytes, position)))
                {
                    if (anyDead != 0)
                        dead[..((anyDead + 63) >> 6)].Clear();
                    (settled, settledCount, anyDead) = (position, count, 0);
                    if (toCut)
                        break;
                }
                id = _trie.Longest(ref bytes, position, end, out _);
                continue;
            }
            id = _trie.ShorterEntry[id];
            if (id >= 0)
                continue;
            if (count == settledCount)
                throw Contradiction();
            MarkDead(ref dead, ref rented, ref anyDead, position - settled);
            id = ids[--count];
            position -= Unsafe.Add(ref length, id);
        }
        if (rented is not null)
            ArrayPool<ulong>.Shared.Return(rented);
        if (position == end && isFinal)
            (settled, settledCount) = (end, count);
        consumed = settled;
        return settledCount;
    }

    /// <param name="dead">One bit per place after the last cut.</param>
    /// <param name="marked">One more than the furthest place marked so far; bits beyond are not initialised.</param>
    /// <param name="place">The place asked for.</param>
    static bool IsDead(ReadOnlySpan<ulong> dead, int marked, int place) =>
        place < marked && (dead[place >> 6] >> (place & 63) & 1) != 0;

    static void MarkDead(ref Span<ulong> dead, ref ulong[]? rented, ref int marked, int place)
    {
        int words = (place >> 6) + 1, before = (marked + 63) >> 6;
        if (words > dead.Length)
        {
            ulong[] larger = ArrayPool<ulong>.Shared.Rent(Math.Max(words, dead.Length * 2));
            dead[..before].CopyTo(larger);
            if (rented is not null)
                ArrayPool<ulong>.Shared.Return(rented);
            dead = rented = larger;
        }
        if (words > before)
            dead[before..words].Clear();
        dead[place >> 6] |= 1UL << (place & 63);
        marked = Math.Max(marked, place + 1);
    }

    internal static InvalidOperationException Contradiction() => new("this vocabulary cannot encode the text: its merges contradict each other");
}
