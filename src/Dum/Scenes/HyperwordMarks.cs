using System.Runtime.CompilerServices;
using Dum.Lexicon;

namespace Dum.Scenes;

/// <summary>What the end of a hyperword says about the text.</summary>
[Flags]
enum HyperwordMark : byte
{
    None = 0,

    /// <summary>Ends with , ; : or a newline, closing quotes and brackets aside: a clause may end here.</summary>
    Clause = 1,

    /// <summary>Ends with . ! ? … or an empty line: a sentence ends here.</summary>
    Sentence = 8,

    /// <summary>Ends with a newline.</summary>
    Line = 2,

    /// <summary>Ends with two newlines or more: an empty line.</summary>
    EmptyLine = 4,
}

/// <summary>The marks of every entry of a vocabulary, read off its bytes once.</summary>
static class HyperwordMarks
{
    // The last bytes of newline, clause ends and closing marks; an entry that ends with another has no mark.
    static ReadOnlySpan<byte> LastBytes => "\n.,;:!?\"')]"u8;

    static ReadOnlySpan<byte> LastBytesOfTwoAndMore => [0xA6, 0xBB, 0x9D, 0x99, 0x9C];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static HyperwordMark[] Of(Vocabulary vocabulary)
    {
        Span<bool> matters = stackalloc bool[256];
        matters.Clear();
        foreach (byte b in LastBytes)
            matters[b] = true;
        foreach (byte b in LastBytesOfTwoAndMore)
            matters[b] = true;
        var marks = new HyperwordMark[vocabulary.Count];
        ReadOnlySpan<byte> bytes = vocabulary.Bytes;
        ReadOnlySpan<int> offsets = vocabulary.Offsets;
        for (int id = 0; id < marks.Length; id++)
            if (matters[bytes[offsets[id + 1] - 1]])
                marks[id] = Of(vocabulary[id]);
        return marks;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static HyperwordMark Of(ReadOnlySpan<byte> entry)
    {
        if (entry[^1] == (byte)'\n')
        {
            int newlines = 0;
            foreach (byte b in entry)
                newlines += b == (byte)'\n' ? 1 : 0;
            return HyperwordMark.Clause | HyperwordMark.Line | (newlines > 1 ? HyperwordMark.EmptyLine | HyperwordMark.Sentence : 0);
        }
        ReadOnlySpan<byte> rest = entry;
        while (Strip(ref rest, "\""u8) || Strip(ref rest, "'"u8) || Strip(ref rest, ")"u8) || Strip(ref rest, "]"u8) ||
            Strip(ref rest, "»"u8) || Strip(ref rest, "”"u8) || Strip(ref rest, "’"u8) || Strip(ref rest, "“"u8))
        {
        }
        return rest switch
        {
            [.., (byte)'.' or (byte)'!' or (byte)'?'] => HyperwordMark.Sentence,
            [.., (byte)',' or (byte)';' or (byte)':'] => HyperwordMark.Clause,
            _ => rest.EndsWith("…"u8) ? HyperwordMark.Sentence : HyperwordMark.None,
        };
    }

    static bool Strip(ref ReadOnlySpan<byte> entry, ReadOnlySpan<byte> closing)
    {
        if (!entry.EndsWith(closing))
            return false;
        entry = entry[..^closing.Length];
        return true;
    }
}
