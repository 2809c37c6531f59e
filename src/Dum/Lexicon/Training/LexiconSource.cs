namespace Dum.Lexicon;

/// <summary>Text to learn a lexicon from. It is read twice, so it is opened, not held.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Open">Opens the text from its start; the trainer closes it.</param>
/// <param name="Weight">How often each of its bytes counts: 1 leaves the source its natural share of the mixture.</param>
/// <param name="Length">Its bytes, for progress only; 0 when not known.</param>
public sealed record LexiconSource(string Name, Func<Stream> Open, double Weight = 1, long Length = 0)
{
    /// <summary>A source over bytes in memory.</summary>
    public static LexiconSource FromBytes(string name, byte[] bytes, double weight = 1) =>
        new(name, () => new MemoryStream(bytes, writable: false), weight, bytes.Length);

    /// <summary>The weights with which sources of these lengths take these shares of a mixture of the same total length.</summary>
    public static double[] WeightsForShares(ReadOnlySpan<long> lengths, ReadOnlySpan<double> shares)
    {
        double total = 0, all = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            total += lengths[i];
            all += shares[i];
        }
        var weights = new double[lengths.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = lengths[i] == 0 ? 1 : shares[i] / all * total / lengths[i];
        return weights;
    }
}
