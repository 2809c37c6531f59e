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
    readonly Block _x, _normed, _inverse, _last;
    readonly StackRunner _stack;
    readonly Dictionary<int, Sequence> _sequences = [];
    readonly CacheRun[] _runs = new CacheRun[MaxRows];
    readonly LoraAdapter?[] _adapters = new LoraAdapter?[MaxRows];
    readonly int[] _order = new int[MaxRows], _tokens = new int[MaxRows];
    readonly LoraStack _layers;
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
        (_weights, _pool, _format) = (weights, pool, format);
        ModelShape s = weights.Shape;
        _layers = weights.Stacks[0];
        Context = context > 0 ? context : s.Context;
        _kernels = kernels ?? new CpuKernels(pool, path);
        _stack = new StackRunner(s, weights.Layers, _kernels, pool, path ?? InstructionPath.Best, MaxRows);
        _x = _arena.Take("stream", MaxRows, s.Width);
        _normed = _arena.Take("normed", MaxRows, s.Width);
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
    public override long CacheBytes(int sequence) => _sequences[sequence].Cache.Bytes;

    /// <inheritdoc/>
    public override int Open(int capacity = 0, LoraAdapter? adapter = null)
    {
        int length = capacity > 0 ? Math.Min(capacity, Context) : Context;
        _stack.Reach(length);
        LoraLayers? layers = Take(adapter);
        _sequences[_next] = new Sequence(new KeyValueCache(_weights.Shape, length, _format)) { Adapter = adapter, Layers = layers };
        return _next++;
    }

    /// <inheritdoc/>
    public override void Swap(int sequence, LoraAdapter? adapter) => (_sequences[sequence].Layers, _sequences[sequence].Adapter) = (Take(adapter), adapter);

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
            _runs[0] = _sequences[sequence].Run(0, part.Length);
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
        _runs[0] = _sequences[sequence].Run(0, tokens.Length);
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
            _adapters[i] = _sequences[sequences[i]].Adapter;
        }
        AdapterRows.Order(_adapters.AsSpan(0, tokens.Length), _order);
        for (int i = 0; i < tokens.Length; i++)
            (_runs[i], _tokens[i]) = (_sequences[sequences[_order[i]]].Run(i, 1), tokens[_order[i]]);
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
        _arena.Dispose();
        _logitArena?.Dispose();
        _stack.Dispose();
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
        Matrix x = _x.Top(tokens.Length);
        _kernels.Embed(tokens, _weights.Embedding, x);
        _stack.Run(x, _runs.AsSpan(0, runs));
        for (int r = 0; r < runs; r++)
            _x.Row(_runs[r].Row + _runs[r].Rows - 1).CopyTo(_last.Row(runs > 1 ? _order[r] : 0));
    }

    void Head(int rows)
    {
        Matrix last = _last.Top(rows), normed = _normed.Top(rows);
        _kernels.Norm(last, _weights.FinalGain, _weights.Shape.NormEpsilon, normed, _inverse.Data);
        _kernels.Linear(normed, _weights.Head, null, _logits!.Top(rows));
    }

    LoraLayers? Take(LoraAdapter? adapter)
    {
        if (adapter is null)
            return null;
        LoraLayers layers = adapter.Layers(_layers);
        _stack.MakeRoom(adapter.Rank);
        return layers;
    }

    sealed class Sequence(KeyValueCache cache)
    {
        public KeyValueCache Cache => cache;
        public LoraAdapter? Adapter { get; set; }
        public LoraLayers? Layers { get; set; }

        public CacheRun Run(int row, int rows) => new(cache, row, rows, Layers);
    }
}
