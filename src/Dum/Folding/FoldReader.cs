using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dum.Coding;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>
/// Reads a folded file: its documents, whole or by scene. What is damaged is named in <see cref="Damages"/>; what is
/// whole can be unfolded all the same. Not thread-safe; decoding inside runs on several threads.
/// </summary>
public sealed class FoldReader
{
    readonly Stream _input;
    readonly LexiconFile _lexicon;
    readonly ConcurrentBag<BlockCoder> _coders = [];
    readonly int _threads;
    readonly DeepModel? _model;

    // The group that was decoded last: documents and scenes side by side lie in one.
    long _groupAt = -1;
    int[] _group = [];

    /// <summary>Opens a folded file.</summary>
    /// <param name="input">Seekable; stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="lexicon">The lexicon it was folded with; only looked at when something is unfolded.</param>
    /// <param name="threads">Blocks decoded at once.</param>
    /// <param name="model">The model it was folded with, where it was; only looked at when something is unfolded.</param>
    /// <exception cref="DumException">Not a folded file, or of another version.</exception>
    public FoldReader(Stream input, string name, LexiconFile lexicon, int threads = 0, DeepModel? model = null)
    {
        lexicon.Warm(encoder: false);
        (_input, _lexicon, _threads, _model) = (input, lexicon, threads > 0 ? threads : Environment.ProcessorCount, model);
        var layout = FoldLayout.Read(input, name);
        (Header, Directory, Documents, RecordsEnd) = (layout.Header, layout.Directory, layout.Documents, layout.RecordsEnd);
        Damages = ModelNameOf(input, Header) is not "" ? layout.Damages : [.. layout.Damages, Tongue.Say(
            $"{name}: the record with the model's name is damaged; nothing else is lost by that: give the model with --model",
            $"{name}: повреждена запись с именем модели; больше от этого ничего не пропало: укажите модель через --model")];
    }

    /// <summary>The documents whose records are whole, in order.</summary>
    public IReadOnlyList<FoldedDocument> Documents { get; }

    /// <summary>What is damaged: which document, which section.</summary>
    public IReadOnlyList<string> Damages { get; }

    /// <summary>The id of the lexicon that the file was folded with; of the model, where <see cref="ModelName"/> is not null.</summary>
    public string LexiconId => Header.LexiconId;

    /// <summary>The name of the model that it was folded with; empty when it cannot be read, null when there was none.</summary>
    public string? ModelName => ModelNameOf(_input, Header);

    /// <summary>What <see cref="ModelName"/> is, before a lexicon or model is at hand.</summary>
    /// <param name="input">A folded file; seekable.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DumException">Not a folded file, or of another version.</exception>
    public static string? ModelNeeded(Stream input, string name) => ModelNameOf(input, FoldLayout.Read(input, name).Header);

    /// <summary>Where the scenes of its documents end.</summary>
    public SceneRule Rule => Header.Rule;

    internal FoldHeader Header { get; }

    internal FoldDirectory Directory { get; }

    /// <summary>Where the directory starts: the end of blocks and documents.</summary>
    internal long RecordsEnd { get; }

    /// <summary>Unfolds a document to a stream and checks it by its SHA-256.</summary>
    /// <exception cref="DumException">A block or the whole is damaged; says which. What was written to <paramref name="output"/> must then be thrown away.</exception>
    public void Unfold(FoldedDocument document, Stream output, Action<long>? progress = null, CancellationToken cancel = default)
    {
        RequireLexicon();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long done = 0;
        IEnumerable<(int, FoldBlock, byte[])> blocks = Enumerable.Range(0, document.Blocks.Count).Select(i => ReadBlock(document, i));
        if (Header.Deep)
        {
            // One group after the other: the model works on all threads.
            foreach ((int Index, FoldBlock Head, byte[]) block in blocks)
                Take(Decode(document, block, share => progress?.Invoke(done + (long)(share * block.Head.RawLength)), cancel).Raw);
        }
        else
            OrderedWork.Run(blocks, block => Decode(document, block, null, cancel).Raw, Take, _threads, cancel);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != document.Sha256)
            throw Damaged(document, Tongue.Say("its bytes do not match its SHA-256", "байты не сходятся с SHA-256"));

