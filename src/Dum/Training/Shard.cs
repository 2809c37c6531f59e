using System.Buffers;
using Dum.Checkpoints;
using Dum.Corpus;
using Dum.Lexicon;
using Dum.Numerics;

namespace Dum.Training;

/// <summary>
/// Text as the model reads it: the units of all documents in a row, each document closed by one id beyond the lexicon.
/// The same id stands before the first document, so every unit has something to be predicted from.
/// </summary>
public sealed class Shard
{
    const int ChunkBytes = 1 << 20;
    readonly int[] _ids;

    Shard(int[] ids, int end, long bytes) => (_ids, End, Bytes) = (ids, end, bytes);

    /// <summary>Ids, the closing ones among them.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>The id that closes a document: one more than the lexicon's last.</summary>
    public int End { get; }

    /// <summary>Bytes of the text itself; separators between documents are not text.</summary>
    public long Bytes { get; }

    /// <summary>Ids and bytes in one number: two runs with the same train on the same text.</summary>
    public uint Checksum => Crc32C.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_ids.AsSpan()));

    /// <summary>Encodes sources; chats become turns, a line <c>&lt;|endoftext|&gt;</c> and the end of a file close a document.</summary>
    /// <param name="sources">Texts.</param>
    /// <param name="vocabulary">The lexicon.</param>
    /// <param name="progress">Told what is read.</param>
    /// <param name="cancel">Stops between chunks.</param>
    /// <exception cref="DumException">There is no text, or it cannot be read.</exception>
    public static Shard Read(IReadOnlyList<LexiconSource> sources, Vocabulary vocabulary, IProgress<TrainingProgress>? progress, CancellationToken cancel) =>
        Read(sources, vocabulary.Count, (document, ids) =>
        {
            int[] room = ArrayPool<int>.Shared.Rent(document.Length);
            ids.AddRange(room.AsSpan(0, vocabulary.Encoder.Encode(document, room)));
            ArrayPool<int>.Shared.Return(room);
        }, progress, cancel);

    /// <summary>Encodes sources for any model: what closes a document is the id that its texts begin with, or else the one that ends them.</summary>
    /// <param name="sources">Texts.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="progress">Told what is read.</param>
    /// <param name="cancel">Stops between chunks.</param>
    /// <exception cref="DumException">There is no text, it cannot be read, or the model has no such id.</exception>
    public static Shard Read(IReadOnlyList<LexiconSource> sources, ModelTokenizer tokenizer, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        int end = tokenizer.AddsBos && tokenizer.Bos is { } bos ? bos : tokenizer.Stops.Count > 0 ? tokenizer.Stops.Min() : throw new DumException(Tongue.Say(
            $"{tokenizer.Name} has no token that begins or ends a text", $"в {tokenizer.Name} нет токена начала или конца текста"));
        return Read(sources, end, (document, ids) => ids.AddRange(tokenizer.Encode(document)), progress, cancel);
    }

    static Shard Read(IReadOnlyList<LexiconSource> sources, int end, Encoding encode, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var ids = new List<int> { end };
        long all = sources.Sum(s => s.Length), done = 0, bytes = 0;
        foreach (LexiconSource source in sources)
        {
            var workers = new Worker[Environment.ProcessorCount];
            for (int i = 0; i < workers.Length; i++)
                workers[i] = new Worker(encode, end);
            ChunkPipeline.Run(source, ChunkBytes, workers, static (worker, chunk, _) => worker.Encode(chunk), (worker, length) =>
            {
                bytes += worker.Bytes;
                foreach (int id in worker.Ids)
                    if (id != end || ids[^1] != end)
                        ids.Add(id);
                done += length;
                progress?.Report(new TrainingProgress(Tongue.Say("reading", "читаю"), all > 0 ? Math.Min(1, (double)done / all) : 0, Path.GetFileName(source.Name)));
            }, cancel);
            if (ids[^1] != end)
                ids.Add(end);
        }
        return bytes > 0 ? new Shard([.. ids], end, bytes) : throw new DumException(Tongue.Say(
            "there is no text in what was given: give files or folders with text", "в указанном нет текста: укажите файлы или папки с текстом"));
    }

    /// <summary>
    /// Parts off what the model will never be trained on: the ends of documents chosen by their number, evenly over the whole
    /// text, at most a twentieth of it.
    /// </summary>
    /// <param name="vocabulary">For the bytes of ids.</param>
    /// <param name="most">Ids to hold out.</param>
    public (Shard Train, Shard Held) Split(Vocabulary vocabulary, int most) => Split(id => vocabulary[id].Length, most);

    /// <param name="bytesOf">Bytes of text that an id stands for; not asked for <see cref="End"/>.</param>
    /// <param name="most">Ids to hold out.</param>
    /// <param name="draws">Is told every draw; null for nobody.</param>
    internal (Shard Train, Shard Held) Split(Func<int, int> bytesOf, int most, DrawRecorder? draws = null)
    {
        List<(int Start, int End)> documents = Documents();
        long pieces = documents.Sum(d => (long)Piece(d));
        most = (int)Math.Min(most, _ids.Length / 20);
        var choice = new Philox(0, DrawDomain.HeldOut, draws);
        List<int> train = [End], held = [End];
        for (int i = 0; i < documents.Count; i++)
        {
            (int start, int end) = documents[i];
            int piece = choice.Unit(0, 0, (uint)i) < (double)most / pieces ? Piece(documents[i]) : 0;
            if (held.Count + piece > 2 * most)
                piece = 0;
            Append(train, start, end - piece);
            Append(held, end - piece, end);
        }
        // A single document, or chance: its tail.
        if (held.Count == 1 && train.Count > 20)
        {
            int tail = Math.Max(1, Math.Min(most, train.Count / 20));
            held.AddRange(train[^(tail + 1)..]);
            train.RemoveRange(train.Count - tail - 1, tail);
        }
        return (Of(train), Of(held));

        // Half of a document at most: the other half is still learned from.
        static int Piece((int Start, int End) d) => Math.Min(HeldPiece, (d.End - d.Start + 1) / 2);
        Shard Of(List<int> ids) => new([.. ids], End, ids.Sum(id => id == End ? 0L : bytesOf(id)));

        void Append(List<int> to, int from, int until)
        {
            if (from == until)
                return;
            to.AddRange(_ids.AsSpan(from, until - from));
            to.Add(End);
        }
    }

    /// <summary>Where documents stand, their closing ids not counted.</summary>
    List<(int Start, int End)> Documents()
    {
        var documents = new List<(int, int)>();
        int start = 1;
        for (int i = 1; i < _ids.Length; i++)
            if (_ids[i] == End)
            {
                documents.Add((start, i));
                start = i + 1;
            }
        return documents;
    }

    const int HeldPiece = 1024;

    /// <summary>Appends the ids of a document. Called on several threads.</summary>
    delegate void Encoding(ReadOnlySpan<byte> document, List<int> ids);

    sealed class Worker(Encoding encode, int end)
    {
        public List<int> Ids { get; } = [];

        public long Bytes { get; private set; }

        public void Encode(byte[] chunk)
        {
            Ids.Clear();
            Bytes = 0;
            ReadOnlySpan<byte> text = chunk;
            while (text.Length > 0)
            {
                int before = text.Length;
                ReadOnlySpan<byte> document = DocumentLines.Next(ref text);
                bool closed = before - text.Length > document.Length;
                encode(document, Ids);
                Bytes += document.Length;
                if (closed)
                    Ids.Add(end);
            }
        }
    }
}
