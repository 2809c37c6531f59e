using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dum.Mind.Words;

/// <summary>
/// What stems mean, as directions learned from the company they keep: a sorted table of terms, each with its share of all
/// words and a unit vector in eighths of a byte. Made by <see cref="VectorTraining"/>; the default lies beside the program.
/// </summary>
sealed class WordVectors
{
    /// <summary>Two words nearer than this (cosine) say something alike.</summary>
    public const float Alike = 0.4f;

    /// <summary>How rare a word must be to count in full (Arora, Liang and Ma 2017).</summary>
    const float Rare = 1e-3f;

    const int HeaderBytes = 16, HashBytes = 8, MostWords = 1 << 20, MostDimensions = 1024;

    static readonly Lazy<WordVectors?> s_default = new(LoadDefault);

    readonly ulong[] _terms;
    readonly float[] _shares;
    readonly sbyte[] _values;
    readonly float[] _common;

    WordVectors(ulong[] terms, float[] shares, sbyte[] values, int dimensions)
    {
        (_terms, _shares, _values, Dimensions) = (terms, shares, values, dimensions);
        // what every text has in common says nothing of any
        _common = new float[dimensions];
        for (int i = 0; i < terms.Length; i++)
            Add(i, _common, _shares[i] * Weight(i));
        Normalise(_common);
    }

    static ReadOnlySpan<byte> Magic => "DUMVEC1\n"u8;

    /// <summary>The table shipped with the program; null where the file is missing: recall then goes by words alone.</summary>
    public static WordVectors? Default => s_default.Value;

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The place of a term in the table; −1 when it is not there.</summary>
    public int Find(ulong term) => Array.BinarySearch(_terms, term) is >= 0 and int at ? at : -1;

    /// <summary>How much a word tells of the text it stands in, 0…1.</summary>
    public float Weight(int word) => Rare / (Rare + _shares[word]);

    /// <summary>How rare a word is, as in BM25.</summary>
    public float Rarity(int word) => MathF.Log(1 + Rare / (_shares[word] + 1e-6f));

    /// <summary>The cosine of two words.</summary>
    public float Cosine(int a, int b)
    {
        ReadOnlySpan<sbyte> x = _values.AsSpan(a * Dimensions, Dimensions), y = _values.AsSpan(b * Dimensions, Dimensions);
        int sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum / (127f * 127f);
    }

    /// <summary>The direction of a text: its words by weight, less what all texts share; all zeros when it has no known word.</summary>
    public float[] Of(ReadOnlySpan<int> words)
    {
        var sum = new float[Dimensions];
        foreach (int word in words)
            Add(word, sum, Weight(word));
        Normalise(sum);
        float shared = Dot(sum, _common);
        for (int i = 0; i < sum.Length; i++)
            sum[i] -= shared * _common[i];
        Normalise(sum);
        return sum;
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    void Add(int word, Span<float> to, float weight)
    {
        ReadOnlySpan<sbyte> x = _values.AsSpan(word * Dimensions, Dimensions);
        for (int i = 0; i < x.Length; i++)
            to[i] += weight * x[i];
    }

    static void Normalise(Span<float> v)
    {
        float length = MathF.Sqrt(Dot(v, v));
        for (int i = 0; i < v.Length && length > 0; i++)
            v[i] /= length;
    }

    /// <summary>The same words, each with the vector of another: what is measured beside, to see that the vectors matter.</summary>
    public WordVectors Shuffled()
    {
        int[] places = [.. Enumerable.Range(0, _terms.Length)];
        new Random(5).Shuffle(places);
        var values = new sbyte[_values.Length];
        for (int i = 0; i < places.Length; i++)
            _values.AsSpan(places[i] * Dimensions, Dimensions).CopyTo(values.AsSpan(i * Dimensions));
        return new WordVectors(_terms, _shares, values, Dimensions);
    }

    /// <summary>Writes a table: magic, counts, terms, shares, vectors, and the first bytes of the SHA-256 of all that.</summary>
    public static void Write(Stream to, ulong[] terms, float[] shares, sbyte[] values)
    {
        var bytes = new MemoryStream();
        bytes.Write(Magic);
        Span<byte> counts = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(counts, terms.Length);
        BinaryPrimitives.WriteInt32LittleEndian(counts[4..], values.Length / terms.Length);
        bytes.Write(counts);
        bytes.Write(MemoryMarshal.AsBytes(terms.AsSpan()));
        bytes.Write(MemoryMarshal.AsBytes(shares.AsSpan()));
        bytes.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        byte[] whole = bytes.ToArray();
        to.Write(whole);
        to.Write(SHA256.HashData(whole).AsSpan(0, HashBytes));
    }

    /// <exception cref="DumException">It is no table of word vectors, or it is damaged.</exception>
    public static WordVectors Read(byte[] file, string name)
    {
        int count = file.Length > HeaderBytes ? BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)) : 0, dimensions = count > 0 ? BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)) : 0;
        if (!file.AsSpan().StartsWith(Magic) || count is < 1 or > MostWords || dimensions is < 1 or > MostDimensions || file.Length != HeaderBytes + (long)count * (12 + dimensions) + HashBytes
            || !SHA256.HashData(file.AsSpan(0, file.Length - HashBytes)).AsSpan(0, HashBytes).SequenceEqual(file.AsSpan(file.Length - HashBytes)))
            throw new DumException(Tongue.Say($"{name} is no table of word vectors, or it is damaged: install dum again", $"{name} — не таблица векторов слов, или она повреждена: установите dum заново"));
        int shares = HeaderBytes + count * 8, values = shares + count * 4;
        return new WordVectors(MemoryMarshal.Cast<byte, ulong>(file.AsSpan(HeaderBytes, count * 8)).ToArray(), MemoryMarshal.Cast<byte, float>(file.AsSpan(shares, count * 4)).ToArray(),
            MemoryMarshal.Cast<byte, sbyte>(file.AsSpan(values, count * dimensions)).ToArray(), dimensions);
    }

    static WordVectors? LoadDefault()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "models", "words.dumvec");
        return File.Exists(path) ? Read(File.ReadAllBytes(path), path) : null;
    }
}
