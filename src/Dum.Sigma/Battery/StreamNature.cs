namespace Dum.Sigma.Battery;

/// <summary>
/// Watches what a stream is before numbers are made of it: nothing, one byte over and over, or text. Such a stream is
/// answered with a sentence, because every test of it would be a number without a meaning.
/// </summary>
/// <param name="ascii">The stream holds the characters 0 and 1, each of which is a bit.</param>
public sealed class StreamNature(bool ascii)
{
    /// <summary>Equal bytes that one in ten million random streams begins with.</summary>
    const int FewBytes = 3;

    readonly long[] _counts = new long[256];
    byte[] _packed = [];
    int _bit, _value;

    /// <summary>The bytes that the tests are to be given for those read.</summary>
    /// <exception cref="DumException">Something else than zeros and ones among them where only those were promised.</exception>
    public ReadOnlySpan<byte> Bits(ReadOnlySpan<byte> read)
    {
        foreach (byte b in read)
            _counts[b]++;
        if (!ascii)
            return read;
        if (_packed.Length < (read.Length / 8) + 1)
            _packed = new byte[(read.Length / 8) + 1];
        int filled = 0;
        foreach (byte b in read)
        {
            if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                continue;
            if (b is not ((byte)'0' or (byte)'1'))
                throw new DumException(Tongue.Say($"--ascii takes 0, 1 and white space, and there is a byte {b}", $"--ascii принимает 0, 1 и пробелы, а встретился байт {b}"));
            _value = (_value << 1) | (b - '0');
            if (++_bit % 8 == 0)
                _packed[filled++] = (byte)_value;
        }
        return _packed.AsSpan(0, filled);
    }

    /// <summary>Says what the stream is, where it is nothing to test.</summary>
    /// <exception cref="DumException">Empty, constant (exit code 1), or text (exit code 1 but for digits 0 and 1).</exception>
    public void Check()
    {
        long total = _counts.Sum();
        if (total == 0)
            throw new DumException(Tongue.Say("there is nothing to test: the input is empty", "нечего проверять: ввод пуст"));
        if (ascii)
            return;
        int kinds = _counts.Count(c => c > 0);
        // So few equal bytes come about by chance.
        if (kinds == 1 && total <= FewBytes)
            throw new DumException(Tongue.Say($"INSUFFICIENT: {total} bytes are too few to say anything", $"НЕДОСТАТОЧНО: {total} байт — слишком мало, чтобы сказать что-нибудь"));
        if (kinds == 1)
            throw Plain(Tongue.Say($"STRUCTURED: constant, all {total} bytes are {Array.FindIndex(_counts, c => c > 0)}", $"СТРУКТУРА: константа, все байты ({total}) равны {Array.FindIndex(_counts, c => c > 0)}"));
        long digits = _counts['0'] + _counts['1'], white = _counts[' '] + _counts['\n'] + _counts['\r'] + _counts['\t'];
        if (digits + white == total)
            throw new DumException(Tongue.Say("these are the characters 0 and 1, not bits: add --ascii", "это символы 0 и 1, а не биты: добавьте --ascii"));
        // Text has no control characters; sixty-odd random bytes nearly always have.
        long control = _counts.AsSpan(0, 32).ToArray().Sum() - _counts['\n'] - _counts['\r'] - _counts['\t'] + _counts[127];
        if (total >= 64 && control == 0)
            throw Plain(Tongue.Say("STRUCTURED: this is text, and text is not random; give bytes (of compressed or encrypted text, for one)", "СТРУКТУРА: это текст, а текст не случаен; дайте байты (например, сжатого или зашифрованного текста)"));
    }

    static DumException Plain(string line) => new(line) { ExitCode = 1 };
}
