using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>
/// Turns bytes into hyperwords and back. The result equals byte-pair merging in rank order on every input, in time
/// linear in the input: the longest entry is tried at each place, and taken back when its neighbour shows that
/// merging would have gone another way (backtracking with dead places marked, as in rust-gems' <c>bpe</c>).
/// Thread-safe; no allocation per call unless a stretch without a cut is longer than 4,096 bytes.
/// </summary>
/// <example><code>
/// Vocabulary words = LexiconFile.Default.Vocabulary;
/// Span&lt;int&gt; ids = new int[text.Length];
/// int n = words.Encoder.Encode(text, ids);
/// </code></example>
public sealed class Encoder
{
    const int DeadOnStack = 4096;

    readonly Vocabulary _vocabulary;
    readonly MergeTable _merges;
    readonly EntryTrie _trie;
    readonly int[] _length;
    readonly ulong[] _joined = new ulong[65536 / 64];

    internal Encoder(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        if (vocabulary.AllReachable)
        {
            Reachable = new bool[vocabulary.Count];
            Array.Fill(Reachable, true);
            Task<MergeTable> merges = Task.Run(() => new MergeTable(vocabulary));
            _trie = new EntryTrie(vocabulary, Reachable);
            _merges = merges.GetAwaiter().GetResult();
        }
        else
        {
            _merges = new MergeTable(vocabulary);
            Reachable = FindReachable();
            _trie = new EntryTrie(vocabulary, Reachable);
        }
        _length = new int[vocabulary.Count];
        for (int id = 0; id < vocabulary.Count; id++)
        {
            ReadOnlySpan<byte> entry = vocabulary[id];
            _length[id] = entry.Length;
            if (id < Vocabulary.ByteCount || !Reachable[id])
                continue;
            // The pairs inside both halves are marked already; only the seam is new.
            int seam = _length[vocabulary.MergeOf(id).Left];
            int pair = entry[seam - 1] << 8 | entry[seam];
            _joined[pair >> 6] |= 1UL << (pair & 63);
        }
    }

    /// <summary>False for an entry that no text is ever encoded with: its bytes merge another way, or an earlier entry has the same bytes.</summary>
    internal bool[] Reachable { get; }

    /// <summary>
    /// True when every encoding has a border between the bytes <paramref name="a"/> and <paramref name="b"/>:
    /// no entry holds them side by side. A text may be cut there and its parts encoded apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCut(byte a, byte b)
    {
        int pair = a << 8 | b;
        return (_joined[pair >> 6] >> (pair & 63) & 1) == 0;
    }

    internal int LengthOf(int id) => _length[id];

    /// <summary>The last place p ≤ <paramref name="from"/> (p ≥ 1) where the text may be cut, or -1.</summary>
    public int FindCutBefore(ReadOnlySpan<byte> text, int from)
    {
        for (int p = Math.Min(from, text.Length - 1); p >= 1; p--)
            if (IsCut(text[p - 1], text[p]))
                return p;
        return -1;
    }

    /// <summary>Encodes a whole text.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="ids">Receives the ids; <paramref name="text"/>'s length is always room enough.</param>
    /// <returns>The number of ids written.</returns>
    /// <exception cref="ArgumentException"><paramref name="ids"/> is too short.</exception>
    public int Encode(ReadOnlySpan<byte> text, Span<int> ids)
    {
        int written = Run(text, ids, out int consumed, isFinal: true);
        if (consumed != text.Length)
            throw new ArgumentException($"room for {ids.Length} ids is not enough for these {text.Length} bytes", nameof(ids));
        return written;
    }

    /// <summary>Encodes a whole text into a new array.</summary>
    public int[] Encode(ReadOnlySpan<byte> text)
    {
        int[] room = ArrayPool<int>.Shared.Rent(Math.Max(text.Length, 1));
        try
        {
            return room.AsSpan(0, Encode(text, room)).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(room);
        }
    }

    /// <summary>
    /// Encodes a stream piece by piece: what is written is final, whatever follows. Call again with the bytes not
    /// consumed in front of the next piece.
    /// </summary>
    /// <param name="text">The next bytes.</param>
    /// <param name="ids">Receives ids.</param>
    /// <param name="consumed">Bytes of <paramref name="text"/> that the ids stand for.</param>
    /// <param name="written">Ids written.</param>
    /// <param name="isFinal">True when nothing follows.</param>
    /// <returns><see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> when the rest may still join with what follows;
    /// <see cref="OperationStatus.DestinationTooSmall"/> when <paramref name="ids"/> is full.</returns>
    public OperationStatus Encode(ReadOnlySpan<byte> text, Span<int> ids, out int consumed, out int written, bool isFinal)
    {
        written = Run(text, ids, out consumed, isFinal);
        return consumed == text.Length ? OperationStatus.Done
            : !isFinal && text.Length - consumed <= ids.Length - written ? OperationStatus.NeedMoreData
            : OperationStatus.DestinationTooSmall;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    int Run(ReadOnlySpan<byte> text, Span<int> ids, out int consumed, bool isFinal)
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

        int id = end > 0 ? _trie.Longest(ref bytes, 0, end) : 0;
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
                if (IsCut(Unsafe.Add(ref bytes, position - 1), Unsafe.Add(ref bytes, position)))
                {
                    if (anyDead != 0)
                        dead[..((anyDead + 63) >> 6)].Clear();
                    (settled, settledCount, anyDead) = (position, count, 0);
                }
                id = _trie.Longest(ref bytes, position, end);
                continue;
            }
            id = _trie.ShorterEntry[id];
            if (id >= 0)
                continue;
            if (count == settledCount)
                throw new InvalidOperationException("this vocabulary cannot encode the text: its merges contradict each other");
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

    bool[] FindReachable()
    {
        int count = _vocabulary.Count;
        var reachable = new bool[count];
        for (int id = 0; id < count; id++)
        {
            (int left, int right) = _vocabulary.MergeOf(id);
            reachable[id] = id < Vocabulary.ByteCount ||
                (reachable[left] && reachable[right] && _merges.Find(left, right) == id && _merges.Undisturbed(left, right, id));
        }
        return reachable;
    }
}
