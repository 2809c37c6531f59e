using System.Collections.Concurrent;
using System.Text;
using Dum.Coding;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>How to fold.</summary>
public sealed record FoldOptions
{
    /// <summary>Text per block, in bytes (4 KiB … 64 MiB): one block is read to unfold one scene. Larger blocks fold a little smaller. With a model, the text per group of blocks.</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Blocks under way at once.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where scenes end.</summary>
    public SceneRule Rule { get; init; } = SceneRule.Default;

    /// <summary>Unfold every block at once after folding and compare it with the original.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A language model that drives the coder: smaller and much slower. Its lexicon is the one to fold with.</summary>
    public DeepModel? Model { get; init; }

    /// <summary>Text per group where a model codes and nothing else was asked for: what is learned in a group is forgotten after it.</summary>
    public const int DeepBlockBytes = 1 << 22;

    internal FoldOptions Checked() =>
        BlockBytes is < 4096 or > 1 << 26 ? throw new DumException(Tongue.Say(
            $"a block of {BlockBytes} bytes: give 4096 to {1 << 26}", $"блок в {BlockBytes} байт: нужно от 4096 до {1 << 26}"))
        : Threads < 1 ? throw new DumException(Tongue.Say($"{Threads} threads: give at least 1", $"потоков {Threads}: нужен хотя бы 1"))
        : this;
}

/// <summary>
/// Writes a folded file front to back, without seeking: a header, for each document its blocks and its record, then a
/// directory and a footer. Not thread-safe; the work inside runs on several threads, and the bytes written do not
/// depend on how many.
/// </summary>
public sealed class FoldWriter
{
    readonly Stream _output;
    readonly LexiconFile _lexicon;
    readonly FoldOptions _options;
    readonly FoldHeader _header;
    readonly SceneSplitter _splitter;
    readonly ConcurrentBag<BlockCoder> _coders = [];
    readonly List<(long Offset, string Name)> _documents = [];
    readonly GroupWriter? _groups;
    long _offset;

    /// <summary>Starts a new folded file.</summary>
    /// <param name="output">Written front to back; stays open.</param>
    /// <param name="lexicon">Codes the text; its id stands in the file.</param>
    /// <param name="options">How to fold.</param>
    /// <exception cref="DumException">The lexicon has too many entries to fold with, or the options make no sense.</exception>
    public FoldWriter(Stream output, LexiconFile lexicon, FoldOptions? options = null)
        : this(output, lexicon, options ?? new FoldOptions(), null)
    {
    }

    FoldWriter(Stream output, LexiconFile lexicon, FoldOptions options, FoldReader? before)
    {
        (_output, _lexicon, _options) = (output, lexicon, options.Checked());
        lexicon.Warm(encoder: true);
        DeepModel? model = options.Model;
        _header = before?.Header ?? (model is null
            ? new FoldHeader(lexicon.Id, CoderPrior.Profile, options.Rule.Checked())
            : new FoldHeader(model.Id, DeepCoder.Profile, options.Rule.Checked(), Deep: true));
        _splitter = new SceneSplitter(lexicon.Vocabulary, _header.Rule);
        if (model is not null)
            _groups = new GroupWriter(model, _options, _splitter, Put, Close) { Coded = done => Coded?.Invoke(done) };
        if (before is null)
        {
            Put(_header.ToBytes());
            if (model is not null)
                Put(FoldRecord.Frame(RecordKind.Model, Encoding.UTF8.GetBytes(model.Name)));
            return;
        }
        before.CopyRecords(output);
        _offset = before.RecordsEnd;
        _documents.AddRange(before.Directory.Documents);
    }

    /// <summary>Continues a folded file: copies what it holds, ready for further documents.</summary>
    /// <param name="output">An empty stream.</param>
    /// <param name="before">A whole folded file, undamaged.</param>
    /// <param name="lexicon">The lexicon it was folded with.</param>
    /// <param name="options">How to fold; the scene rule of the file stays.</param>
    /// <exception cref="DumException">The file is damaged or belongs to another lexicon.</exception>
    public static FoldWriter Continue(Stream output, FoldReader before, LexiconFile lexicon, FoldOptions? options = null)
    {
        before.RequireReader(lexicon, options?.Model);
        if (before.Damages.Count > 0)
            throw new DumException(Tongue.Say(
                $"the folded file is damaged ({before.Damages[0]}): unfold what is whole and fold it anew before adding to it",
                $"свёрнутый файл повреждён ({before.Damages[0]}): разверните целое и сверните заново, прежде чем добавлять"));
        return new FoldWriter(output, lexicon, options ?? new FoldOptions(), before);
    }

    /// <summary>Names already taken.</summary>
    public IEnumerable<string> Names => _documents.Select(d => d.Name);

    /// <summary>Bytes written so far.</summary>
    public long Written => _offset;

    /// <summary>With a model: told how many bytes are coded, over all documents.</summary>
    public Action<long>? Coded { get; set; }

