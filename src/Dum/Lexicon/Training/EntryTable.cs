using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>The entries so far: their bytes, their place in the law, and the merge that made each. Only joins that the law allows and the encoder can reach get in.</summary>
sealed class EntryTable
{
    readonly ClauseLaw _law;
    readonly int _maxBytes;
    readonly byte[][] _bytes;
    readonly CharClass[][] _classes;
    readonly int[] _states;
    readonly (int Left, int Right)[] _merges;
    readonly Dictionary<long, int> _byPair;
    readonly int[] _scratch;

    public EntryTable(LexiconTrainingOptions options)
    {
        _law = new ClauseLaw(options);
        _maxBytes = options.MaxBytes;
        _bytes = new byte[options.Size][];
        _classes = new CharClass[options.Size][];
        _states = new int[options.Size];
        _merges = new (int, int)[options.Size - 256];
        _byPair = new Dictionary<long, int>(options.Size - 256);
        _scratch = new int[Math.Max(options.MaxBytes, WordScanner.MaxPiece)];
        for (int b = 0; b < 256; b++)
            Append([(byte)b]);
    }

    public int Count { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> this[int id] => _bytes[id];

    public (int Left, int Right)[] Merges => _merges[..(Count - 256)];

    /// <summary>Whether the two may stand in one entry.</summary>
    public bool MayJoin(int left, int right)
    {
        if (_bytes[left].Length + _bytes[right].Length > _maxBytes)
            return false;
        if (_classes[left][0] == CharClass.Fragment || _classes[right][0] == CharClass.Fragment)
            return Continues(_bytes[left], _bytes[right]);
        return ClauseLaw.MayEnd(_law.Run(_states[left], _classes[right]));
    }

    /// <summary>Makes an entry of the two, unless their bytes already encode to something else; then -1.</summary>
    public int Join(int left, int right)
    {
        byte[] bytes = [.. _bytes[left], .. _bytes[right]];
        // What does not encode to its own two halves now could never be reached later, whatever comes after: earlier merges win.
        Span<int> units = _scratch;
        if (Encode(bytes, units) != 2 || units[0] != left || units[1] != right)
            return -1;
        _merges[Count - 256] = (left, right);
        _byPair.Add(Key(left, right), Count);
        Append(bytes);
        return Count - 1;
    }

    /// <summary>The plain rank encoder: again and again the lowest merge, leftmost first. <paramref name="units"/> has room for every byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Encode(ReadOnlySpan<byte> bytes, Span<int> units)
    {
        int count = bytes.Length;
        for (int i = 0; i < count; i++)
            units[i] = bytes[i];
        if (count > 1)
        {
            Span<int> merged = count <= 512 ? stackalloc int[count] : new int[count];
            for (int i = 0; i + 1 < count; i++)
                merged[i] = MergeOf(units[i], units[i + 1]);
            while (count > 1)
            {
                int at = 0;
                for (int i = 1; i + 1 < count; i++)
                    if (merged[i] < merged[at])
                        at = i;
                if (merged[at] == int.MaxValue)
                    break;
                units[at] = merged[at];
                count--;
                units[(at + 2)..(count + 1)].CopyTo(units[(at + 1)..]);
                merged[(at + 1)..count].CopyTo(merged[at..]);
                if (at > 0)
                    merged[at - 1] = MergeOf(units[at - 1], units[at]);
                if (at + 1 < count)
                    merged[at] = MergeOf(units[at], units[at + 1]);
            }
        }
        return count;
    }

    int MergeOf(int left, int right) => _byPair.TryGetValue(Key(left, right), out int id) ? id : int.MaxValue;

    static long Key(int left, int right) => (long)left << 32 | (uint)right;

    /// <summary>Whether the bytes are the beginning of one character and its next byte: characters grow from the left, and nothing else holds parts of one.</summary>
    static bool Continues(byte[] left, byte[] right)
    {
        int length = left[0] switch { >= 0xF0 and < 0xF5 => 4, >= 0xE0 and < 0xF0 => 3, >= 0xC2 and < 0xE0 => 2, _ => 0 };
        if (right.Length != 1 || (right[0] & 0xC0) != 0x80 || left.Length >= length)
            return false;
        // Overlong forms and surrogates are no characters.
        return left.Length > 1 || left[0] switch
        {
            0xE0 => right[0] >= 0xA0,
            0xED => right[0] < 0xA0,
            0xF0 => right[0] >= 0x90,
            0xF4 => right[0] < 0x90,
            _ => true,
        };
    }

    void Append(byte[] bytes)
    {
        int id = Count++;
        _bytes[id] = bytes;
        var classes = new List<CharClass>(bytes.Length);
        for (int i = 0, length; i < bytes.Length; i += length)
            classes.Add(CharClasses.At(bytes.AsSpan(i), out length));
        // Parts of a character are one thing to the law.
        _classes[id] = classes[0] == CharClass.Fragment ? [CharClass.Fragment] : [.. classes];
        _states[id] = _law.Run(ClauseLaw.Start, CollectionsMarshal.AsSpan(classes)[..Math.Min(classes.Count, _classes[id].Length)]);
    }
}
