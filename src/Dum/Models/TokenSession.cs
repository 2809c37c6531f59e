using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>
/// Runs a decoder over sequences that come and go: any number of new tokens of any of them in one call, prefill and
/// decoding alike. A second, short walk through the kernels of the plan, with the same bits whatever the batch.
/// Not thread-safe; sessions over the same weights are independent.
/// </summary>
public sealed unsafe class TokenSession : LanguageSession
{
    /// <summary>Rows that one walk takes; more are done in several.</summary>
    public const int MaxRows = 256;

    readonly TokenWeights _weights;
    readonly KernelTable _kernels;
    readonly WorkerPool _pool;
    readonly Arena _arena = new("session");
    readonly Block _x, _normed, _qkv, _mixed, _branch, _gateUp, _hidden, _inverse, _last;
    RotaryTable? _rotary;
    readonly InstructionPath _path;
    readonly Dictionary<int, KeyValueCache> _sequences = [];
    readonly int[] _positions = new int[MaxRows];
    readonly Run[] _runs = new Run[MaxRows];
    readonly AttentionShape[] _shapes;
    readonly CacheFormat _format;
    Block? _logits;
    Arena? _logitArena;
    int _next;

    /// <param name="weights">Shared, not disposed here.</param>
    /// <param name="threads">Threads that work; 0 for one per core.</param>
    /// <param name="format">How keys and values are kept.</param>
    /// <param name="context">The longest sequence in tokens; 0 for the model's own.</param>
    public TokenSession(TokenWeights weights, int threads = 0, CacheFormat format = CacheFormat.F32, int context = 0)
        : this(weights, new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount), null, format, context)
    {
    }

    internal TokenSession(TokenWeights weights, WorkerPool pool, InstructionPath? path, CacheFormat format, int context, KernelTable? kernels = null)
    {
        (_weights, _pool, _format, _path) = (weights, pool, format, path ?? InstructionPath.Best);
        ModelShape s = weights.Shape;
        Context = context > 0 ? context : s.Context;
        _kernels = kernels ?? new CpuKernels(pool, _path);
        _shapes = [.. Enumerable.Range(0, s.Layers).Select(l => new AttentionShape(s.Heads, s.KeyValueHeads, s.HeadSize, s.WindowOf(l)))];
        _x = _arena.Take("stream", MaxRows, s.Width);
        _normed = _arena.Take("normed", MaxRows, s.Width);
        _qkv = _arena.Take("qkv", MaxRows, s.QueryWidth + (2 * s.KeyWidth));
        _mixed = _arena.Take("mixed", MaxRows, s.QueryWidth);
        _branch = _arena.Take("branch", MaxRows, s.Width);
        _gateUp = _arena.Take("gate up", MaxRows, 2 * s.FeedForward);
        _hidden = _arena.Take("hidden", MaxRows, s.FeedForward);
        _inverse = _arena.Take("inverse", 1, MaxRows);
        _last = _arena.Take("last", MaxRows, s.Width);
        _arena.Allocate();
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override int Vocabulary => _weights.Shape.Vocabulary;

    internal override WorkerPool Pool => _pool;

    /// <inheritdoc/>
    public override long CacheBytes(int sequence) => _sequences[sequence].Bytes;

    /// <inheritdoc/>
    public override int Open(int capacity = 0)
    {
        int length = capacity > 0 ? Math.Min(capacity, Context) : Context;
        // Sized by what is used, not by what a file claims.
        if (_rotary is null || _rotary.Positions < length)
        {
            _rotary?.Dispose();
            _rotary = Rotary.Table(_weights.Shape, length);
        }
        _sequences[_next] = new KeyValueCache(_weights.Shape, length, _format);
        return _next++;
    }

    /// <inheritdoc/>
    public override void Close(int sequence)
    {
        if (_sequences.Remove(sequence, out KeyValueCache? cache))
            cache.Dispose();
    }

    /// <inheritdoc/>
    public override int Count(int sequence) => _sequences[sequence].Count;

    /// <summary>Forgets the tokens of a sequence from <paramref name="count"/> on.</summary>
    public void Truncate(int sequence, int count) => _sequences[sequence].Count = Math.Clamp(count, 0, _sequences[sequence].Count);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Append(int sequence, scoped ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        Check(sequence, tokens);
        for (int done = 0; done < tokens.Length; done += MaxRows)
        {
            ReadOnlySpan<int> part = tokens[done..Math.Min(tokens.Length, done + MaxRows)];
            _runs[0] = new Run(_sequences[sequence], 0, part.Length);
            Walk(part, 1);
        }
        _logits = Room(1);
        Head(1);
        return _logits!.Row(0);
    }

    /// <summary>Appends tokens and gives the logits after each of them: [tokens × vocabulary].</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">At most <see cref="MaxRows"/>.</param>
    internal Matrix AppendAll(int sequence, ReadOnlySpan<int> tokens)
    {
        Check(sequence, tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, MaxRows);
        _runs[0] = new Run(_sequences[sequence], 0, tokens.Length);
        Walk(tokens, 1);
        _logits = Room(tokens.Length);
        for (int r = 0; r < tokens.Length; r++)
            _x.Row(r).CopyTo(_last.Row(r));
        Head(tokens.Length);
        return _logits;
    }

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> sequences, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sequences.Length, tokens.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, MaxRows);
        for (int i = 0; i < tokens.Length; i++)
        {
            Check(sequences[i], tokens.Slice(i, 1));
            if (sequences[..i].Contains(sequences[i]))
                throw new ArgumentException($"sequence {sequences[i]} is named twice");
            _runs[i] = new Run(_sequences[sequences[i]], i, 1);
        }
        Walk(tokens, tokens.Length);
        _logits = Room(tokens.Length);
        Head(tokens.Length);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits(int row) => _logits is null ? throw new InvalidOperationException("nothing has run yet") : _logits.Row(row);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (KeyValueCache cache in _sequences.Values)
            cache.Dispose();
        _sequences.Clear();
        _arena.Dispose();
        _logitArena?.Dispose();
        _rotary?.Dispose();
        _pool.Dispose();
    }

    void Check(int sequence, ReadOnlySpan<int> tokens)
    {
        if (!_sequences.TryGetValue(sequence, out KeyValueCache? cache))
            throw new ArgumentException($"sequence {sequence} is not open");
        if (cache.Count + tokens.Length > Math.Min(cache.Capacity, Context))
            throw new DumException(Tongue.Say(
                $"the sequence is full: {cache.Count} tokens, {tokens.Length} more do not fit into {Math.Min(cache.Capacity, Context)}",
                $"последовательность полна: токенов {cache.Count}, ещё {tokens.Length} не помещаются в {Math.Min(cache.Capacity, Context)}"));
        foreach (int token in tokens)
            if ((uint)token >= (uint)_weights.Shape.Vocabulary)
                throw new DumException(Tongue.Say(
                    $"token {token} is outside the model's vocabulary of {_weights.Shape.Vocabulary}", $"токен {token} вне словаря модели ({_weights.Shape.Vocabulary})"));
    }

    /// <summary>Room for logits, made again only when more rows are asked than ever before.</summary>
    Block Room(int rows)
    {
        if (_logits is not null && _logits.Rows >= rows)
            return _logits;
        _logitArena?.Dispose();
        _logitArena = new Arena("logits");
        Block block = _logitArena.Take("logits", rows, _weights.Shape.Vocabulary);
        _logitArena.Allocate();
        return block;
    }

    /// <summary>All layers over the rows of the first runs; the last row of every run goes to <see cref="_last"/>.</summary>
    void Walk(ReadOnlySpan<int> tokens, int runs)
    {
        ModelShape s = _weights.Shape;
        int rows = tokens.Length, count = runs;
        foreach (ref Run run in _runs.AsSpan(0, count))
            for (int i = 0; i < run.Rows; i++)
                _positions[run.Row + i] = run.Cache.Count + i;
        ReadOnlySpan<int> positions = _positions.AsSpan(0, rows);
        Matrix x = _x.Top(rows), normed = _normed.Top(rows), qkv = _qkv.Top(rows), mixed = _mixed.Top(rows), branch = _branch.Top(rows), gateUp = _gateUp.Top(rows), hidden = _hidden.Top(rows);
        _kernels.Embed(tokens, _weights.Embedding, x);
        for (int l = 0; l < _weights.Layers.Length; l++)
        {
            LayerWeights w = _weights.Layers[l];
            _kernels.Norm(x, w.InputGain, s.NormEpsilon, normed, _inverse.Data);
            _kernels.Linear(normed, w.Qkv, w.QkvBias, qkv);
            if (w.QueryGain is not null)
                for (int h = 0; h < s.Heads + s.KeyValueHeads; h++)
                {
                    Matrix head = qkv.Slice(h * s.HeadSize, s.HeadSize);
                    _kernels.Norm(head, h < s.Heads ? w.QueryGain : w.KeyGain, s.NormEpsilon, head, _inverse.Data);
                }
            _kernels.Rotate(qkv, s.Heads + s.KeyValueHeads, _rotary!, positions, back: false);
            for (int r = 0; r < count; r++)
                for (int i = 0; i < _runs[r].Rows; i++)
                {
                    float* keys = qkv.Row(_runs[r].Row + i) + s.QueryWidth;
                    _runs[r].Cache.Put(l, _runs[r].Cache.Count + i, keys, keys + s.KeyWidth);
                }
            var attend = new AttendWork { Path = _path, Runs = _runs, Layer = l, Shape = _shapes[l], Qkv = qkv, Y = mixed };
            _pool.Run(ref attend, count * s.KeyValueHeads);
            _kernels.Linear(mixed, w.Output, null, branch);
            _kernels.Add(x, branch, x);
            _kernels.Norm(x, w.FeedGain, s.NormEpsilon, normed, _inverse.Data);
            _kernels.Linear(normed, w.GateUp, null, gateUp);
            _kernels.SwiGlu(gateUp, hidden);
            _kernels.Linear(hidden, w.Down, null, branch);
            _kernels.Add(x, branch, x);
        }
        for (int r = 0; r < count; r++)
        {
            _runs[r].Cache.Count += _runs[r].Rows;
            _x.Row(_runs[r].Row + _runs[r].Rows - 1).CopyTo(_last.Row(r));
        }
    }

    void Head(int rows)
    {
        Matrix last = _last.Top(rows), normed = _normed.Top(rows);
        _kernels.Norm(last, _weights.FinalGain, _weights.Shape.NormEpsilon, normed, _inverse.Data);
        _kernels.Linear(normed, _weights.Head, null, _logits!.Top(rows));
    }

    /// <summary>Consecutive rows of one sequence.</summary>
    readonly record struct Run(KeyValueCache Cache, int Row, int Rows);

    /// <summary>One run and one key and value head.</summary>
    struct AttendWork : IWork
    {
        public InstructionPath Path;
        public Run[] Runs;
        public int Layer;
        public AttentionShape Shape;
        public Matrix Qkv, Y;

        public readonly void Do(int piece)
        {
            Run run = Runs[piece / Shape.KeyValueHeads];
            int head = piece % Shape.KeyValueHeads, size = Shape.HeadSize, group = Shape.Group;
            bool single = run.Rows == 1;
            int rows = single ? group : Math.Min(AttentionBlock.MaxRows, run.Rows);
            int widest = run.Cache.Count + run.Rows + 64;
            float* scores = ThreadScratch.Scores((long)Math.Max(rows, AttentionBlock.MaxRows) * (widest + 1));
            float* sums = scores + ((long)Math.Max(rows, AttentionBlock.MaxRows) * widest);
            for (int at = 0; at < run.Rows; at += rows)
                for (int h = 0; h < (single ? 1 : group); h++)
                {
                    int channel = ((head * group) + h) * size;
                    var block = new AttentionBlock
                    {
                        Tiles = Path.Tiles,
                        Shape = Shape,
                        Format = run.Cache.Format,
                        Keys = run.Cache.Keys(Layer, head),
                        Values = run.Cache.Values(Layer, head),
                        KeyScales = run.Cache.KeyScales(Layer, head),
                        ValueScales = run.Cache.ValueScales(Layer, head),
                        Capacity = run.Cache.Capacity,
                        Queries = Qkv.Row(run.Row + at) + channel,
                        QueryStride = single ? size : Qkv.Stride,
                        Rows = single ? group : Math.Min(rows, run.Rows - at),
                        Position = run.Cache.Count + at,
                        RowsPerPosition = single ? group : 1,
                    };
                    block.Scores(scores, sums);
                    block.Blend(scores, sums, Y.Row(run.Row + at) + channel, single ? size : Y.Stride);
                }
        }
    }
}
