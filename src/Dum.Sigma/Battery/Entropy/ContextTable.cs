using System.Numerics;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// Contexts of one length, told apart exactly: what followed each how often, and what followed it most often (of equals the
/// largest byte). A context is known by where in the data it first ended, so what followed it first need not be kept; other
/// followers lie in a table of their own. Both tables are flat, with open addressing. Keys of up to eight bytes are the
/// contexts themselves; longer ones are compared in the data.
/// </summary>
/// <param name="length">Bytes of a context.</param>
/// <param name="expected">Contexts that there is room for from the start.</param>
sealed class ContextTable(int length, int expected)
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    Context[] _contexts = new Context[expected];
    int[] _places = new int[BitOperations.RoundUpToPowerOf2((uint)(2 * expected))];
    Follower[] _followers = new Follower[64];
    int _count, _followerCount;

    /// <summary>The key of a context from that of the one a byte shorter; 0 is that of the empty context.</summary>
    /// <param name="shorter">Of the bytes nearer to the place.</param>
    /// <param name="before">The byte before them.</param>
    /// <param name="length">Bytes with it.</param>
    public static ulong Extend(ulong shorter, byte before, int length) =>
        length <= sizeof(ulong) ? (shorter << 8) | before : (BitOperations.RotateLeft(shorter, 9) ^ before) * Golden;

    /// <summary>The number of the context that ends before a place, or −1.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="at">The place.</param>
    /// <param name="key">Of the context, by <see cref="Extend"/>.</param>
    public int Find(ReadOnlySpan<byte> data, int at, ulong key)
    {
        int mask = _places.Length - 1;
        for (int place = Place(key, _places.Length); _places[place] != 0; place = (place + 1) & mask)
        {
            ref Context context = ref _contexts[_places[place] - 1];
            if (context.Key == key && (length <= sizeof(ulong) || data.Slice(at - length, length).SequenceEqual(data.Slice(context.End - length, length))))
                return _places[place] - 1;
        }
        return -1;
    }

    /// <summary>Adds a context that is not there.</summary>
    /// <param name="at">Where it ends and the byte that follows it begins.</param>
    /// <param name="key">Of the context.</param>
    /// <param name="next">That byte; it is counted.</param>
    /// <param name="mute">Whether nothing is ever counted behind it, this byte neither.</param>
    public void Add(int at, ulong key, byte next, bool mute = false)
    {
        if (_count == _contexts.Length)
        {
            Array.Resize(ref _contexts, 2 * _count);
            _places = new int[2 * _places.Length];
            for (int i = 0; i < _count; i++)
                Enter(i);
        }
        _contexts[_count] = new Context { Key = key, End = at, First = mute ? 0 : 1, Most = mute ? 0 : 1, FirstSymbol = next, Best = next };
        Enter(_count++);
    }

    /// <summary>What came most often behind a context, and how often: 0 behind a mute one.</summary>
    public (byte Symbol, int Count) Best(int context) => (_contexts[context].Best, _contexts[context].Most);

    /// <summary>Counts a symbol behind a context; a new one only where that is allowed.</summary>
    /// <returns>Whether it was new and counted.</returns>
    public bool Count(int context, byte symbol, bool makeNew)
    {
        ref Context known = ref _contexts[context];
        int count = symbol == known.FirstSymbol ? ++known.First : CountOther((context << 8) | symbol, makeNew);
        if (count > known.Most || (count == known.Most && symbol > known.Best))
            (known.Most, known.Best) = (count, symbol);
        return count == 1;
    }

    /// <summary>Counts a follower that was not the first one; 0 where it is new and must not be.</summary>
    int CountOther(int key, bool makeNew)
    {
        ref Follower follower = ref Of(key);
        if (follower.Count == 0 && !makeNew)
            return 0;
        if (follower.Count == 0 && 2 * ++_followerCount > _followers.Length)
        {
            Follower[] old = _followers;
            _followers = new Follower[2 * old.Length];
            foreach (Follower f in old)
                if (f.Count > 0)
                    Of(f.Key) = f;
            follower = ref Of(key);
        }
        follower.Key = key;
        return ++follower.Count;
    }

    void Enter(int context)
    {
        int place = Place(_contexts[context].Key, _places.Length);
        while (_places[place] != 0)
            place = (place + 1) & (_places.Length - 1);
        _places[place] = context + 1;
    }

    /// <summary>Where a follower is or would be.</summary>
    ref Follower Of(int key)
    {
        int place = Place((ulong)key, _followers.Length);
        while (_followers[place].Count != 0 && _followers[place].Key != key)
            place = (place + 1) & (_followers.Length - 1);
        return ref _followers[place];
    }

    /// <summary>The top bits of a product; tables have a power of two of places, two at least.</summary>
    static int Place(ulong key, int places) => (int)((key * Golden) >> (64 - BitOperations.Log2((uint)places)));

    struct Context
    {
        public ulong Key;
        public int End, First, Most;
        public byte FirstSymbol, Best;
    }

    struct Follower
    {
        public int Key, Count;
    }
}