        void Take(byte[] raw)
        {
            hash.AppendData(raw);
            output.Write(raw);
            progress?.Invoke(done += raw.Length);
        }
    }

    /// <summary>The bytes of some scenes of a document; only the blocks that hold them are read.</summary>
    /// <param name="document">One of <see cref="Documents"/>.</param>
    /// <param name="first">Index of the first scene, from 0.</param>
    /// <param name="count">How many.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="cancel">Stops within a block.</param>
    /// <exception cref="DumException">There are not so many scenes, or a block is damaged.</exception>
    public void UnfoldScenes(FoldedDocument document, long first, long count, Stream output, CancellationToken cancel = default)
    {
        RequireLexicon();
        if (first < 0 || count < 1 || count > document.Scenes || first > document.Scenes - count)
            throw new DumException(Tongue.Say(
                $"'{document.Name}' has scenes 0 to {document.Scenes - 1}; asked for {count} from {first}",
                $"в «{document.Name}» сцены от 0 до {document.Scenes - 1}; спрошено {count} с {first}"));
        var splitter = new SceneSplitter(_lexicon.Vocabulary, Header.Rule);
        long before = 0;
        for (int i = 0; i < document.Blocks.Count && before < first + count; i++)
        {
            long after = before + document.Blocks[i].Scenes;
            if (after > first)
            {
                (byte[] raw, int[] ids) = Decode(document, ReadBlock(document, i), null, cancel);
                List<Scene> scenes = splitter.Split(ids);
                if (scenes.Count != document.Blocks[i].Scenes)
                    throw Damaged(document, Tongue.Say($"the scene count of block {i}", $"число сцен блока {i}"));
                int from = (int)Math.Max(first - before, 0), to = (int)Math.Min(first + count - before, scenes.Count) - 1;
                output.Write(raw.AsSpan((int)scenes[from].Byte, (int)(scenes[to].Byte + scenes[to].Bytes - scenes[from].Byte)));
            }
            before = after;
        }
    }

    /// <summary>Checks every block's checksum without decoding.</summary>
    /// <returns>What is damaged; empty when all is whole.</returns>
    public List<string> Check(CancellationToken cancel = default)
    {
        var found = new List<string>(Damages);
        long whole = -1;
        foreach (FoldedDocument document in Documents)
            for (int i = 0; i < document.Blocks.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    (int, FoldBlock Head, byte[]) block = ReadBlock(document, i);
                    if (block.Head.Mode != BlockMode.Grouped)
                        continue;
                    (long at, _) = Group(document, block);
                    if (at != whole && FoldGroup.Read(_input, at) is null)
                        throw DamagedGroup(document, i);
                    whole = at;
                }
                catch (DumException e)
                {
                    found.Add(e.Message);
                    break;
                }
            }
        return found;
    }

    /// <summary>Makes sure that the lexicon at hand is the one the file was folded with.</summary>
    /// <exception cref="DumException">It is another, or the coder is of another version.</exception>
    public void RequireLexicon() => RequireReader(_lexicon, _model);

    /// <summary>The same of what is to be added with.</summary>
    internal void RequireReader(LexiconFile lexicon, DeepModel? model)
    {
        if (Header.Deep)
        {
            RequireModel(model);
            return;
        }
        if (model is not null)
            throw new DumException(Tongue.Say("the file was folded without a model: leave out --model", "файл свёрнут без модели: уберите --model"));
        if (Header.LexiconId != lexicon.Id)
            throw new DumException(Tongue.Say(
                $"the file was folded with lexicon {Header.LexiconId}, this is {lexicon.Id}: give the right one with --lexicon",
                $"файл свёрнут лексиконом {Header.LexiconId}, а это {lexicon.Id}: укажите нужный через --lexicon"));
        if (Header.Profile != CoderPrior.Profile)
            throw new DumException(Tongue.Say(
                $"the file was folded by coder version {Header.Profile}, this program has version {CoderPrior.Profile}",
                $"файл свёрнут кодером версии {Header.Profile}, в программе версия {CoderPrior.Profile}"));
    }

    void RequireModel(DeepModel? model)
    {
        string needed = ModelName is { Length: > 0 } known ? $"'{known}'" : "";
        if (model is null)
            throw new DumException(Tongue.Say(
                $"the file was folded with the model {needed} ({Header.LexiconId}): give it with --model", $"файл свёрнут моделью {needed} ({Header.LexiconId}): укажите её через --model"));
        if (model.Id != Header.LexiconId)
            throw new DumException(Tongue.Say(
                $"the file was folded with the model {needed} ({Header.LexiconId}), '{model.Name}' is {model.Id}: give the right one with --model",
                $"файл свёрнут моделью {needed} ({Header.LexiconId}), а '{model.Name}' — это {model.Id}: укажите нужную через --model"));
        if (Header.Profile != DeepCoder.Profile)
            throw new DumException(Tongue.Say(
                $"the file was folded by deep coder version {Header.Profile}, this program has version {DeepCoder.Profile}",
                $"файл свёрнут глубоким кодером версии {Header.Profile}, в программе версия {DeepCoder.Profile}"));
    }

    static string? ModelNameOf(Stream input, FoldHeader header) =>
        !header.Deep ? null
        : FoldRecord.TryRead(input, FoldHeader.Length, out RecordKind kind, out byte[] name, FoldedDocument.MostName) && kind == RecordKind.Model ? Encoding.UTF8.GetString(name)
        : "";

    internal void CopyRecords(Stream output)
    {
        _input.Position = 0;
        var buffer = new byte[1 << 20];
        for (long left = RecordsEnd; left > 0;)
        {
            int read = _input.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                throw new DumException(Tongue.Say("the folded file grew shorter while it was read", "свёрнутый файл укоротился во время чтения"));
            output.Write(buffer, 0, read);
            left -= read;
        }
    }

    (int Index, FoldBlock Head, byte[] Payload) ReadBlock(FoldedDocument document, int index)
    {
        BlockPlace place = document.Blocks[index];
        if (!FoldRecord.TryRead(_input, place.Offset, out RecordKind kind, out byte[] bytes) || kind != RecordKind.Block)
            throw Damaged(document, Tongue.Say($"the head of block {index}", $"заголовок блока {index}"));
        FoldBlock head = FoldBlock.FromHead(bytes);
        if (head.RawLength != place.Bytes || head.Scenes != place.Scenes || head.PayloadLength > _input.Length - _input.Position)
            throw Damaged(document, Tongue.Say($"the head of block {index}", $"заголовок блока {index}"));
        var payload = new byte[head.PayloadLength];
        if (_input.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) < payload.Length || Crc32C.Of(payload) != head.PayloadCrc)
            throw Damaged(document, Tongue.Say($"the content of block {index}", $"содержимое блока {index}"));
        return (index, head, payload);
    }

    (byte[] Raw, int[] Ids) Decode(FoldedDocument document, (int Index, FoldBlock Head, byte[] Payload) block, Action<double>? progress, CancellationToken cancel)
    {
        Vocabulary vocabulary = _lexicon.Vocabulary;
        if (block.Head.Mode == BlockMode.Stored)
            return (block.Payload, vocabulary.Encoder.Encode(block.Payload));
        int[] ids;
        bool whole = true;
        if (block.Head.Mode == BlockMode.Grouped)
            ids = FromGroup(document, block, progress, cancel);
        else
        {
            ids = new int[block.Head.Hyperwords];
            if (!_coders.TryTake(out BlockCoder? coder))
                coder = new BlockCoder(_lexicon.Prior);
            whole = coder.Decode(block.Payload, ids, cancel);
            _coders.Add(coder);
        }
        byte[] raw = whole && vocabulary.CountBytes(ids) == block.Head.RawLength ? vocabulary.Decode(ids) : [];
        if (raw.Length != block.Head.RawLength || Crc32C.Of(raw) != block.Head.RawCrc)
            throw Damaged(document, Tongue.Say($"the text of block {block.Index}", $"текст блока {block.Index}"));
        return (raw, ids);
    }

    int[] FromGroup(FoldedDocument document, (int Index, FoldBlock Head, byte[] Payload) block, Action<double>? progress, CancellationToken cancel)
    {
        (long at, int first) = Group(document, block);
        if (_groupAt != at)
        {
            (FoldGroup head, byte[] payload) = FoldGroup.Read(_input, at) ?? throw DamagedGroup(document, block.Index);
            DeepCoder coder = _model!.Coder;
            if (!head.Shape.Fits(coder.Context))
                throw DamagedGroup(document, block.Index);
            var ids = new int[head.Hyperwords];
            _groupAt = -1;
            coder.Decode(payload, ids, head.Shape, done => progress?.Invoke((double)done / ids.Length), cancel);
            (_groupAt, _group) = (at, ids);
        }
        return block.Head.Hyperwords <= _group.Length - first ? _group[first..(first + block.Head.Hyperwords)] : throw DamagedGroup(document, block.Index);
    }

    /// <summary>Where the group of a block is, and its first hyperword there.</summary>
    (long At, int First) Group(FoldedDocument document, (int Index, FoldBlock Head, byte[] Payload) block)
    {
        (long distance, int first) = FoldGroup.ReadPointer(block.Payload);
        long here = document.Blocks[block.Index].Offset;
        return distance <= here && Header.Deep ? (here - distance, first) : throw DamagedGroup(document, block.Index);
    }

    static DumException DamagedGroup(FoldedDocument document, int block) => Damaged(document, Tongue.Say($"the group of block {block}", $"группа блока {block}"));

    static DumException Damaged(FoldedDocument document, string section) => new(Tongue.Say(
        $"document '{document.Name}' is damaged: {section}", $"документ «{document.Name}» повреждён: {section}"));
}
