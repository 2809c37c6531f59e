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
    readonly MergeOrder _order = new();
    readonly int[] _scratch;

    public EntryTable(LexiconTrainingOptions options)
    {
        _law = new ClauseLaw(options);
        _maxBytes = options.MaxBytes;
        _bytes = new byte[options.Size][];
        _classes = new CharClass[options.Size][];
        _states = new int[options.Size];
        _scratch = new int[Math.Max(options.MaxBytes, WordScanner.MaxPiece)];
        for (int b = 0; b < 256; b++)
            Append([(byte)b]);
    }

    public int Count { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> this[int id] => _bytes[id];

    public (int Left, int Right)[] Merges => _order.Merges.ToArray();

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
        _order.Add(left, right);
        Append(bytes);
        return Count - 1;
    }

    /// <summary>The plain rank encoder: again and again the lowest merge, leftmost first. <paramref name="units"/> has room for every byte.</summary>
    public int Encode(ReadOnlySpan<byte> bytes, Span<int> units) => _order.Reduce(bytes, units);

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