    /// <summary>How well the model predicted; null without one. Final after <see cref="Finish"/>.</summary>
    public DeepScore? Score => _groups?.Score;

    /// <summary>Folds one document. With a model it is written when its group is full, with <see cref="Finish"/> at the latest.</summary>
    /// <param name="document">Name, kind, time and mode; the rest is found out.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="progress">Told how many bytes have been read.</param>
    /// <param name="cancel">Stops between blocks; what was written so far is then no whole file.</param>
    /// <returns>The document with its counts and its hash.</returns>
    /// <exception cref="DumException">The name is empty, absolute or leads outside, or the unfolding of a block differs from its original.</exception>
    public FoldedDocument Add(FoldedDocument document, Stream content, Action<long>? progress = null, CancellationToken cancel = default)
    {
        DocumentName.Require(document.Name);
        var blocks = new TextBlocks(document.Name, content, _lexicon.Vocabulary.Encoder, _splitter, _options.BlockBytes, progress ?? (_ => { }));
        return _groups is null ? AddBlocks(document, blocks, cancel) : AddToGroups(document, blocks, cancel);
    }

    FoldedDocument AddBlocks(FoldedDocument document, TextBlocks blocks, CancellationToken cancel)
    {
        var places = new List<BlockPlace>();
        long words = 0, scenes = 0, episodes = 0;
        OrderedWork.Run(blocks.Read(), block => Fold(block, cancel), folded =>
        {
            places.Add(new BlockPlace(_offset, folded.Head.RawLength, folded.Head.Scenes));
            Put(FoldRecord.Frame(RecordKind.Block, folded.Head.ToHead()));
            Put(folded.Payload);
            words += folded.Head.Hyperwords;
            scenes += folded.Head.Scenes;
            episodes += folded.Episodes;
        }, _options.Threads, cancel);
        FoldedDocument done = Counted(document, blocks, words, scenes, episodes) with { Blocks = places };
        Close(done);
        return done;
    }

    FoldedDocument AddToGroups(FoldedDocument document, TextBlocks blocks, CancellationToken cancel)
    {
        long words = 0, scenes = 0, episodes = 0;
        var waiting = new WaitingDocument();
        foreach (TextBlock block in blocks.Read())
        {
            TextBlock taken = _groups!.Add(waiting, block, cancel);
            words += taken.Ids.Length;
            scenes += taken.Scenes;
            episodes += taken.Episodes;
        }
        return _groups!.End(waiting, Counted(document, blocks, words, scenes, episodes));
    }

    static FoldedDocument Counted(FoldedDocument document, TextBlocks blocks, long words, long scenes, long episodes) => document with
    {
        Bytes = blocks.Bytes,
        Hyperwords = words,
        Scenes = scenes,
        Episodes = episodes,
        Sha256 = blocks.Sha256,
    };

    /// <summary>Writes a document's record, its blocks being written.</summary>
    void Close(FoldedDocument document)
    {
        _documents.Add((_offset, document.Name));
        Put(FoldRecord.Frame(RecordKind.Document, (document with { Offset = _offset }).ToHead()));
    }

    /// <summary>Writes what waits, directory and footer: the file is whole.</summary>
    public void Finish(CancellationToken cancel = default)
    {
        _groups?.Flush(cancel);
        byte[] footer = FoldDirectory.Footer(_offset);
        Put(FoldRecord.Frame(RecordKind.Directory, new FoldDirectory(_header, _documents).ToHead()));
        Put(footer);
        _output.Flush();
    }

    (FoldBlock Head, byte[] Payload, int Episodes) Fold(TextBlock block, CancellationToken cancel)
    {
        if (!_coders.TryTake(out BlockCoder? coder))
            coder = new BlockCoder(_lexicon.Prior);
        byte[] payload = coder.Encode(block.Ids, cancel);
        BlockMode mode = BlockMode.Coded;
        if (payload.Length >= block.Raw.Length)
        {
            (mode, payload) = (BlockMode.Stored, block.Raw);
            block = block.ReadAlone(_lexicon.Vocabulary.Encoder, _splitter);
        }
        var head = new FoldBlock(mode, payload.Length, block.Raw.Length, block.Ids.Length, block.Scenes, Crc32C.Of(payload), Crc32C.Of(block.Raw));
        if (_options.Verify && mode == BlockMode.Coded)
        {
            var ids = new int[block.Ids.Length];
            if (!coder.Decode(payload, ids, cancel) || !_lexicon.Vocabulary.Decode(ids).AsSpan().SequenceEqual(block.Raw))
                throw CameBackChanged();
        }
        _coders.Add(coder);
        return (head, payload, block.Episodes);
    }

    internal static DumException CameBackChanged() => new(Tongue.Say(
        "a block did not come back as it was and is not written: a fault of the program, please report it",
        "блок развернулся не таким, каким был, и не записан: это ошибка программы, сообщите о ней"));

    /// <returns>Where the bytes begin.</returns>
    long Put(byte[] bytes)
    {
        _output.Write(bytes);
        _offset += bytes.Length;
        return _offset - bytes.Length;
    }
}
