using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// Contexts of one length, told apart exactly: what followed each how often, and what followed it most often (of equals the
/// largest byte). A context is known by where in the data it ended first, and as long as it came only once, that number in a
/// flat table with open addressing is all that is kept of it: most of the long ones never come again. Contexts that did, and
/// followers other than their first, lie in tables of their own.
/// </summary>
/// <param name="length">Bytes of a context.</param>
/// <param name="expected">Contexts that there is room for from the start.</param>
sealed unsafe class ContextTable(int length, int expected)
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    // 0 for nothing, above it where the context ended, below it ~number among those that came again.
    int[] _places = new int[BitOperations.RoundUpToPowerOf2((uint)(2 * expected))];
    Context[] _contexts = new Context[16];
    Follower[] _followers = new Follower[64];
    int _count, _again, _followerCount;

    /// <summary>The key of a context from that of the one a byte shorter; 0 is that of the empty context.</summary>
    /// <param name="shorter">Of the bytes nearer to the place.</param>
    /// <param name="before">The byte before them.</param>
    /// <param name="length">Bytes with it.</param>
    public static ulong Extend(ulong shorter, byte before, int length) =>
        length <= sizeof(ulong) ? (shorter << 8) | before : (BitOperations.RotateLeft(shorter, 9) ^ before) * Golden;

    /// <summary>The handle of the context that ends before a place, or −1. It holds until the next context is added.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="at">The place.</param>
    /// <param name="key">Of the context, by <see cref="Extend"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> data, int at, ulong key)
    {
        int mask = _places.Length - 1;
        for (int place = Place(key, _places.Length); _places[place] != 0; place = (place + 1) & mask)
        {
            int end = End(_places[place]);
            if (data[end - 1] == data[at - 1] && data.Slice(at - length, length).SequenceEqual(data.Slice(end - length, length)))
                return place;
        }
        return -1;
    }

    /// <summary>Asks the processor for what <see cref="Find"/> will read first.</summary>
    public void Prefetch(ulong key)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _places[Place(key, _places.Length)]));
    }

    /// <summary>Asks for what <see cref="Count"/> will read of a context where it is likely to lie.</summary>
    public void Prefetch(ulong key, byte next)
    {
        int context = ~_places[Place(key, _places.Length)];
        if (!Sse.IsSupported || context < 0)
            return;
        Sse.Prefetch0(Unsafe.AsPointer(ref _contexts[context]));
        Sse.Prefetch0(Unsafe.AsPointer(ref _followers[Place((ulong)((context << 8) | next), _followers.Length)]));
    }

    /// <summary>Adds a context that is not there.</summary>
    /// <param name="data">All of it.</param>
    /// <param name="at">Where it ends and the byte that follows it begins; that byte is counted.</param>
    /// <param name="key">Of the context.</param>
    /// <param name="mute">Whether nothing is ever counted behind it, this byte neither.</param>
    public void Add(ReadOnlySpan<byte> data, int at, ulong key, bool mute = false)
    {
        if (2 * ++_count > _places.Length)
        {
            int[] old = _places;
            _places = new int[2 * old.Length];
            foreach (int known in old)
                if (known != 0)
                    _places[Free(KeyAt(data, End(known)))] = known;
        }
        int place = Free(key);
        _places[place] = at;
        if (mute)
            Again(place, data).Clear();
    }

    /// <summary>What came most often behind a context, and how often: 0 behind a mute one.</summary>
    public (byte Symbol, int Count) Best(ReadOnlySpan<byte> data, int context) =>
        _places[context] is > 0 and int end ? (data[end], 1) : (_contexts[~_places[context]].Best, _contexts[~_places[context]].Most);

    /// <summary>Counts a symbol behind a context; a new one only where that is allowed.</summary>
    /// <returns>Whether it was new and counted.</returns>
    public bool Count(ReadOnlySpan<byte> data, int context, byte symbol, bool makeNew)
    {
        if (_places[context] is > 0 and int end && symbol != data[end] && !makeNew)
            return false;
        ref Context known = ref Again(context, data);
        int count = symbol == known.FirstSymbol ? ++known.First : CountOther((~_places[context] << 8) | symbol, makeNew);
        if (count > known.Most || (count == known.Most && symbol > known.Best))
            (known.Most, known.Best) = (count, symbol);
        return count == 1;
    }

    /// <summary>The counts of a context, which from now on are kept.</summary>
    ref Context Again(int place, ReadOnlySpan<byte> data)
    {
        if (_places[place] is > 0 and int end)
        {
            if (_again == _contexts.Length)
                Array.Resize(ref _contexts, 2 * _again);
            _contexts[_again] = new Context { End = end, First = 1, Most = 1, FirstSymbol = data[end], Best = data[end] };
            _places[place] = ~_again++;
        }
        return ref _contexts[~_places[place]];
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

    int End(int known) => known > 0 ? known : _contexts[~known].End;

    ulong KeyAt(ReadOnlySpan<byte> data, int end)
    {
        ulong key = 0;
        for (int k = 1; k <= length; k++)
            key = Extend(key, data[end - k], k);
        return key;
    }

    int Free(ulong key)
    {
        int place = Place(key, _places.Length);
        while (_places[place] != 0)
            place = (place + 1) & (_places.Length - 1);
        return place;
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

    [StructLayout(LayoutKind.Auto)]
    struct Context
    {
        public int End, First, Most;
        public byte FirstSymbol, Best;

        public void Clear() => (First, Most) = (0, 0);
    }

    struct Follower
    {
        public int Key, Count;
    }
}
