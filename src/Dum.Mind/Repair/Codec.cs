using System.Text;

namespace Dum.Mind.Repair;

/// <summary>A wrong decoding of UTF-8: which byte a character above ASCII was.</summary>
sealed class Codec
{
    readonly byte[] _byteOf = new byte[0x10000];

    Codec(string name, int codePage)
    {
        Name = name;
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        for (int b = 0x80; b < 0x100; b++)
        {
            string s = encoding.GetString([(byte)b]);
            if (s.Length == 1 && s[0] is >= '\u0080' and not '\uFFFD')
                _byteOf[s[0]] = (byte)b;
        }
        if (codePage == 1252)
            // bytes without a character there, and Latin-1, which has control characters in their place
            for (int b = 0x80; b < 0xA0; b++)
                _byteOf[b] = (byte)b;
        if (codePage == MacRoman)
            (_byteOf['Ω'], _byteOf['\u2126']) = (0xBD, 0xBD);
    }

    const int MacRoman = 10000;

    /// <summary>All that are known; of equals the earlier one is believed.</summary>
    public static IReadOnlyList<Codec> All { get; } =
        [new("cp1252", 1252), new("macroman", MacRoman), new("cp437", 437), new("cp850", 850), new("cp1251", 1251), new("cp866", 866), new("koi8-r", 20866)];

    public string Name { get; }

    /// <summary>True when some programs drop the first character of an emoji in this decoding: the logo in a private place.</summary>
    public bool MayLackLead => Name == "macroman";

    /// <summary>
    /// True where letters of plain Russian are leads and followers of UTF-8 themselves (in CP866 "раб" is a sequence of three):
    /// there only pairs that stand for Cyrillic letters are evidence.
    /// </summary>
    public bool IsCyrillic => Name is "cp1251" or "cp866" or "koi8-r";

    /// <summary>The byte a character stands for; 0 for none.</summary>
    public byte this[char c] => c < 0x80 ? (byte)0 : _byteOf[c];
}
