using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using Dum.Sigma.Battery;

namespace Dum.Sigma.Tests.Battery;

/// <summary>The first million bits of π, e, √2 and √3, the integer part included, computed here: the sequences of SP 800-22's own examples.</summary>
static class KnownBits
{
    public const int Length = 1_000_000;
    const int Guard = 64;

    static readonly ConcurrentDictionary<string, byte[]> s_made = new();

    public static byte[] Bytes(string name) => s_made.GetOrAdd(name, Make);

    public static BitSequence Of(string name) => new(Bytes(name));

    public static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(Bytes(name)));

    static byte[] Make(string name)
    {
        // The value · 2^(fraction), whose integer part takes one or two bits.
        int integer = name is "pi" or "e" ? 2 : 1, fraction = Length - integer + Guard;
        BigInteger value = name switch
        {
            "pi" => Pi(fraction),
            "e" => E(fraction),
            "sqrt2" => Root(2, fraction),
            _ => Root(3, fraction),
        };
        return (value >> Guard).ToByteArray(isUnsigned: true, isBigEndian: true);
    }

    /// <summary>The brothers Chudnovsky's series by binary splitting.</summary>
    static BigInteger Pi(int bits)
    {
        (_, BigInteger q, BigInteger t) = Split(0, (bits / 47) + 2);
        return q * 426880 * Root(10005, bits) / t;

        static (BigInteger P, BigInteger Q, BigInteger T) Split(int a, int b)
        {
            if (b - a == 1)
            {
                BigInteger p = a == 0 ? 1 : (BigInteger)((6L * a) - 5) * ((2L * a) - 1) * ((6L * a) - 1);
                BigInteger q = a == 0 ? 1 : BigInteger.Pow(a, 3) * 10939058860032000;
                BigInteger t = p * (13591409 + (545140134L * (BigInteger)a));
                return (p, q, a % 2 == 0 ? t : -t);
            }
            int middle = (a + b) / 2;
            (BigInteger p1, BigInteger q1, BigInteger t1) = Split(a, middle);
            (BigInteger p2, BigInteger q2, BigInteger t2) = Split(middle, b);
            return (p1 * p2, q1 * q2, (t1 * q2) + (p1 * t2));
        }
    }

    /// <summary>Σ 1/k! by binary splitting.</summary>
    static BigInteger E(int bits)
    {
        (BigInteger p, BigInteger q) = Split(0, 90_000);
        return ((p + q) << bits) / q;

        static (BigInteger P, BigInteger Q) Split(int a, int b)
        {
            if (b - a == 1)
                return (1, b);
            int middle = (a + b) / 2;
            (BigInteger p1, BigInteger q1) = Split(a, middle);
            (BigInteger p2, BigInteger q2) = Split(middle, b);
            return ((p1 * q2) + p2, q1 * q2);
        }
    }

    /// <summary>⌊√n · 2^bits⌋ by Newton's steps of doubling precision.</summary>
    static BigInteger Root(int n, int bits)
    {
        if (bits < 40)
            return (BigInteger)Math.Floor(Math.Sqrt(n) * Math.Pow(2, bits));
        int half = (bits / 2) + 2;
        BigInteger x = Root(n, half) << (bits - half), square = (BigInteger)n << (2 * bits);
        x = (x + (square / x)) >> 1;
        while (x * x > square)
            x--;
        return x;
    }
}
