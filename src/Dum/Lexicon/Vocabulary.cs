using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Dum.Lexicon;

/// <summary>
/// An immutable vocabulary of hyperwords: 256 single bytes, then one entry per merge, in rank order.
/// Entry <c>i ≥ 256</c> is the concatenation of two earlier entries; a lower id merges first
/// (byte-pair encoding, Sennrich et al. 2016; without pre-tokenisation as in SuperBPE, Liu et al. 2025).
/// Thread-safe.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Ids below this are the single bytes, so that every byte string can be encoded.</summary>
    public const int ByteCount = 256;

    /// <summary>No entry is longer than this many bytes.</summary>
    public const int MaxEntryBytes = 1024;

    /// <summary>No vocabulary has more entries than this; a larger figure in a file is a damaged file.</summary>
    public const int MaxCount = 1 << 20;

    const int MostBytes = 1 << 26;

    readonly int[] _left, _right, _offset;
    readonly byte[] _bytes;
    readonly Lazy<Encoder> _encoder;
    readonly Lazy<string> _id;

    Vocabulary(int[] left, int[] right, int[] offset, byte[] bytes)
    {
        (_left, _right, _offset, _bytes) = (left, right, offset, bytes);
        _encoder = new Lazy<Encoder>(() => new Encoder(this));
        _id = new Lazy<string>(() => IdOf(left, right));
    }

    /// <summary>Number of entries, 256 bytes included.</summary>
    public int Count => _left.Length;

    /// <summary>Names the vocabulary: the first 16 bytes of SHA-256 over its merges, as 32 hexadecimal digits.</summary>
    public string Id => _id.Value;

    /// <summary>The encoder over this vocabulary, built at first use and shared by all threads.</summary>
    public Encoder Encoder => _encoder.Value;

    /// <summary>Length in bytes of the longest entry.</summary>
    public int LongestEntry { get; private init; }

    /// <summary>The bytes of entry <paramref name="id"/>.</summary>
    /// <exception cref="IndexOutOfRangeException">The id is not in [0, Count).</exception>
    public ReadOnlySpan<byte> this[int id] => _bytes.AsSpan(_offset[id], _offset[id + 1] - _offset[id]);

    /// <summary>The two entries that merge into <paramref name="id"/>; a single byte answers with itself twice.</summary>
    public (int Left, int Right) MergeOf(int id) => (_left[id], _right[id]);

    internal ReadOnlySpan<int> Left => _left;

    internal ReadOnlySpan<int> Right => _right;

    /// <summary>Entry i lies at <c>Bytes[Offsets[i] … Offsets[i + 1])</c>; 16 spare bytes at the end allow wide copies.</summary>
    internal ReadOnlySpan<int> Offsets => _offset;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>True when the maker has made sure that every entry encodes to itself, so that the encoder need not find out.</summary>
    internal bool AllReachable { get; init; }

    /// <summary>Builds a vocabulary from merges; merge <c>i</c> makes entry <c>256 + i</c>.</summary>
    /// <exception cref="DumException">A merge names an entry that does not exist yet, makes an entry longer than
    /// <see cref="MaxEntryBytes"/>, or there are more than <see cref="MaxCount"/> entries.</exception>
    public static Vocabulary FromMerges(ReadOnlySpan<(int Left, int Right)> merges) => FromMerges(merges, allReachable: false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vocabulary FromMerges(ReadOnlySpan<(int Left, int Right)> merges, bool allReachable)
    {
        int count = ByteCount + merges.Length;
        if (count > MaxCount)
            throw new DumException(Tongue.Say(
                $"a vocabulary of {count} entries: at most {MaxCount} are allowed", $"словарь в {count} единиц: можно не больше {MaxCount}"));
        var left = new int[count];
        var right = new int[count];
        var offset = new int[count + 1];
        for (int i = 0; i < ByteCount; i++)
            (left[i], right[i], offset[i + 1]) = (i, i, i + 1);
        int longest = 1;
        for (int i = ByteCount; i < count; i++)
        {
            (int l, int r) = merges[i - ByteCount];
            if ((uint)l >= (uint)i || (uint)r >= (uint)i)
                throw new DumException(Tongue.Say(
                    $"the vocabulary is damaged: entry {i} is made of {l} and {r}, which do not come before it",
                    $"словарь повреждён: единица {i} составлена из {l} и {r}, а они не раньше её"));
            int length = offset[l + 1] - offset[l] + offset[r + 1] - offset[r];
            if (length > MaxEntryBytes)
                throw new DumException(Tongue.Say(
                    $"the vocabulary is damaged: entry {i} would have {length} bytes, {MaxEntryBytes} are allowed",
                    $"словарь повреждён: в единице {i} было бы {length} байт, можно {MaxEntryBytes}"));
            if (offset[i] > MostBytes)
                throw new DumException(Tongue.Say($"the vocabulary is damaged: its entries have more than {MostBytes} bytes together", $"словарь повреждён: вместе его единицы длиннее {MostBytes} байт"));
            (left[i], right[i], offset[i + 1]) = (l, r, offset[i] + length);
            longest = Math.Max(longest, length);
        }
        var bytes = new byte[offset[count] + 16];
        for (int i = 0; i < ByteCount; i++)
            bytes[i] = (byte)i;
        for (int i = ByteCount; i < count; i++)
        {
            ReadOnlySpan<byte> l = bytes.AsSpan(offset[left[i]], offset[left[i] + 1] - offset[left[i]]);
            ReadOnlySpan<byte> r = bytes.AsSpan(offset[right[i]], offset[right[i] + 1] - offset[right[i]]);
            l.CopyTo(bytes.AsSpan(offset[i]));
            r.CopyTo(bytes.AsSpan(offset[i] + l.Length));
        }
        return new Vocabulary(left, right, offset, bytes) { LongestEntry = longest, AllReachable = allReachable };
    }

    static string IdOf(int[] left, int[] right)
    {
        var pairs = new byte[8 * (left.Length - ByteCount)];
        for (int i = ByteCount; i < left.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(pairs.AsSpan(8 * (i - ByteCount)), left[i]);
            BinaryPrimitives.WriteInt32LittleEndian(pairs.AsSpan(8 * (i - ByteCount) + 4), right[i]);
        }
        return Convert.ToHexStringLower(SHA256.HashData(pairs).AsSpan(0, 16));
    }
}
