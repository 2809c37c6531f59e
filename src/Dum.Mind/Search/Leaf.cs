using System.Buffers.Binary;

namespace Dum.Mind.Search;

/// <summary>Some terms that follow one another with their postings: the unit in which an index is stored and read.</summary>
static class Leaf
{
    public static void Append(List<byte> leaf, ulong term, ReadOnlySpan<byte> postings)
    {
        Span<byte> key = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(key, term);
        leaf.AddRange(key);
        Varint.Write(leaf, (ulong)postings.Length);
        leaf.AddRange(postings);
    }

    /// <summary>The postings of a term; empty when it does not occur.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> leaf, ulong term)
    {
        int at = 0;
        while (Next(leaf, ref at, out ulong key, out ReadOnlySpan<byte> postings))
            if (key == term)
                return postings;
        return default;
    }

    /// <summary>Steps through a leaf.</summary>
    /// <exception cref="DumException">The leaf is damaged.</exception>
    public static bool Next(ReadOnlySpan<byte> leaf, scoped ref int at, out ulong term, out ReadOnlySpan<byte> postings)
    {
        term = 0;
        postings = default;
        if (at >= leaf.Length)
            return false;
        int from = at + 8;
        ulong length = from <= leaf.Length ? Varint.Read(leaf, ref from) : ulong.MaxValue;
        if (length > (ulong)(leaf.Length - from))
            throw Damage.OfIndex();
        term = BinaryPrimitives.ReadUInt64LittleEndian(leaf[at..]);
        postings = leaf.Slice(from, (int)length);
        at = from + (int)length;
        return true;
    }
}
