using Dum.Coding;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Folding.Deep;

/// <summary>A document whose blocks are not all written yet.</summary>
sealed class WaitingDocument
{
    /// <summary>All that is known of it but its places.</summary>
    public FoldedDocument? Document { get; set; }

    /// <summary>The blocks that are written.</summary>
    public List<BlockPlace> Places { get; } = [];
}

/// <summary>
/// Gathers blocks, of one document or many, until there is enough for a group; then codes them as one text and writes
/// the group, its blocks and the documents that are complete with them.
/// </summary>
/// <param name="model">Codes the groups.</param>
/// <param name="options">How much text makes a group, and whether it is decoded again.</param>
/// <param name="splitter">Finds the scenes of blocks that are stored.</param>
/// <param name="put">Writes bytes; gives the place where they begin.</param>
/// <param name="complete">Told each document with its places, in order.</param>
sealed class GroupWriter(DeepModel model, FoldOptions options, SceneSplitter splitter, Func<byte[], long> put, Action<FoldedDocument> complete)
{
    readonly BlockCoder _fast = new(model.Lexicon.Prior);
    readonly List<(WaitingDocument Document, TextBlock Block, bool Stored)> _blocks = [];
    readonly List<WaitingDocument> _ended = [];
    long _pending, _done;

    /// <summary>Told how many bytes are coded, over all documents.</summary>
    public required Action<long> Coded { get; init; }

    /// <summary>What the model alone would have made of all groups so far.</summary>
    public DeepScore Score { get; private set; } = new(0, 0, 0);

    /// <summary>Takes a block; codes a group when there is enough.</summary>
    /// <returns>The block with the counts that a reader will find.</returns>
    public TextBlock Add(WaitingDocument document, TextBlock block, CancellationToken cancel)
    {
        // What the fast coder cannot make smaller would only disturb the rest.
        bool stored = _fast.Encode(block.Ids, cancel).Length >= block.Raw.Length;
        if (stored)
            block = block.ReadAlone(model.Lexicon.Vocabulary.Encoder, splitter);
        _blocks.Add((document, block, stored));
        _pending += block.Raw.Length;
        if (_pending >= options.BlockBytes)
            Flush(cancel);
        return block;
    }

    /// <summary>All blocks of a document have been added; its record follows when they are written.</summary>
    /// <param name="document">The one that its blocks were added with.</param>
    /// <param name="counted">All that is known of it but its places.</param>
    /// <returns><paramref name="counted"/>.</returns>
    public FoldedDocument End(WaitingDocument document, FoldedDocument counted)
    {
        document.Document = counted;
        _ended.Add(document);
        return counted;
    }

    /// <summary>Writes all that waits.</summary>
    public void Flush(CancellationToken cancel)
    {
        int[] ids = [.. _blocks.Where(b => !b.Stored).SelectMany(b => b.Block.Ids)];
        long at = ids.Length > 0 ? Code(ids, cancel) : 0;
        int first = 0;
        foreach ((WaitingDocument document, TextBlock block, bool stored) in _blocks)
        {
            // Where a record begins is known before what it says.
            long here = put([]);
            byte[] payload = stored ? block.Raw : FoldGroup.Pointer(here - at, first);
            first += stored ? 0 : block.Ids.Length;
            var head = new FoldBlock(stored ? BlockMode.Stored : BlockMode.Grouped, payload.Length, block.Raw.Length, block.Ids.Length, block.Scenes, Crc32C.Of(payload), Crc32C.Of(block.Raw));
            document.Places.Add(new BlockPlace(here, head.RawLength, head.Scenes));
            put(FoldRecord.Frame(RecordKind.Block, head.ToHead()));
            put(payload);
        }
        foreach (WaitingDocument document in _ended)
            complete(document.Document! with { Blocks = document.Places });
        _done += _pending;
        _pending = 0;
        _blocks.Clear();
        _ended.Clear();
    }

    /// <summary>Codes a group, decodes it again, and writes it.</summary>
    long Code(int[] ids, CancellationToken cancel)
    {
        DeepShape shape = DeepShape.For(ids.Length, model.Coder.Context);
        int passes = options.Verify ? 2 : 1;
        byte[] payload = model.Coder.Encode(ids, shape, done => Coded(_done + (_pending * done / ids.Length / passes)), cancel);
        (double bits, double statistics) = model.Coder.Spent;
        if (options.Verify)
        {
            var again = new int[ids.Length];
            model.Coder.Decode(payload, again, shape, done => Coded(_done + (_pending * (ids.Length + (long)done) / ids.Length / passes)), cancel);
            if (!again.AsSpan().SequenceEqual(ids))
                throw FoldWriter.CameBackChanged();
        }
        Score = new DeepScore(Score.Bytes + model.Lexicon.Vocabulary.CountBytes(ids), Score.ModelBits + bits, Score.StatisticsBits + statistics);
        long at = put(FoldRecord.Frame(RecordKind.Group, new FoldGroup(payload.Length, ids.Length, shape, Crc32C.Of(payload)).ToHead()));
        put(payload);
        return at;
    }
}
