using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>Consecutive rows of one sequence, with what it remembers.</summary>
/// <param name="Cache">Its keys and values in this stack.</param>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many.</param>
/// <param name="Adapter">What an adapter adds in this stack; null for the bare model.</param>
readonly record struct CacheRun(KeyValueCache Cache, int Row, int Rows, LoraLayers? Adapter);

/// <summary>
/// The walk of inference through a stack of layers: new rows of any sequences, prefill and decoding alike, over the kernels
/// of the plan and with its bits.
/// </summary>
sealed unsafe class StackRunner : IDisposable
{
    readonly ModelShape _shape;
    readonly LayerWeights[] _layers;
    readonly KernelTable _kernels;
    readonly WorkerPool _pool;
    readonly InstructionPath _path;
    readonly AttentionShape[] _attention;
    readonly int[] _positions;
    readonly CacheRun[] _runs;
    readonly AdapterRows _adapters;
    readonly Arena _arena = new("session");
    readonly Block _normed, _qkv, _mixed, _branch, _gateUp, _hidden, _inverse;
    RotaryTable? _rotary;

    /// <param name="shape">Sizes.</param>
    /// <param name="layers">Weights.</param>
    /// <param name="kernels">The table.</param>
    /// <param name="pool">Its threads.</param>
    /// <param name="path">Instructions.</param>
    /// <param name="rows">Most rows of one walk.</param>
    public StackRunner(ModelShape shape, LayerWeights[] layers, KernelTable kernels, WorkerPool pool, InstructionPath path, int rows)
    {
        (_shape, _layers, _kernels, _pool, _path, _positions, _runs) = (shape, layers, kernels, pool, path, new int[rows], new CacheRun[rows]);
        _adapters = new AdapterRows(rows);
        _attention = [.. Enumerable.Range(0, shape.Layers).Select(l => new AttentionShape(shape.Heads, shape.KeyValueHeads, shape.HeadSize, shape.WindowOf(l)))];
        _normed = _arena.Take("normed", rows, shape.Width);
        _qkv = _arena.Take("qkv", rows, shape.QueryWidth + (2 * shape.KeyWidth));
        _mixed = _arena.Take("mixed", rows, shape.QueryWidth);
        _branch = _arena.Take("branch", rows, shape.Width);
        _gateUp = _arena.Take("gate up", rows, 2 * shape.FeedForward);
        _hidden = _arena.Take("hidden", rows, shape.FeedForward);
        _inverse = _arena.Take("inverse", 1, rows);
        _arena.Allocate();
    }

    /// <summary>Makes sure that positions below this one have angles: sized by what is used, not by what a file claims.</summary>
    public void Reach(int positions)
    {
        if (_rotary is not null && _rotary.Positions >= positions)
            return;
        _rotary?.Dispose();
        _rotary = Rotary.Table(_shape, positions);
    }

    /// <summary>Makes room for adapters of a rank.</summary>
    /// <exception cref="DumException">There is not enough memory.</exception>
    public void MakeRoom(int rank) => _adapters.MakeRoom(rank);

    /// <summary>Runs x through all layers in place; the caches grow by its rows.</summary>
    /// <param name="x">The stream.</param>
    /// <param name="runs">Whose rows they are, in order.</param>
    /// <param name="context">Added to the stream before every layer, [n × layers·width]; null for nothing.</param>
    /// <param name="rows">For every row of x its row of the context, or −1.</param>
    public void Run(Matrix x, ReadOnlySpan<CacheRun> runs, Matrix? context = null, ReadOnlySpan<int> rows = default)
    {
        _adapters.Clear();
        foreach (CacheRun run in runs)
        {
            _adapters.Add(run.Adapter, run.Rows);
            for (int i = 0; i < run.Rows; i++)
                _positions[run.Row + i] = run.Cache.First + run.Cache.Count + i;
        }
        ModelShape s = _shape;
        Matrix normed = _normed.Top(x.Rows), qkv = _qkv.Top(x.Rows), mixed = _mixed.Top(x.Rows), branch = _branch.Top(x.Rows), gateUp = _gateUp.Top(x.Rows), hidden = _hidden.Top(x.Rows);
        runs.CopyTo(_runs);
        for (int l = 0; l < _layers.Length; l++)
        {
            LayerWeights w = _layers[l];
            if (context is { } all)
                _kernels.AddRows(x, all.Slice(l * s.Width, s.Width), rows, x);
            _kernels.Norm(x, w.InputGain, s.NormEpsilon, normed, _inverse.Data);
            _kernels.Linear(normed, w.Qkv, w.QkvBias, qkv);
            _adapters.AddTo(_kernels, l, LayerProduct.Qkv, normed, qkv);
            if (w.QueryGain is not null)
                for (int h = 0; h < s.Heads + s.KeyValueHeads; h++)
                {
                    Matrix head = qkv.Slice(h * s.HeadSize, s.HeadSize);
                    _kernels.Norm(head, h < s.Heads ? w.QueryGain : w.KeyGain, s.NormEpsilon, head, _inverse.Data);
                }
            _kernels.Rotate(qkv, s.Heads + s.KeyValueHeads, _rotary!, _positions.AsSpan(0, x.Rows), back: false);
            foreach (CacheRun run in runs)
                for (int i = 0; i < run.Rows; i++)
                {
                    float* keys = qkv.Row(run.Row + i) + s.QueryWidth;
                    run.Cache.Put(l, run.Cache.Count + i, keys, keys + s.KeyWidth);
                }
            var attend = new AttendWork { Path = _path, Runs = _runs, Layer = l, Shape = _attention[l], Qkv = qkv, Y = mixed };
            _pool.Run(ref attend, runs.Length * s.KeyValueHeads);
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
        foreach (CacheRun run in runs)
            run.Cache.Count += run.Rows;
    }

    public void Dispose()
    {
        _adapters.Dispose();
        _arena.Dispose();
        _rotary?.Dispose();
    }

    /// <summary>One run and one key and value head.</summary>
    struct AttendWork : IWork
    {
        public InstructionPath Path;
        public CacheRun[] Runs;
        public int Layer;
        public AttentionShape Shape;
        public Matrix Qkv, Y;

        public readonly void Do(int piece)
        {
            CacheRun run = Runs[piece / Shape.KeyValueHeads];
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
