namespace Dum.Mind.Search;

/// <summary>Numbers of one to ten bytes, seven bits each, low ones first.</summary>
static class Varint
{
    public static void Write(List<byte> to, ulong value)
    {
        while (value >= 0x80)
        {
            to.Add((byte)(value | 0x80));
            value >>= 7;
        }
        to.Add((byte)value);
    }

    /// <exception cref="DumException">The bytes end within the number: the index is damaged.</exception>
    public static ulong Read(ReadOnlySpan<byte> from, scoped ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)from.Length)
                break;
            byte b = from[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw Damage.OfIndex();
    }
}
