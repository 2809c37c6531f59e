using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Scenes;

namespace Dum.Models;

/// <summary>
/// Runs a scene model over sequences that come and go. Of every sequence it keeps the local windows, the open scene and one
/// global position per complete scene; the global model runs only where a scene ends. The bits are those of the plan,
/// whatever the batch and the split.
/// </summary>
sealed unsafe class SceneSession : LanguageSession
{
    /// <summary>Rows that one walk takes; more are done in several.</summary>
    public const int MaxRows = 256;

    /// <summary>Rows of one sequence in one walk: what a local cache has room for beside its window.</summary>
    const int Stretch = 128;

    readonly SceneWeights _weights;
    readonly SceneTrack _track;
    readonly WorkerPool _pool;
    readonly KernelTable _kernels;
    readonly StackRunner _encoder, _global, _decoder;
    readonly CacheFormat _format;
    readonly Arena _arena = new("session");
    readonly Block _x, _normed, _side, _scenes, _thoughts, _context, _last, _inverse;
    readonly Dictionary<int, SceneSequence> _sequences = [];
    readonly (SceneSequence Sequence, int Row, int Rows)[] _runs = new (SceneSequence, int, int)[MaxRows];
    readonly CacheRun[] _caches = new CacheRun[MaxRows];
    readonly int[] _contextRows = new int[MaxRows], _pairs = new int[MaxRows], _order = new int[MaxRows], _tokens = new int[MaxRows];
    readonly LoraAdapter?[] _adapters = new LoraAdapter?[MaxRows];
    readonly LoraStack[] _stacks;
    Block? _logits;
    Arena? _logitArena;
    int _next;

    /// <param name="weights">Shared, not disposed here.</param>
    /// <param name="splitter">Of the model's lexicon and rule.</param>
    /// <param name="pool">Threads; disposed with the session.</param>
    /// <param name="path">Instructions; null for the best.</param>
    /// <param name="format">How keys and values are kept.</param>
    /// <param name="context">The longest sequence in hyperwords; 0 for the model's own.</param>
    /// <param name="kernels">A table that observes; null for the fast one.</param>
    public SceneSession(SceneWeights weights, SceneSplitter splitter, WorkerPool pool, InstructionPath? path = null, CacheFormat format = CacheFormat.F32, int context = 0, KernelTable? kernels = null)
    {
        SceneShape s = weights.Shape;
        (_weights, _pool, _format) = (weights, pool, format);
        _stacks = weights.Stacks;
        _track = new SceneTrack(splitter, s.Vocabulary - 1);
        Context = context > 0 ? context : s.Context;
        _kernels = kernels ?? new CpuKernels(pool, path);
        InstructionPath best = path ?? InstructionPath.Best;
        _encoder = new StackRunner(s.Encoder, weights.Encoder, _kernels, pool, best, MaxRows);
        _global = new StackRunner(s.Global, weights.Global, _kernels, pool, best, MaxRows);
        _decoder = new StackRunner(s.Decoder, weights.Decoder, _kernels, pool, best, MaxRows);
        _x = _arena.Take("stream", MaxRows, s.Width);
        _normed = _arena.Take("normed", MaxRows, s.Width);
        _side = _arena.Take("side by side", MaxRows, s.FoldWidth);
        _scenes = _arena.Take("scenes", MaxRows, s.Global.Width);
        _thoughts = _arena.Take("thoughts", MaxRows, s.Global.Width);
        // What every run brings along, then what its new scenes make.
        _context = _arena.Take("context", 2 * MaxRows, s.ContextWidth);
        _last = _arena.Take("last", MaxRows, s.Width);
        _inverse = _arena.Take("inverse", 1, MaxRows);
        _arena.Allocate();
    }

    /// <inheritdoc/>
    public override int Context { get; }

    /// <inheritdoc/>
    public override int Vocabulary => _weights.Shape.Vocabulary;

    /// <inheritdoc/>
    public override long CacheBytes(int sequence) => Of(sequence).CacheBytes;

    /// <inheritdoc/>
    internal override WorkerPool Pool => _pool;

    /// <summary>Called where scenes end; may change thoughts, and with them what the decoder says next.</summary>
    public SceneHook? Hook { get; set; }

    /// <summary>Complete scenes of a sequence.</summary>
    public int Scenes(int sequence) => Of(sequence).Global.Count;

    /// <inheritdoc/>
    public override int Open(int capacity = 0, LoraAdapter? adapter = null)
    {
        int length = capacity > 0 ? Math.Min(capacity, Context) : Context;
        _encoder.Reach(length);
        _global.Reach(length);
        _decoder.Reach(length);
        SceneAdapter layers = Take(adapter);
        _sequences[_next] = new SceneSequence(_weights.Shape, length, Stretch, _format) { Adapter = layers };
        return _next++;
    }

    /// <inheritdoc/>
    public override void Swap(int sequence, LoraAdapter? adapter) => Of(sequence).Adapter = Take(adapter);

    /// <inheritdoc/>
    public override void Close(int sequence)
    {
        if (_sequences.Remove(sequence, out SceneSequence? closed))
            closed.Dispose();
    }

