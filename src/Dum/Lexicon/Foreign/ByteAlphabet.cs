namespace Dum.Lexicon.Foreign;

/// <summary>GPT-2's alphabet of 256 printable characters for the 256 bytes (<c>bytes_to_unicode</c> in openai/gpt-2's <c>encoder.py</c>).</summary>
static class ByteAlphabet
{
    static readonly short[] s_byteOf = Build();

    /// <summary>The bytes that a token is written for, or null when it holds a character that stands for no byte.</summary>
    public static byte[]? ToBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int b = token[i] < s_byteOf.Length ? s_byteOf[token[i]] : -1;
            if (b < 0)
                return null;
            bytes[i] = (byte)b;
        }
        return bytes;
    }

    static short[] Build()
    {
        var byteOf = new short[256 + 68];
        Array.Fill(byteOf, (short)-1);
        int moved = 256;
        for (int b = 0; b < 256; b++)
            byteOf[b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? b : moved++] = (short)b;
        return byteOf;
    }
}
