using System.Numerics;
using static Dum.Sigma.Controls.Source;

namespace Dum.Sigma.Controls;

/// <summary>
/// Generators and processes that are not random, each in its own way: the positive controls. Congruential, linear over GF(2),
/// lagged, too simple, biased, periodic, and streams with the faults that residuals have.
/// </summary>
static class WeakSources
{
    public static IReadOnlyList<Source> All { get; } =
    [
        // Congruential.
        new("randu", true, "65539·x mod 2³¹", Words32(Congruent(65539, 0, 31, 0))),
        new("ansi-rand", true, "C's example, bits 16 to 23", Bytes(s => { Func<uint> x = Congruent(1103515245, 12345, 31, 16)(s); return () => (byte)x(); })),
        new("lcg32", true, "1664525·x + 1013904223 mod 2³²", Words32(Congruent(1664525, 1013904223, 32, 0))),
        new("lcg32-top8", true, "its top bytes", Bytes(s => { Func<uint> x = Congruent(1664525, 1013904223, 32, 24)(s); return () => (byte)x(); })),
        new("lcg40", true, "of 40 bits, its top 32", Words32(Congruent(0x5DEECE66D & 0xFFFFFFFD, 11, 40, 8))),
        new("drand48", true, "of 48 bits, its top 32", Words32(Congruent(0x5DEECE66D, 11, 48, 16))),
        new("lcg64", true, "Knuth's, all 64 bits", Words64(s => () => s = (s * 6364136223846793005) + 1442695040888963407)),
        new("lcg64-low", true, "bits 8 to 39 of it", Words32(s => () => (uint)((s = (s * 6364136223846793005) + 1442695040888963407) >> 8))),
        new("minstd", true, "16807·x mod 2³¹ − 1", Words32(Prime(16807, 0))),
        new("minstd-byte", true, "its bits 8 to 15", Bytes(s => { Func<uint> x = Prime(48271, 8)(s); return () => (byte)x(); })),
        new("ran0-top", true, "top byte of 16807·x mod 2³¹ − 1", Bytes(s => { Func<uint> x = Prime(16807, 23)(s); return () => (byte)x(); })),
        // Linear over GF(2).
        new("lfsr16", true, "shift register of 16 bits", Register(16, 0xB400)),
        new("lfsr32", true, "shift register of 32 bits", Register(32, 0xA3000000)),
        new("lfsr64", true, "shift register of 64 bits", Register(64, 0xD800000000000000)),
        new("xorshift32", true, "Marsaglia's of 32 bits", Words32(s => { uint x = (uint)s | 1; return () => { x ^= x << 13; x ^= x >> 17; return x ^= x << 5; }; })),
        new("xorshift64", true, "Marsaglia's of 64 bits", Words64(s => { s |= 1; return () => { s ^= s << 13; s ^= s >> 7; return s ^= s << 17; }; })),
        new("xorshift128", true, "Marsaglia's of 128 bits", Words32(Shift128)),
        new("xorwow", true, "the same and a counter", Words32(s => { Func<uint> x = Shift128(s); uint d = 0; return () => x() + (d += 362437); })),
        new("xorshift128plus", true, "low bit linear", Words64(s => { ulong a = Seed(ref s), b = Seed(ref s); return () => { ulong r = a + b, t = a; a = b; t ^= t << 23; b = t ^ a ^ (t >> 18) ^ (a >> 5); return r; }; })),
        new("xoroshiro128plus", true, "low bit linear", Words64(s => { ulong a = Seed(ref s), b = Seed(ref s); return () => { ulong r = a + b; b ^= a; a = BitOperations.RotateLeft(a, 24) ^ b ^ (b << 16); b = BitOperations.RotateLeft(b, 37); return r; }; })),
        new("mt19937", true, "the Mersenne twister", Words32(Twister)),
        new("r250", true, "lags 250 and 103, exclusive or", Words32(Lagged(250, 103, (a, b) => a ^ b))),
        new("taus88", true, "L'Ecuyer's three registers", Words32(Taus)),
        // Lagged sums.
        new("fib-17-5", true, "sum of lags 17 and 5", Words32(Lagged(17, 5, (a, b) => a + b))),
        new("fib-55-24", true, "sum of lags 55 and 24", Words32(Lagged(55, 24, (a, b) => a + b))),
        new("fib-607-273", true, "sum of lags 607 and 273", Words32(Lagged(607, 273, (a, b) => a + b))),
        new("fib-product", true, "odd product of lags 17 and 5", Words32(Lagged(17, 5, (a, b) => (a | 1) * (b | 1)))),
        new("ranlux0", true, "subtract with borrow of 24 bits, undecimated", Bytes(Borrow)),
        // Too simple.
        new("counter", true, "1, 2, 3 …", Words32(s => { uint x = (uint)s; return () => x++; })),
        new("weyl", true, "multiples of the golden ratio", Words64(s => () => s += 0x9E3779B97F4A7C15)),
        new("one-multiply", true, "a counter through one multiplication and shift", Words64(s => { ulong n = s; return () => { ulong z = ++n * 0x9E3779B97F4A7C15; return z ^ (z >> 32); }; })),
        new("middle-square", true, "von Neumann's of 64 bits", Words32(s => { ulong x = s | 0x9E3779B900000001; return () => { UInt128 q = (UInt128)x * x; x = (ulong)(q >> 32) | 1; return (uint)(x >> 16); }; })),
        new("mwc16", true, "two multiply-with-carry of 16 bits", Words32(s => { uint z = (uint)s | 1, w = (uint)(s >> 32) | 1; return () => { z = (36969 * (z & 65535)) + (z >> 16); w = (18000 * (w & 65535)) + (w >> 16); return (z << 16) + (w & 65535); }; })),
        new("logistic", true, "the logistic map's mantissas", Words32(s => { double x = 0.1 + (0.8 * new Xoshiro256(s).Unit()); return () => { x = 4 * x * (1 - x); x = x is > 0 and < 1 ? x : 0.3; return (uint)(x * 4294967296.0); }; })),
        new("rc4-16", true, "RC4 on sixteen cards", Bytes(SmallRc4)),
        // Good bits with one fault.
        new("bias-505", true, "ones with probability 0.505", Bits((u, _) => u < 0.505)),
        new("bias-502", true, "ones with probability 0.502", Bits((u, _) => u < 0.502)),
        new("markov-505", true, "as the bit before with probability 0.505", Bits((u, past) => u < 0.505 == ((past & 1) != 0))),
        new("markov-8", true, "as eight bits before with probability 0.51", Bits((u, past) => u < 0.51 == ((past >> 7 & 1) != 0))),
        new("no-zero-byte", true, "zero bytes drawn again", Faulty((x, _) => { byte b; do b = (byte)x(); while (b == 0); return b; })),
        new("stuck-byte", true, "every 512th byte is zero", Faulty((x, i) => i % 512 == 511 ? (byte)0 : (byte)x())),
        new("repeats", true, "every block of 64 bytes comes twice", Bytes(Repeats)),
        new("tone", true, "a weak sine in the values", Faulty((x, i) => (byte)(((x() & 0xFFFF) * (253 / 65536.0)) + 1.5 + (1.5 * Math.Sin(i * 0.7))))),
        new("tilt", true, "density rising by 4 % over the byte", Faulty((x, _) => { double u = (x() >> 11) / 9007199254740992.0; return (byte)(256 * (u + (0.02 * u * (u - 1)))); })),
        new("drift", true, "mean off by a hundredth of a cell", Faulty((x, _) => (byte)Math.Min(255, ((x() & 0xFFFFFF) / 65536.0) + 2.56))),
        new("atoms", true, "one value in 200 exact", Faulty((x, _) => { ulong w = x(); return (w >> 32) % 200 == 0 ? (byte)128 : (byte)w; })),
        new("neighbours", true, "values correlated by 0.01 with the one before", Bytes(Neighbours)),
    ];

