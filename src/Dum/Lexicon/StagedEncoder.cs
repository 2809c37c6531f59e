using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>
/// Encodes with a vocabulary that was learned in two stages, words first and joins of words after: far fewer guesses
/// to take back. All merges below <see cref="First"/> come before all others, and none of them crosses a border
/// between words (two bytes that no entry below it holds side by side), so each word is merged by itself, mostly by
/// one look-up; then the rest of the merges is done, in rank order, on the few units between two cuts.
/// </summary>
sealed class StagedEncoder
{
    /// <summary>More units than this between two cuts, or more bytes in a word that is no entry, go the general way.</summary>
    const int MostUnits = 128, MostWordBytes = 63;

    readonly EntryTrie _trie;
    readonly MergeTable _merges;
    readonly JoinTable _joins;
    readonly SeamSet _inWords, _inEntries;
    readonly int[] _length;

    StagedEncoder(Vocabulary vocabulary, bool[] reachable, int first, SeamSet inEntries, int[] length)
    {
        (First, _inEntries, _length) = (first, inEntries, length);
        Task<MergeTable> merges = Task.Run(() => new MergeTable(vocabulary, first));
        _trie = new EntryTrie(vocabulary, reachable, first);
        _joins = new JoinTable(vocabulary, first);
        _inWords = new SeamSet(vocabulary, reachable, first);
        _merges = merges.GetAwaiter().GetResult();
    }

    /// <summary>The first entry of the second stage.</summary>
    public int First { get; }

    /// <summary>An encoder for a vocabulary that shows two stages; null for another, which this way would be no faster with.</summary>
    public static StagedEncoder? Create(Vocabulary vocabulary, bool[] reachable, SeamSet inEntries, int[] length)
    {
        int first = FindFirst(vocabulary);
        // With few words, or no joins to speak of, the general way is as good.
        return first - Vocabulary.ByteCount < vocabulary.Count / 8 || first > vocabulary.Count - vocabulary.Count / 16
            ? null : new StagedEncoder(vocabulary, reachable, first, inEntries, length);
    }

    /// <summary>The first entry in which a letter stands before a space: there words begin to be joined. Any number is right; this one is fast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int FindFirst(Vocabulary vocabulary)
    {
        int id = Vocabulary.ByteCount;
        while (id < vocabulary.Count && !(SeamSet.Of(vocabulary, id) is (var a, (byte)' ') && (a >= 128 || char.IsAsciiLetter((char)a))))
            id++;
        return id;
    }

    /// <summary>Encodes stretch by stretch, from cut to cut, as long as the units of each fit.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="ids">Receives ids.</param>
    /// <param name="consumed">Bytes that the ids stand for: whole stretches.</param>
    /// <param name="isFinal">True when the end of the text ends the last stretch.</param>
    /// <param name="tooLong">True when the next stretch has to go the general way.</param>
    /// <returns>Ids written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public int Run(ReadOnlySpan<byte> text, Span<int> ids, out int consumed, bool isFinal, out bool tooLong)
    {
        Span<int> units = stackalloc int[MostUnits + MostWordBytes + 1], joins = stackalloc int[MostUnits + MostWordBytes + 1];
        ref byte bytes = ref MemoryMarshal.GetReference(text);
        ref int unit = ref MemoryMarshal.GetReference(units);
        int end = text.Length, count = 0;
        consumed = 0;
        tooLong = false;
        while (consumed < end)
        {
            int n = 0, at = consumed;
            while (true)
            {
                int id = _trie.Longest(ref bytes, at, end, out int next);
                if (next < end && _inWords.Contains(Unsafe.Add(ref bytes, next - 1), Unsafe.Add(ref bytes, next)))
                {
                    next = FindBorder(ref bytes, at, next, end);
                    tooLong = next < 0;
                    if (tooLong)
                        return count;
                    n += Word(ref bytes, at, next, id, units[n..]);
                }
                else
                    Unsafe.Add(ref unit, n++) = id;
                at = next;
                if (at == end || !_inEntries.Contains(Unsafe.Add(ref bytes, at - 1), Unsafe.Add(ref bytes, at)))
                    break;
                tooLong = n > MostUnits;
                if (tooLong)
                    return count;
            }
            if (at == end && !isFinal)
                break;
            if (n > 1)
                n = Join(units[..n], joins);
            if (n > ids.Length - count)
                break;
            units[..n].CopyTo(ids[count..]);
            (count, consumed) = (count + n, at);
        }
        return count;
    }

    /// <summary>Where the word that starts at <paramref name="start"/> ends, from <paramref name="next"/> on; -1 when it is too long.</summary>
    int FindBorder(ref byte bytes, int start, int next, int end)
    {
        while (++next < end && _inWords.Contains(Unsafe.Add(ref bytes, next - 1), Unsafe.Add(ref bytes, next)))
            if (next - start > MostWordBytes)
                return -1;
        return next - start > MostWordBytes ? -1 : next;
    }

    /// <summary>Merges a word that is no entry: the general way (see <see cref="GeneralEncoder"/>), with merges of the first stage alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Word(ref byte bytes, int start, int end, int id, Span<int> units)
    {
        ref int length = ref MemoryMarshal.GetArrayDataReference(_length);
        ulong dead = 0;
        int at = start, n = 0;
        while (true)
        {
            int next = at + Unsafe.Add(ref length, id);
            if ((dead >> (next - start) & 1) == 0 && (n == 0 || _merges.CanFollow(units[n - 1], id)))
            {
                units[n++] = id;
                at = next;
                if (at == end)
                    return n;
                id = _trie.Longest(ref bytes, at, end, out _);
                continue;
            }
            id = _trie.ShorterEntry[id];
            if (id >= 0)
                continue;
            if (n == 0)
                throw GeneralEncoder.Contradiction();
            dead |= 1UL << (at - start);
            id = units[--n];
            at -= Unsafe.Add(ref length, id);
        }
    }

    /// <summary>Joins neighbours, the lowest rank first and the leftmost first, until none join.</summary>
    /// <returns>How many units are left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Join(Span<int> units, Span<int> joins)
    {
        ref int unit = ref MemoryMarshal.GetReference(units);
        ref int join = ref MemoryMarshal.GetReference(joins);
        int n = units.Length, best = JoinTable.None, place = 0;
        for (int i = 0; i < n - 1; i++)
        {
            int made = _joins.Find(Unsafe.Add(ref unit, i), Unsafe.Add(ref unit, i + 1));
            Unsafe.Add(ref join, i) = made;
            if (made < best)
                (best, place) = (made, i);
        }
        while (best != JoinTable.None)
        {
            n--;
            Unsafe.Add(ref unit, place) = best;
            for (int i = place + 1; i < n; i++)
            {
                Unsafe.Add(ref unit, i) = Unsafe.Add(ref unit, i + 1);
                Unsafe.Add(ref join, i - 1) = Unsafe.Add(ref join, i);
            }
            if (place > 0)
                Unsafe.Add(ref join, place - 1) = _joins.Find(Unsafe.Add(ref unit, place - 1), best);
            if (place < n - 1)
                Unsafe.Add(ref join, place) = _joins.Find(best, Unsafe.Add(ref unit, place + 1));
            best = JoinTable.None;
            for (int i = 0; i < n - 1; i++)
            {
                int made = Unsafe.Add(ref join, i);
                if (made < best)
                    (best, place) = (made, i);
            }
        }
        return n;
    }
}
