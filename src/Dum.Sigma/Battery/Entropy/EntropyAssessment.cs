namespace Dum.Sigma.Battery.Entropy;

/// <summary>
/// The ten estimators of NIST SP 800-90B for sources that are not independent and identically distributed. They are biased
/// low by design: a perfect source of bytes reads about 7.2 of 8 bits.
/// </summary>
/// <param name="Symbols">Estimates for a byte: the six methods that take more than bits.</param>
/// <param name="Bits">Estimates for a bit of the same data, high bits first: all ten.</param>
public sealed record EntropyAssessment(IReadOnlyList<EntropyEstimate> Symbols, IReadOnlyList<EntropyEstimate> Bits)
{
    /// <summary>Bytes below which most methods do not apply.</summary>
    public const int Least = 4096;

    /// <summary>The assessment: the smallest of all estimates, in bits a byte.</summary>
    public double PerByte => Math.Min(Smallest(Symbols), 8 * Smallest(Bits));

    /// <summary>Runs all methods.</summary>
    /// <param name="data">At least <see cref="Least"/> bytes.</param>
    /// <param name="cancel">Checked between methods.</param>
    /// <exception cref="DumException">Too short.</exception>
    public static EntropyAssessment Of(ReadOnlySpan<byte> data, CancellationToken cancel = default)
    {
        if (data.Length < Least)
            throw new DumException(Tongue.Say($"{data.Length} bytes are too few for SP 800-90B: {Least} are needed, 1,000,000 advised", $"для SP 800-90B байтов {data.Length} мало: нужно {Least}, лучше 1 000 000"));
        // The alphabet is what occurs, renumbered in order.
        Span<byte> number = stackalloc byte[256];
        Span<bool> occurs = stackalloc bool[256];
        occurs.Clear();
        foreach (byte b in data)
            occurs[b] = true;
        int symbols = 0;
        for (int v = 0; v < 256; v++)
            if (occurs[v])
                number[v] = (byte)symbols++;
        if (symbols == 1)
            return new EntropyAssessment([new("most common value", 0)], [new("most common value", 0)]);
        byte[] dense = new byte[data.Length];
        for (int i = 0; i < dense.Length; i++)
            dense[i] = number[data[i]];
        var bytes = new List<EntropyEstimate> { new("most common value", Counts.MostCommon(dense)) };
        cancel.ThrowIfCancellationRequested();
        (double? tuple, double? repeated) = Repeats.Estimate(dense, 8);
        bytes.AddRange([new("t-tuple", tuple), new("longest repeat", repeated)]);
        cancel.ThrowIfCancellationRequested();
        bytes.Add(new("window prediction", WindowPredictor.Estimate(dense, symbols)));
        bytes.Add(new("lag prediction", LagPredictor.Estimate(dense, symbols)));
        cancel.ThrowIfCancellationRequested();
        bytes.Add(new("Markov prediction", ByteContexts.Markov(dense, symbols)));
        bytes.Add(new("LZ78Y prediction", ByteContexts.Ziv(dense, symbols)));
        return new EntropyAssessment(bytes, OfBits(data, cancel));
    }

    static List<EntropyEstimate> OfBits(ReadOnlySpan<byte> data, CancellationToken cancel)
    {
        byte[] bits = new byte[data.Length * 8];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (byte)((data[i >> 3] >> (7 - (i & 7))) & 1);
        return Bitwise(bits, cancel);
    }

    /// <summary>All ten methods on bits, one a byte.</summary>
    internal static List<EntropyEstimate> Bitwise(ReadOnlySpan<byte> bits, CancellationToken cancel = default)
    {
        var estimates = new List<EntropyEstimate>
        {
            new("most common value", Counts.MostCommon(bits)),
            new("collision", Counts.Collision(bits)),
            new("Markov", Counts.Markov(bits)),
            new("compression", Counts.Compression(bits)),
        };
        cancel.ThrowIfCancellationRequested();
        (double? tuple, double? repeated) = Repeats.Estimate(bits, 1);
        estimates.AddRange([new("t-tuple", tuple), new("longest repeat", repeated)]);
        cancel.ThrowIfCancellationRequested();
        estimates.Add(new("window prediction", WindowPredictor.OfBits(bits)));
        estimates.Add(new("lag prediction", LagPredictor.OfBits(bits)));
        cancel.ThrowIfCancellationRequested();
        estimates.Add(new("Markov prediction", BitContexts.Markov(bits)));
        estimates.Add(new("LZ78Y prediction", BitContexts.Ziv(bits)));
        return estimates;
    }

    static double Smallest(IReadOnlyList<EntropyEstimate> estimates) => estimates.Min(e => e.Bits ?? double.PositiveInfinity) is var least && double.IsFinite(least) ? least : 0;
}
