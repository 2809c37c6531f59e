namespace Dum.Lexicon;

/// <summary>Hands out room for position lists from large arrays; an array goes when the last list in it is forgotten.</summary>
sealed class PositionPool
{
    const int ChunkLength = 1 << 20;
    int[] _chunk = [];
    int _used;

    /// <summary>An array with room for <paramref name="length"/> more numbers from <paramref name="start"/> on.</summary>
    public int[] Room(int length, out int start)
    {
        if (_chunk.Length - _used < length)
        {
            _chunk = GC.AllocateUninitializedArray<int>(Math.Max(ChunkLength, length));
            _used = 0;
        }
        start = _used;
        return _chunk;
    }

    /// <summary>Keeps this much of the room.</summary>
    public void Take(int length) => _used += length;
}
