namespace Dum.Lexicon;

/// <summary>How a lexicon is trained. The defaults are the measured ones.</summary>
public sealed record LexiconTrainingOptions
{
    /// <summary>All entries, the 256 bytes among them.</summary>
    public int Size { get; init; } = 32_768;

    /// <summary>The share of merges that may join words; the rest build words first. Between 0.4 and 0.7 the length of unseen text differs by less than 0.5 %.</summary>
    public double SuperwordShare { get; init; } = 0.5;

    /// <summary>The most words in one entry. Eight instead of four changes nothing measurable.</summary>
    public int MaxWords { get; init; } = 4;

    /// <summary>The most digits in one entry.</summary>
    public int MaxDigits { get; init; } = 3;

    /// <summary>The most bytes in one entry.</summary>
    public int MaxBytes { get; init; } = 96;

    /// <summary>
    /// What may stand at the edges of an entry and inside a word. Together the defaults make novels 2 to 3 % and encyclopedia text 4 % shorter in units:
    /// inner marks and opening marks help novels, the opening dash Russian prose, digits with their space and closing mark everything with numbers.
    /// The closing dash won nothing beside the opening one.
    /// </summary>
    public ClauseRules Rules { get; init; } = ClauseRules.InnerApostrophe | ClauseRules.InnerHyphen | ClauseRules.ClosingRuns | ClauseRules.OpeningMarks
        | ClauseRules.OpeningDash | ClauseRules.SpacedDigits | ClauseRules.ClosedDigits;

    /// <summary>The least occurrences of a pair worth indexing; 0 chooses between 2 and 20 by the amount of text: below 20 nothing is won on 50 MB and more, and rarer pairs cost memory.</summary>
    public int MinPairCount { get; init; }

    /// <summary>The most bytes of text whose units stand in memory in the second stage (about two bytes of memory per byte of text, the index included); more text is sampled evenly.</summary>
    public long MaterialBytes { get; init; } = 256L << 20;

    /// <summary>The most distinct words kept while counting; beyond it the rarest are dropped.</summary>
    public int DistinctWords { get; init; } = 4_000_000;

    /// <summary>Worker threads; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes read at once while counting; part of what makes the result the same for any number of threads.</summary>
    internal int ChunkBytes { get; init; } = 4 << 20;

    internal bool Has(ClauseRules rule) => (Rules & rule) != 0;

    internal void Validate()
    {
        Require(Size is >= 256 and <= 1 << 20, $"a lexicon of {Size} entries: give 256 to {1 << 20}", $"лексикон в {Size} единиц: нужно от 256 до {1 << 20}");
        Require(SuperwordShare is >= 0 and <= 1, $"a superword share of {SuperwordShare}: give 0 to 1", $"доля слияний между словами {SuperwordShare}: нужно от 0 до 1");
        Require(MaxWords is >= 1 and <= 64, $"{MaxWords} words per entry: give 1 to 64", $"слов в единице {MaxWords}: нужно от 1 до 64");
        Require(MaxDigits is >= 1 and <= 64, $"{MaxDigits} digits per entry: give 1 to 64", $"цифр в единице {MaxDigits}: нужно от 1 до 64");
        Require(MaxBytes is >= 4 and <= 1024, $"{MaxBytes} bytes per entry: give 4 to 1024", $"байт в единице {MaxBytes}: нужно от 4 до 1024");
        Require(MinPairCount >= 0, $"a least pair count of {MinPairCount}: give 0 or more", $"наименьшая частота пары {MinPairCount}: нужно 0 или больше");
        Require(MaterialBytes >= 1, $"{MaterialBytes} bytes of material: give 1 or more", $"материала {MaterialBytes} байт: нужно 1 или больше");
        Require(DistinctWords >= 1000, $"{DistinctWords} distinct words: give 1000 or more", $"разных слов {DistinctWords}: нужно 1000 или больше");
        Require(Threads >= 1, $"{Threads} threads: give at least 1", $"потоков {Threads}: нужен хотя бы 1");
    }

    static void Require(bool condition, string english, string russian)
    {
        if (!condition)
            throw new DumException(Tongue.Say(english, russian));
    }
}