    /// <inheritdoc/>
    public override int Count(int sequence) => Of(sequence).Count;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Append(int sequence, scoped ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        SceneSequence to = Check(sequence, tokens);
        for (int done = 0; done < tokens.Length; done += Stretch)
        {
            ReadOnlySpan<int> part = tokens[done..Math.Min(tokens.Length, done + Stretch)];
            _runs[0] = (to, 0, part.Length);
            Walk(part, 1);
        }
        _x.Row(((tokens.Length - 1) % Stretch)).CopyTo(_last.Row(0));
        Head(1);
        return _logits!.Row(0);
    }

    /// <summary>Appends tokens and gives the logits after each of them: [tokens × vocabulary].</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">At most 128.</param>
    public Matrix AppendAll(int sequence, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, Stretch);
        _runs[0] = (Check(sequence, tokens), 0, tokens.Length);
        Walk(tokens, 1);
        for (int r = 0; r < tokens.Length; r++)
            _x.Row(r).CopyTo(_last.Row(r));
        Head(tokens.Length);
        return _logits!;
    }

    /// <summary>Reads tokens for their scenes only, which <see cref="Hook"/> is shown: no decoder, no logits. Such a sequence can be read on, not continued.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokens">Any number.</param>
    public void ReadScenes(int sequence, ReadOnlySpan<int> tokens)
    {
        SceneSequence to = Check(sequence, tokens);
        for (int done = 0; done < tokens.Length; done += Stretch)
        {
            ReadOnlySpan<int> part = tokens[done..Math.Min(tokens.Length, done + Stretch)];
            _runs[0] = (to, 0, part.Length);
            Fold(part, 1);
            to.Count += part.Length;
        }
    }

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> sequences, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sequences.Length, tokens.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, MaxRows);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (sequences[..i].Contains(sequences[i]))
                throw new ArgumentException($"sequence {sequences[i]} is named twice");
            _adapters[i] = Check(sequences[i], tokens.Slice(i, 1)).Adapter.Whole;
        }
        AdapterRows.Order(_adapters.AsSpan(0, tokens.Length), _order);
        for (int i = 0; i < tokens.Length; i++)
            (_runs[i], _tokens[i]) = ((_sequences[sequences[_order[i]]], i, 1), tokens[_order[i]]);
        Walk(_tokens.AsSpan(0, tokens.Length), tokens.Length);
        for (int r = 0; r < tokens.Length; r++)
            _x.Row(r).CopyTo(_last.Row(_order[r]));
        Head(tokens.Length);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Logits(int row) => _logits is null ? throw new InvalidOperationException("nothing has run yet") : _logits.Row(row);

    /// <summary>What the global model made of the last complete scene of a sequence, for each of the decoder's layers; empty before the first.</summary>
    public ReadOnlySpan<float> ContextOf(int sequence) => Of(sequence).Context;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (SceneSequence sequence in _sequences.Values)
            sequence.Dispose();
        _sequences.Clear();
        _encoder.Dispose();
        _global.Dispose();
        _decoder.Dispose();
        _arena.Dispose();
        _logitArena?.Dispose();
        _pool.Dispose();
    }

    SceneAdapter Take(LoraAdapter? adapter)
    {
        if (adapter is null)
            return default;
        var taken = new SceneAdapter(adapter, adapter.Layers(_stacks[0]), adapter.Layers(_stacks[1]), adapter.Layers(_stacks[2]));
        foreach (StackRunner stack in new[] { _encoder, _global, _decoder })
            stack.MakeRoom(adapter.Rank);
        return taken;
    }

    SceneSequence Of(int sequence) => _sequences.TryGetValue(sequence, out SceneSequence? found) ? found : throw new ArgumentException($"sequence {sequence} is not open");

    SceneSequence Check(int sequence, ReadOnlySpan<int> tokens)
    {
        SceneSequence to = Of(sequence);
        if (to.Count + tokens.Length > to.Capacity)
            throw new DumException(Tongue.Say(
                $"the sequence is full: {to.Count} hyperwords, {tokens.Length} more do not fit into {to.Capacity}",
                $"последовательность полна: гиперслов {to.Count}, ещё {tokens.Length} не помещаются в {to.Capacity}"));
        foreach (int token in tokens)
            if ((uint)token >= (uint)Vocabulary)
                throw new DumException(Tongue.Say($"hyperword {token} is outside the model's vocabulary of {Vocabulary}", $"гиперслово {token} вне словаря модели ({Vocabulary})"));
        return to;
    }

    /// <summary>The rows of the first runs through encoder, scenes that end in them, and decoder; the stream is left in <see cref="_x"/>.</summary>
    void Walk(ReadOnlySpan<int> tokens, int runs)
    {
        SceneShape s = _weights.Shape;
        int rows = tokens.Length, scenes = Fold(tokens, runs);
        for (int r = 0; r < runs; r++)
        {
            (SceneSequence sequence, int row, int count) = _runs[r];
            sequence.Decoder.Slide(count, s.Decoder.Window);
            _caches[r] = new CacheRun(sequence.Decoder, row, count, sequence.Adapter.Decoder);
            sequence.Count += count;
            if (_contextRows[row + count - 1] is >= 0 and int last && last != r)
                sequence.Keep(_context.Row(last));
        }
        _decoder.Run(_x.Top(rows), _caches.AsSpan(0, runs), _context.Top(runs + scenes), _contextRows.AsSpan(0, rows));
    }

    /// <summary>The rows of the first runs through the encoder, and the scenes that end in them through the global model.</summary>
    /// <returns>Scenes that ended.</returns>
    int Fold(ReadOnlySpan<int> tokens, int runs)
    {
        SceneShape s = _weights.Shape;
        int rows = tokens.Length;
        Matrix x = _x.Top(rows), normed = _normed.Top(rows);
        _kernels.Embed(tokens, _weights.Embedding, x);
        if (_weights.Pairs is { } pairs)
            AddPairs(tokens, runs, pairs, x);
        for (int r = 0; r < runs; r++)
        {
            (SceneSequence sequence, int row, int count) = _runs[r];
            sequence.Encoder.Slide(count, s.Encoder.Window);
            _caches[r] = new CacheRun(sequence.Encoder, row, count, sequence.Adapter.Encoder);
        }
        _encoder.Run(x, _caches.AsSpan(0, runs));
        _kernels.Norm(x, _weights.SceneGain, s.Encoder.NormEpsilon, normed, _inverse.Data);
        int scenes = Gather(tokens, runs);
        if (scenes > 0)
            Think(runs, scenes);
        return scenes;
    }

    void AddPairs(ReadOnlySpan<int> tokens, int runs, PackedWeights pairs, Matrix x)
    {
        for (int r = 0; r < runs; r++)
        {
            (SceneSequence sequence, int first, int count) = _runs[r];
            for (int row = first; row < first + count; row++)
                (_pairs[row], sequence.Last) = (_weights.Shape.Pair(sequence.Last, tokens[row]), tokens[row]);
        }
        Matrix added = _normed.Top(tokens.Length);
        _kernels.Embed(_pairs.AsSpan(0, tokens.Length), pairs, added);
        _kernels.Add(x, added, x);
    }

    /// <summary>Lays hyperwords into their scenes; those that end go to <see cref="_side"/>, in order of runs. Says which context every row has.</summary>
    /// <returns>Scenes that ended.</returns>
    int Gather(ReadOnlySpan<int> tokens, int runs)
    {
        int scenes = 0;
        for (int r = 0; r < runs; r++)
        {
            (SceneSequence sequence, int first, int count) = _runs[r];
            sequence.Context.CopyTo(_context.Row(r));
            int context = sequence.Context.IsEmpty ? -1 : r, before = scenes;
            for (int row = first; row < first + count; row++)
            {
                bool closes = _track.Add(ref sequence.Cursor, tokens[row], out int slot);
                sequence.Lay(slot, _normed.Row(row));
                if (closes)
                {
                    sequence.TakeScene(_side.Row(scenes));
                    context = runs + scenes++;
                }
                _contextRows[row] = context;
            }
            sequence.Ended = scenes - before;
        }
        return scenes;
    }

    /// <summary>The global model over the scenes that ended; their contexts go behind those that the runs brought along.</summary>
    void Think(int runs, int scenes)
    {
        SceneShape s = _weights.Shape;
        Matrix x = _scenes.Top(scenes), thoughts = _thoughts.Top(scenes);
        _kernels.Linear(_side.Top(scenes), _weights.Fold, null, x);
        Hook?.Invoke(SceneStage.Content, x);
        int caches = 0, at = 0;
        for (int r = 0; r < runs; r++)
        {
            SceneSequence sequence = _runs[r].Sequence;
            if (sequence.Ended == 0)
                continue;
            sequence.MakeRoom(sequence.Ended);
            _caches[caches++] = new CacheRun(sequence.Global, at, sequence.Ended, sequence.Adapter.Global);
            at += sequence.Ended;
        }
        _global.Run(x, _caches.AsSpan(0, caches));
        _kernels.Norm(x, _weights.GlobalGain, s.Global.NormEpsilon, thoughts, _inverse.Data);
        Hook?.Invoke(SceneStage.Thought, thoughts);
        _kernels.Linear(thoughts, _weights.Unfold, null, _context.Top(runs + scenes).Part(runs, scenes));
    }

    void Head(int rows)
    {
        if (_logits is null || _logits.Rows < rows)
        {
            _logitArena?.Dispose();
            _logitArena = new Arena("logits");
            _logits = _logitArena.Take("logits", rows, Vocabulary);
            _logitArena.Allocate();
        }
        Matrix last = _last.Top(rows), normed = _normed.Top(rows);
        _kernels.Norm(last, _weights.FinalGain, _weights.Shape.Decoder.NormEpsilon, normed, _inverse.Data);
        _kernels.Linear(normed, _weights.Embedding, null, _logits.Top(rows));
    }
}
