using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>Turns hyperwords back into bytes: a table look-up per id. Thread-safe, no allocation.</summary>
public static class Decoder
{
    /// <summary>Bytes that <paramref name="ids"/> stand for.</summary>
    /// <exception cref="IndexOutOfRangeException">An id is not in the vocabulary.</exception>
    public static int CountBytes(this Vocabulary vocabulary, ReadOnlySpan<int> ids)
    {
        ReadOnlySpan<int> offsets = vocabulary.Offsets;
        int total = 0;
        foreach (int id in ids)
            total = checked(total + offsets[id + 1] - offsets[id]);
        return total;
    }

    /// <summary>Writes the bytes of <paramref name="ids"/> to <paramref name="text"/>.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="IndexOutOfRangeException">An id is not in the vocabulary.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode(this Vocabulary vocabulary, ReadOnlySpan<int> ids, Span<byte> text)
    {
        ReadOnlySpan<int> offsets = vocabulary.Offsets;
        ref byte entries = ref MemoryMarshal.GetReference(vocabulary.Bytes);
        ref byte target = ref MemoryMarshal.GetReference(text);
        int at = 0;
        foreach (int id in ids)
        {
            int offset = offsets[id], length = offsets[id + 1] - offset;
            ref byte entry = ref Unsafe.Add(ref entries, offset);
            // Most entries fit into 16 bytes: one copy of fixed width, whose surplus the next entry overwrites.
            if (length <= 16 && at + 16 <= text.Length)
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref target, at), ref entry, 16);
            else if (length <= text.Length - at)
                MemoryMarshal.CreateReadOnlySpan(ref entry, length).CopyTo(text[at..]);
            else
                throw new ArgumentException($"{text.Length} bytes are not room enough for these {ids.Length} hyperwords", nameof(text));
            at += length;
        }
        return at;
    }

    /// <summary>The bytes of <paramref name="ids"/> in a new array.</summary>
    /// <exception cref="IndexOutOfRangeException">An id is not in the vocabulary.</exception>
    public static byte[] Decode(this Vocabulary vocabulary, ReadOnlySpan<int> ids)
    {
        var text = new byte[vocabulary.CountBytes(ids)];
        vocabulary.Decode(ids, text);
        return text;
    }
}
