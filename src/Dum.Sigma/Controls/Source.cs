namespace Dum.Sigma.Controls;

/// <summary>A stream of bytes with a name.</summary>
/// <param name="Name">As a user types it.</param>
/// <param name="Weak">Whether it is known not to be random: a test that misses it has missed something.</param>
/// <param name="What">What it is.</param>
/// <param name="Open">Gives what fills spans with its next bytes, for a seed.</param>
public sealed record Source(string Name, bool Weak, string What, Func<ulong, Source.Filler> Open)
{
    /// <summary>Fills a span with the next bytes.</summary>
    public delegate void Filler(Span<byte> bytes);

    /// <summary>The placebos, then all weak ones.</summary>
    public static IReadOnlyList<Source> All { get; } =
    [
        new("chacha20", false, "ChaCha20, RFC 8439", seed => new ChaCha20(seed).Fill),
        new("xoshiro256", false, "xoshiro256**", Words64(seed => { var x = new Xoshiro256(seed); return x.Next; })),
        new("philox", false, "Philox4x32-10", Words32(Philox)),
        .. WeakSources.All,
    ];

    /// <summary>The source of a name.</summary>
    /// <exception cref="DumException">There is none.</exception>
    public static Source Of(string name) => All.FirstOrDefault(s => s.Name == name) ?? throw new DumException(Tongue.Say(
        $"unknown source {name}: give one of {string.Join(", ", All.Select(s => s.Name))}",
        $"неизвестный источник {name}: укажите один из {string.Join(", ", All.Select(s => s.Name))}"));

    /// <summary>A source of bytes from one of whole words, lowest byte first.</summary>
    internal static Func<ulong, Filler> Words64(Func<ulong, Func<ulong>> make) => Words(make, 8);

    internal static Func<ulong, Filler> Words32(Func<ulong, Func<uint>> make) => Words(seed => { Func<uint> next = make(seed); return () => next(); }, 4);

    internal static Func<ulong, Filler> Bytes(Func<ulong, Func<byte>> make) => Words(seed => { Func<byte> next = make(seed); return () => next(); }, 1);

    static Func<ulong, Filler> Words(Func<ulong, Func<ulong>> make, int size) => seed =>
    {
        Func<ulong> next = make(seed);
        ulong word = 0;
        int left = 0;
        return bytes =>
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                if (left == 0)
                    (word, left) = (next(), size);
                bytes[i] = (byte)word;
                word >>= 8;
                left--;
            }
        };
    };

    static Func<uint> Philox(ulong seed)
    {
        var random = new Numerics.Philox(seed, Numerics.DrawDomain.Stream);
        uint position = 0, step = 0;
        var words = new uint[4];
        int used = 4;
        return () =>
        {
            if (used == 4)
            {
                (words[0], words[1], words[2], words[3]) = random.At(0, step, position);
                used = 0;
                if (++position == 0)
                    step++;
            }
            return words[used++];
        };
    }
}
