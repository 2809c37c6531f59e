using System.Buffers;
using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>
/// Turns bytes into hyperwords. The result equals byte-pair merging in rank order on every input, in time linear in
/// the input. Thread-safe; no allocation per call unless a stretch without a cut is longer than 4,096 bytes.
/// </summary>
/// <example><code>
/// Vocabulary words = LexiconFile.Default.Vocabulary;
/// Span&lt;int&gt; ids = new int[text.Length];
/// int n = words.Encoder.Encode(text, ids);
/// </code></example>
public sealed class Encoder
{
    readonly Vocabulary _vocabulary;
    readonly SeamSet _inEntries;
    readonly int[] _length;
    readonly StagedEncoder? _staged;
    readonly Lazy<GeneralEncoder> _general;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal Encoder(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var merges = new Lazy<MergeTable>(() => new MergeTable(vocabulary, vocabulary.Count));
        if (vocabulary.AllReachable)
        {
            Reachable = new bool[vocabulary.Count];
            Array.Fill(Reachable, true);
        }
        else
            Reachable = FindReachable(merges.Value);
        _length = new int[vocabulary.Count];
        for (int id = 0; id < vocabulary.Count; id++)
            _length[id] = vocabulary[id].Length;
        _inEntries = new SeamSet(vocabulary, Reachable, vocabulary.Count);
        _staged = StagedEncoder.Create(vocabulary, Reachable, _inEntries, _length);
        // With two stages it is hardly ever needed, and takes longer to build than all the rest.
        _general = new Lazy<GeneralEncoder>(() => new GeneralEncoder(vocabulary, Reachable, merges.Value, _inEntries, _length));
        if (_staged is null)
            _ = _general.Value;
    }

    /// <summary>False for an entry that no text is ever encoded with: its bytes merge another way, or an earlier entry has the same bytes.</summary>
    internal bool[] Reachable { get; }

    /// <summary>
    /// True when every encoding has a border between the bytes <paramref name="a"/> and <paramref name="b"/>:
    /// no entry holds them side by side. A text may be cut there and its parts encoded apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCut(byte a, byte b) => !_inEntries.Contains(a, b);

    internal int LengthOf(int id) => _length[id];

    /// <summary>True when words are encoded first and joined after.</summary>
    internal bool IsStaged => _staged is not null;

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

    int Run(ReadOnlySpan<byte> text, Span<int> ids, out int consumed, bool isFinal)
    {
        if (_staged is null)
            return _general.Value.Run(text, ids, out consumed, isFinal, toCut: false);
        int written = _staged.Run(text, ids, out consumed, isFinal, out bool tooLong);
        while (tooLong)
        {
            written += _general.Value.Run(text[consumed..], ids[written..], out int stretch, isFinal, toCut: true);
            if (stretch == 0)
                break;
            consumed += stretch;
            written += _staged.Run(text[consumed..], ids[written..], out stretch, isFinal, out tooLong);
            consumed += stretch;
        }
        return written;
    }

    bool[] FindReachable(MergeTable merges)
    {
        int count = _vocabulary.Count;
        var reachable = new bool[count];
        for (int id = 0; id < count; id++)
        {
            (int left, int right) = _vocabulary.MergeOf(id);
            reachable[id] = id < Vocabulary.ByteCount ||
                (reachable[left] && reachable[right] && merges.Find(left, right) == id && merges.Undisturbed(left, right, id));
        }
        return reachable;
    }
}
