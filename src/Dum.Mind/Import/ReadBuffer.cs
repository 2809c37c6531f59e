using System.Buffers;

namespace Dum.Mind.Import;

/// <summary>A large buffer for reading a file, lent for that time: a folder of small notes would else make half a megabyte of garbage for each.</summary>
/// <param name="bytes">Its size at first.</param>
sealed class ReadBuffer(int bytes)
{
    public byte[] Bytes { get; private set; } = ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>The same bytes with as much room again.</summary>
    public byte[] Grow()
    {
        byte[] small = Bytes;
        Bytes = ArrayPool<byte>.Shared.Rent(2 * small.Length);
        small.CopyTo(Bytes, 0);
        ArrayPool<byte>.Shared.Return(small);
        return Bytes;
    }

    /// <summary>Gives it back: nobody may hold a part of it any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(Bytes);
        Bytes = [];
    }
}