    static ulong Seed(ref ulong seed) => Xoshiro256.Spread(ref seed) | 1;

    static Func<ulong, Func<uint>> Congruent(ulong a, ulong c, int bits, int shift) => seed =>
    {
        ulong mask = (1UL << bits) - 1, x = Seed(ref seed) & mask;
        return () => (uint)((x = ((a * x) + c) & mask) >> shift);
    };

    static Func<ulong, Func<uint>> Prime(ulong a, int shift) => seed =>
    {
        ulong x = (Seed(ref seed) % 2147483646) + 1;
        return () => (uint)((x = a * x % 2147483647) >> shift);
    };

    static Func<ulong, Filler> Register(int bits, ulong taps) => Bytes(seed =>
    {
        ulong x = (Seed(ref seed) & (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1)) | 1;
        return () =>
        {
            int value = 0;
            for (int i = 0; i < 8; i++)
            {
                value = (value << 1) | (int)(x & 1);
                x = (x >> 1) ^ ((x & 1) != 0 ? taps : 0);
            }
            return (byte)value;
        };
    });

    static Func<uint> Shift128(ulong seed)
    {
        uint a = (uint)Seed(ref seed), b = (uint)Seed(ref seed), c = (uint)Seed(ref seed), d = (uint)Seed(ref seed);
        return () =>
        {
            uint t = a ^ (a << 11);
            (a, b, c) = (b, c, d);
            return d = d ^ (d >> 19) ^ t ^ (t >> 8);
        };
    }

