namespace Dum.Coding;

/// <summary>
/// What the coder knows before it reads a word: the tree, n-gram statistics of the training text, and the tuned
/// reliability maps and mixing weights. Ships with the lexicon; immutable.
/// </summary>
sealed class CoderPrior
{
    /// <summary>Changes whenever the same prior would code to other bits.</summary>
    public const int Profile = 1;

    /// <summary>Context lengths with statistics: the last one, two and three hyperwords.</summary>
    public const int Orders = 3;

    /// <summary>Ids are 16-bit in the statistics.</summary>
    public const int MaxEntries = 65536;

    public required SymbolTree Tree { get; init; }

    /// <summary>Unigram weight levels, per entry id (see <see cref="UnigramLevel"/>).</summary>
    public required byte[] UnigramLevels { get; init; }

    public required NgramTable[] Tables { get; init; }

    public required ModelState State { get; init; }

    /// <summary>An ordering and nothing known: what training starts from.</summary>
    /// <param name="idAt">Entry ids in byte order.</param>
    /// <param name="unigramLevels">Per entry id.</param>
    /// <param name="tables">One per order.</param>
    public static CoderPrior Untuned(ushort[] idAt, byte[] unigramLevels, NgramTable[] tables)
    {
        var tree = new SymbolTree(idAt, WeightsOf(unigramLevels));
        return new CoderPrior { Tree = tree, UnigramLevels = unigramLevels, Tables = tables, State = ModelState.Untuned(tree) };
    }

    public void Write(ByteWriter to)
    {
        to.UInt16(Profile);
        to.Number(Tree.Count);
        for (int p = 0; p < Tree.Count; p++)
            to.UInt16(Tree.IdAt(p));
        to.Bytes(UnigramLevels);
        foreach (NgramTable table in Tables)
        {
            var part = new ByteWriter();
            NgramFile.Write(table, part);
            to.Number(part.Length);
            to.Bytes(part.Written);
        }
        State.Write(to);
    }

    /// <exception cref="DumException">Damaged, or made for another number of entries or another version of the coder.</exception>
    public static CoderPrior Read(ReadOnlyMemory<byte> bytes, int entries)
    {
        var from = new ByteReader(bytes.Span, What);
        int profile = from.UInt16();
        if (profile != Profile)
            throw new DumException(Tongue.Say(
                $"the lexicon's prior is of version {profile}, this program codes with version {Profile}: train the lexicon again or use the program it came with",
                $"статистика лексикона версии {profile}, программа работает с версией {Profile}: обучите лексикон заново или возьмите его программу"));
        if (from.Number(MaxEntries) != entries)
            throw from.Damaged();
        var idAt = new ushort[entries];
        from.UInt16s(idAt);
        byte[] levels = from.Bytes(entries).ToArray();
        if (levels.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)(UnigramLevel.Count - 1)))
            throw from.Damaged();
        // The tables are most of the bytes and most of the time: each is read by a thread of its own.
        var tables = new Task<NgramTable>[Orders];
        for (int k = 0; k < Orders; k++)
        {
            int length = from.Count(1);
            ReadOnlyMemory<byte> part = bytes.Slice(from.Position, length);
            from.Bytes(length);
            tables[k] = Task.Run(() => NgramFile.Read(part.Span, entries, What));
        }
        var tree = new SymbolTree(idAt, WeightsOf(levels));
        ModelState state = ModelState.Read(ref from, tree);
        return new CoderPrior
        {
            Tree = tree,
            UnigramLevels = levels,
            Tables = Array.ConvertAll(tables, t => t.GetAwaiter().GetResult()),
            State = state,
        };
    }

    static string What => Tongue.Say("the lexicon's prior", "априорная статистика лексикона");

    static int[] WeightsOf(byte[] levels)
    {
        var weights = new int[levels.Length];
        for (int i = 0; i < levels.Length; i++)
            weights[i] = UnigramLevel.Weight(levels[i]);
        return weights;
    }
}
