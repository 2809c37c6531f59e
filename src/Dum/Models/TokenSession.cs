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
    readonly Dictionary<int, Sequence> _sequences = [];
    readonly int[] _positions = new int[MaxRows], _tokens = new int[MaxRows];
    readonly Run[] _runs = new Run[MaxRows];
    readonly AdapterRows _adapters = new(MaxRows);
    readonly LoraStack _stack;
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
        _stack = weights.Stacks[0];
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

    /// <inheritdoc/>
    public override long CacheBytes(int sequence) => _sequences[sequence].Cache.Bytes;

    /// <inheritdoc/>
    public override int Open(int capacity = 0, LoraAdapter? adapter = null)
    {
        LoraLayers? layers = Layers(adapter);
        int length = capacity > 0 ? Math.Min(capacity, Context) : Context;
        // Sized by what is used, not by what a file claims.
        if (_rotary is null || _rotary.Positions < length)
        {
            _rotary?.Dispose();
            _rotary = Rotary.Table(_weights.Shape, length);
        }
        _sequences[_next] = new Sequence(new KeyValueCache(_weights.Shape, length, _format)) { Adapter = layers };
        return _next++;
    }

    /// <inheritdoc/>
    public override void Swap(int sequence, LoraAdapter? adapter) => _sequences[sequence].Adapter = Layers(adapter);

    /// <inheritdoc/>
    public override void Close(int sequence)
    {
        if (_sequences.Remove(sequence, out Sequence? closed))
            closed.Cache.Dispose();
    }

    /// <inheritdoc/>
    public override int Count(int sequence) => _sequences[sequence].Cache.Count;

    /// <summary>Forgets the tokens of a sequence from <paramref name="count"/> on.</summary>
    public void Truncate(int sequence, int count) => _sequences[sequence].Cache.Count = Math.Clamp(count, 0, _sequences[sequence].Cache.Count);

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Append(int sequence, scoped ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        Check(sequence, tokens);
        for (int done = 0; done < tokens.Length; done += MaxRows)
        {
            ReadOnlySpan<int> part = tokens[done..Math.Min(tokens.Length, done + MaxRows)];
            _runs[0] = new Run(_sequences[sequence], 0, part.Length, 0);
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
        _runs[0] = new Run(_sequences[sequence], 0, tokens.Length, 0);
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
            _runs[i] = new Run(_sequences[sequences[i]], i, 1, i);
        }
        Gather(tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
            _tokens[i] = tokens[_runs[i].Last];
        Walk(_tokens.AsSpan(0, tokens.Length), tokens.Length);
        _logits = Room(tokens.Length);
        Head(tokens.Length);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits(int row) => _logits is null ? throw new InvalidOperationException("nothing has run yet") : _logits.Row(row);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Sequence sequence in _sequences.Values)
            sequence.Cache.Dispose();
        _sequences.Clear();
        _adapters.Dispose();
        _arena.Dispose();
        _logitArena?.Dispose();
        _rotary?.Dispose();
        _pool.Dispose();
    }

    void Check(int sequence, ReadOnlySpan<int> tokens)
    {
        if (!_sequences.TryGetValue(sequence, out Sequence? open))
            throw new ArgumentException($"sequence {sequence} is not open");
        KeyValueCache cache = open.Cache;
        if (cache.Count + tokens.Length > Math.Min(cache.Capacity, Context))
            throw new DumException(Tongue.Say(
                $"the sequence is full: {cache.Count} tokens, {tokens.Length} more do not fit into {Math.Min(cache.Capacity, Context)}",
                $"последовательность полна: токенов {cache.Count}, ещё {tokens.Length} не помещаются в {Math.Min(cache.Capacity, Context)}"));
        foreach (int token in tokens)
            if ((uint)token >= (uint)_weights.Shape.Vocabulary)
                throw new DumException(Tongue.Say(
                    $"token {token} is outside the model's vocabulary of {_weights.Shape.Vocabulary}", $"токен {token} вне словаря модели ({_weights.Shape.Vocabulary})"));
    }

    LoraLayers? Layers(LoraAdapter? adapter)
    {
        if (adapter is null)
            return null;
        LoraLayers layers = adapter.Layers(_stack);
        _adapters.MakeRoom(adapter.Rank);
        return layers;
    }

    /// <summary>Brings runs of one row that share an adapter next to each other; every row still knows where its logits go.</summary>
    void Gather(int count)
    {
        for (int first = 0; first < count;)
        {
            LoraLayers? adapter = _runs[first++].Sequence.Adapter;
            for (int i = first; i < count; i++)
                if (_runs[i].Sequence.Adapter == adapter)
                {
                    (_runs[i], _runs[first]) = (_runs[first] with { Row = i }, _runs[i] with { Row = first });
                    first++;
                }
        }
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

    /// <summary>All layers over the rows of the first runs; the last row of every run goes to its place in <see cref="_last"/>.</summary>
    void Walk(ReadOnlySpan<int> tokens, int runs)
    {
        ModelShape s = _weights.Shape;
        int rows = tokens.Length, count = runs;
        foreach (ref Run run in _runs.AsSpan(0, count))
            for (int i = 0; i < run.Rows; i++)
                _positions[run.Row + i] = run.Sequence.Cache.Count + i;
        _adapters.Clear();
        for (int r = 0; r < count; r++)
            _adapters.Add(_runs[r].Sequence.Adapter, _runs[r].Rows);
        ReadOnlySpan<int> positions = _positions.AsSpan(0, rows);
        Matrix x = _x.Top(rows), normed = _normed.Top(rows), qkv = _qkv.Top(rows), mixed = _mixed.Top(rows), branch = _branch.Top(rows), gateUp = _gateUp.Top(rows), hidden = _hidden.Top(rows);
        _kernels.Embed(tokens, _weights.Embedding, x);
        for (int l = 0; l < _weights.Layers.Length; l++)
        {
            LayerWeights w = _weights.Layers[l];
            _kernels.Norm(x, w.InputGain, s.NormEpsilon, normed, _inverse.Data);
            _kernels.Linear(normed, w.Qkv, w.QkvBias, qkv);
            _adapters.AddTo(_kernels, l, LayerProduct.Qkv, normed, qkv);
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
                    _runs[r].Sequence.Cache.Put(l, _runs[r].Sequence.Cache.Count + i, keys, keys + s.KeyWidth);
                }
            var attend = new AttendWork { Path = _path, Runs = _runs, Layer = l, Shape = _shapes[l], Qkv = qkv, Y = mixed };
            _pool.Run(ref attend, count * s.KeyValueHeads);
            _kernels.Linear(mixed, w.Output, null, branch);
            _adapters.AddTo(_kernels, l, LayerProduct.Output, mixed, branch);
            _kernels.Add(x, branch, x);
            _kernels.Norm(x, w.FeedGain, s.NormEpsilon, normed, _inverse.Data);
            _kernels.Linear(normed, w.GateUp, null, gateUp);
            _adapters.AddTo(_kernels, l, LayerProduct.GateUp, normed, gateUp);
            _kernels.SwiGlu(gateUp, hidden);
            _kernels.Linear(hidden, w.Down, null, branch);
            _adapters.AddTo(_kernels, l, LayerProduct.Down, hidden, branch);
            _kernels.Add(x, branch, x);
        }
        for (int r = 0; r < count; r++)
        {
            _runs[r].Sequence.Cache.Count += _runs[r].Rows;
            _x.Row(_runs[r].Row + _runs[r].Rows - 1).CopyTo(_last.Row(_runs[r].Last));
        }
    }

    void Head(int rows)
    {
        Matrix last = _last.Top(rows), normed = _normed.Top(rows);
        _kernels.Norm(last, _weights.FinalGain, _weights.Shape.NormEpsilon, normed, _inverse.Data);
        _kernels.Linear(normed, _weights.Head, null, _logits!.Top(rows));
    }

    sealed class Sequence(KeyValueCache cache)
    {
        public KeyValueCache Cache => cache;

        /// <summary>Of <see cref="LoraAdapter.Layers"/>; null for the bare model.</summary>
        public LoraLayers? Adapter { get; set; }
    }

    /// <summary>Consecutive rows of one sequence, and where the last of them goes.</summary>
    readonly record struct Run(Sequence Sequence, int Row, int Rows, int Last);

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
            KeyValueCache cache = run.Sequence.Cache;
            int head = piece % Shape.KeyValueHeads, size = Shape.HeadSize, group = Shape.Group;
            bool single = run.Rows == 1;
            int rows = single ? group : Math.Min(AttentionBlock.MaxRows, run.Rows);
            int widest = cache.Count + run.Rows + 64;
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
                        Format = cache.Format,
                        Keys = cache.Keys(Layer, head),
                        Values = cache.Values(Layer, head),
                        KeyScales = cache.KeyScales(Layer, head),
                        ValueScales = cache.ValueScales(Layer, head),
                        Capacity = cache.Capacity,
                        Queries = Qkv.Row(run.Row + at) + channel,
                        QueryStride = single ? size : Qkv.Stride,
                        Rows = single ? group : Math.Min(rows, run.Rows - at),
                        Position = cache.Count + at,
                        RowsPerPosition = single ? group : 1,
                    };
                    block.Scores(scores, sums);
                    block.Blend(scores, sums, Y.Row(run.Row + at) + channel, single ? size : Y.Stride);
                }
        }
    }
}