    static Func<uint> Taus(ulong seed)
    {
        uint a = (uint)Seed(ref seed) | 16, b = (uint)Seed(ref seed) | 16, c = (uint)Seed(ref seed) | 32;
        return () =>
        {
            a = ((a & 0xFFFFFFFE) << 12) ^ (((a << 13) ^ a) >> 19);
            b = ((b & 0xFFFFFFF8) << 4) ^ (((b << 2) ^ b) >> 25);
            c = ((c & 0xFFFFFFF0) << 17) ^ (((c << 3) ^ c) >> 11);
            return a ^ b ^ c;
        };
    }

    /// <summary>MT19937 of Matsumoto and Nishimura (1998), seeded as in their version of 2002.</summary>
    internal static Func<uint> Twister(ulong seed)
    {
        var state = new uint[624];
        state[0] = (uint)seed;
        for (int i = 1; i < 624; i++)
            state[i] = (1812433253 * (state[i - 1] ^ (state[i - 1] >> 30))) + (uint)i;
        int at = 0;
        return () =>
        {
            uint y = (state[at] & 0x80000000) | (state[(at + 1) % 624] & 0x7FFFFFFF);
            y = state[at] = state[(at + 397) % 624] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DF : 0);
            at = (at + 1) % 624;
            y ^= y >> 11;
            y ^= (y << 7) & 0x9D2C5680;
            y ^= (y << 15) & 0xEFC60000;
            return y ^ (y >> 18);
        };
    }

    static Func<ulong, Func<uint>> Lagged(int far, int near, Func<uint, uint, uint> join) => seed =>
    {
        var past = new uint[far];
        for (int i = 0; i < far; i++)
            past[i] = (uint)(Xoshiro256.Spread(ref seed) >> 32);
        int at = 0;
        return () =>
        {
            uint x = past[at] = join(past[at], past[(at + far - near) % far]);
            at = (at + 1) % far;
            return x;
        };
    };

    static Func<byte> Borrow(ulong seed)
    {
        var past = new int[24];
        for (int i = 0; i < 24; i++)
            past[i] = (int)(Xoshiro256.Spread(ref seed) >> 40);
        int at = 0, borrow = 0;
        return () =>
        {
            int x = past[(at + 14) % 24] - past[at] - borrow;
            borrow = x < 0 ? 1 : 0;
            past[at] = x + (borrow << 24);
            x = past[at];
            at = (at + 1) % 24;
            return (byte)(x >> 16);
        };
    }

    static Func<byte> SmallRc4(ulong seed)
    {
        int[] cards = [.. Enumerable.Range(0, 16)];
        for (int k = 0, j = 0; k < 16; k++)
        {
            j = (j + cards[k] + (int)(Xoshiro256.Spread(ref seed) >> 60)) & 15;
            (cards[k], cards[j]) = (cards[j], cards[k]);
        }
        int a = 0, b = 0;
        return () => (byte)((Draw() << 4) | Draw());

        int Draw()
        {
            a = (a + 1) & 15;
            b = (b + cards[a]) & 15;
            (cards[a], cards[b]) = (cards[b], cards[a]);
            return cards[(cards[a] + cards[b]) & 15];
        }
    }

    /// <summary>Bits from a good unit draw and the bits before.</summary>
    static Func<ulong, Filler> Bits(Func<double, uint, bool> next) => Bytes(seed =>
    {
        var random = new Xoshiro256(seed);
        uint past = 0;
        return () =>
        {
            for (int i = 0; i < 8; i++)
                past = (past << 1) | (next(random.Unit(), past) ? 1u : 0);
            return (byte)past;
        };
    });

    /// <summary>Bytes from good words and their place.</summary>
    static Func<ulong, Filler> Faulty(Func<Func<ulong>, long, byte> next) => Bytes(seed =>
    {
        var random = new Xoshiro256(seed);
        long place = 0;
        return () => next(random.Next, place++);
    });

    static Func<byte> Repeats(ulong seed)
    {
        var random = new Xoshiro256(seed);
        byte[] block = new byte[64];
        int at = 128;
        return () =>
        {
            if (at == 128)
            {
                for (int i = 0; i < block.Length; i++)
                    block[i] = (byte)(random.Next() >> 56);
                at = 0;
            }
            return block[at++ % 64];
        };
    }

    static Func<byte> Neighbours(ulong seed)
    {
        var random = new Xoshiro256(seed);
        byte last = 0;
        return () => last = random.Unit() < 0.01 ? last : (byte)(random.Next() >> 56);
    }
}
