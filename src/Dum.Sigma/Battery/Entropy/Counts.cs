namespace Dum.Sigma.Battery.Entropy;

/// <summary>The four estimators that only count: 6.3.1 to 6.3.4 of SP 800-90B. All but the first are for bits, one a byte.</summary>
static class Counts
{
    /// <summary>6.3.1, most common value.</summary>
    public static double MostCommon(ReadOnlySpan<byte> symbols)
    {
        Span<long> counts = stackalloc long[256];
        counts.Clear();
        foreach (byte s in symbols)
            counts[s]++;
        long most = 0;
        foreach (long count in counts)
            most = Math.Max(most, count);
        return -MinEntropy.Log2(MinEntropy.Upper((double)most / symbols.Length, symbols.Length));
    }

    /// <summary>6.3.2, collision.</summary>
    public static double Collision(ReadOnlySpan<byte> bits)
    {
        long times = 0, squares = 0;
        int at = 0;
        while (at < bits.Length - 1)
        {
            int wait = bits[at] == bits[at + 1] ? 2 : 3;
            if (wait == 3 && at >= bits.Length - 2)
                break;
            times++;
            squares += wait * wait;
            at += wait;
        }
        double mean = at / (double)times, deviation = Math.Sqrt((squares - (at * mean)) / (times - 1));
        double low = Math.Max(2, mean - (MinEntropy.Z * deviation / Math.Sqrt(times)));
        // For bits the expectation of the publication is 2 + 2p − 2p², which has a root in closed form.
        return low < 2.5 ? -MinEntropy.Log2(0.5 + Math.Sqrt(1.25 - (0.5 * low))) : 1;
    }

    /// <summary>6.3.3, Markov: the likeliest of the paths of 128 bits.</summary>
    public static double Markov(ReadOnlySpan<byte> bits)
    {
        long zeros = 0, zeroZero = 0, oneZero = 0;
        for (int i = 0; i < bits.Length - 1; i++)
        {
            if (bits[i] == 0)
            {
                zeros++;
                zeroZero += bits[i + 1] == 0 ? 1 : 0;
            }
            else
                oneZero += bits[i + 1] == 0 ? 1 : 0;
        }
        long ones = bits.Length - 1 - zeros;
        double p00 = zeros > 0 ? (double)zeroZero / zeros : 0, p01 = zeros > 0 ? 1 - p00 : 0, p10 = ones > 0 ? (double)oneZero / ones : 0, p11 = ones > 0 ? 1 - p10 : 0;
        double p0 = (zeros + (bits[^1] == 0 ? 1 : 0)) / (double)bits.Length, p1 = 1 - p0, least = 128;
        Path(p0, (p00, 127));
        Path(p0, (p01, 64), (p10, 63));
        Path(p0, (p01, 1), (p11, 126));
        Path(p1, (p10, 1), (p00, 126));
        Path(p1, (p10, 64), (p01, 63));
        Path(p1, (p11, 127));
        return Math.Min(1, least / 128);

        void Path(double first, params ReadOnlySpan<(double P, int Times)> steps)
        {
            double bits = first > 0 ? -MinEntropy.Log2(first) : double.PositiveInfinity;
            foreach ((double p, int times) in steps)
                bits += p > 0 ? -times * MinEntropy.Log2(p) : double.PositiveInfinity;
            least = Math.Min(least, bits);
        }
    }

    /// <summary>6.3.4, compression, by Maurer's statistic over blocks of six bits; null for fewer than 1,001 blocks.</summary>
    public static double? Compression(ReadOnlySpan<byte> bits)
    {
        const int Block = 6, Start = 1000, Alphabet = 64;
        int blocks = bits.Length / Block, tested = blocks - Start;
        if (tested < 2)
            return null;
        double[] logs = new double[blocks + 1];
        for (int i = 1; i <= blocks; i++)
            logs[i] = MinEntropy.Log2(i);
        Span<int> last = stackalloc int[Alphabet];
        last.Clear();
        double sum = 0, squares = 0;
        for (int b = 0; b < blocks; b++)
        {
            int value = 0;
            for (int i = 0; i < Block; i++)
                value = (value << 1) | bits[(b * Block) + i];
            if (b >= Start)
            {
                double log = logs[b + 1 - last[value]];
                sum += log;
                squares += log * log;
            }
            last[value] = b + 1;
        }
        double mean = sum / tested, deviation = 0.5907 * Math.Sqrt((squares / (tested - 1)) - (mean * mean));
        double low = mean - (MinEntropy.Z * deviation / Math.Sqrt(tested));
        if (!(Expected(1.0 / Alphabet) > low))
            return 1;
        double from = 1.0 / Alphabet, to = 1;
        for (int i = 0; i < 60; i++)
        {
            double p = (from + to) / 2;
            if (Expected(p) > low)
                from = p;
            else
                to = p;
        }
        return -MinEntropy.Log2(to) / Block;

        double Expected(double p) => Part(p) + ((Alphabet - 1) * Part((1 - p) / (Alphabet - 1)));

        // G of step 7, its double sum exchanged: every term is added as often as it appears.
        double Part(double z)
        {
            double keep = 1 - z, power = keep, head = 0, all = 0, tail = 0;
            for (int i = 2; i <= blocks && power > 1e-300; i++)
            {
                double term = logs[i] * power;
                all += term;
                if (i <= Start)
                    head += term;
                else if (i < blocks)
                    tail += (double)(blocks - i) * term;
                power *= keep;
            }
            return z * ((z * (tail + ((double)tested * head))) + (all - head)) / tested;
        }
    }
}
