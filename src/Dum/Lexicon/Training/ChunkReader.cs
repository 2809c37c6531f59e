namespace Dum.Lexicon;

/// <summary>Cuts a stream into pieces of a fixed size at line ends, so that what is learned does not depend on how many threads read them.</summary>
sealed class ChunkReader(Stream stream, string name, int size) : IDisposable
{
    byte[] _rest = [];

    public void Dispose() => stream.Dispose();

    /// <summary>The next piece, in an array of its own; null at the end.</summary>
    public byte[]? Next()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(size);
        _rest.CopyTo(buffer, 0);
        int filled = _rest.Length;
        try
        {
            filled += stream.ReadAtLeast(buffer.AsSpan(filled), size - filled, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DumException(Tongue.Say(
                $"cannot read {name} to its end: {e.Message.TrimEnd('.')}; check it or leave it out",
                $"{name} не читается до конца: {e.Message.TrimEnd('.')}; проверьте его или уберите"), e);
        }
        _rest = [];
        if (filled == 0)
            return null;
        int cut = filled;
        if (filled == size)
        {
            cut = buffer.AsSpan().LastIndexOf((byte)'\n') + 1;
            if (cut == 0)
                cut = buffer.AsSpan().LastIndexOf((byte)' ');
            if (cut <= 0)
                cut = CharacterCut(buffer);
            _rest = buffer[cut..];
        }
        return cut == size ? buffer : buffer[..cut];
    }

    static int CharacterCut(byte[] buffer)
    {
        int cut = buffer.Length;
        for (int back = 1; back <= 3 && (buffer[cut - 1] & 0xC0) == 0x80; back++)
            cut--;
        return buffer[cut - 1] >= 0xC0 ? cut - 1 : buffer.Length;
    }
}
