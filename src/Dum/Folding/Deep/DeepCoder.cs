using Dum.Coding;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Folding.Deep;

/// <summary>
/// Codes hyperwords with a language model: many lanes of one block in step, so that the model reads its weights once for
/// all of them, into one stream. The lanes share what they learn. Not thread-safe; the bits do not depend on the number
/// of threads.
/// </summary>
sealed class DeepCoder : IDisposable
{
    /// <summary>Changes whenever the same model would code to other bits.</summary>
    public const int Profile = 1;

    /// <summary>Mixing left out: the model alone, for measuring.</summary>
    internal bool Alone { get; init; }

    readonly LanguageSession _session;
    readonly SymbolTree _tree;
    readonly HyperwordModel _statistics;
    readonly GuidedState _guided = new();
    readonly int _start;
    readonly List<LeafDistribution> _distributions = [];
    readonly List<int> _sequences = [];

    public DeepCoder(LanguageModel model, int threads)
    {
        CoderPrior prior = model.Lexicon!.Prior;
        (_session, _tree) = (model.NewSession(threads), prior.Tree);
        _statistics = new HyperwordModel(prior, 20, 20);
        _start = model.Vocabulary > _tree.Count ? _tree.Count : 0;
    }

    public double ModelBits { get; private set; }
    public double StatisticsBits { get; private set; }
    public int Window => _session.Context;

    /// <summary>Codes ids.</summary>
    public byte[] Encode(ReadOnlySpan<int> ids, DeepShape shape, Action<int>? progress = null, CancellationToken cancel = default)
    {
        int[] copy = ids.ToArray();
        var writer = new BitWriter { Coder = new BinaryEncoder((ids.Length * 2) + 64) };
        var guided = new GuidedCoder<BitWriter>(writer, _guided, _tree);
        Run(ref guided, copy, shape, progress, cancel);
        StatisticsBits = guided.StatisticsBits / 65536.0;
        return guided.Inner.Coder.Finish();
    }

    /// <summary>Decodes into ids.</summary>
    public bool Decode(ReadOnlySpan<byte> coded, int[] ids, DeepShape shape, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var guided = new GuidedCoder<BitReader>(new BitReader { Coder = new BinaryDecoder(coded) }, _guided, _tree);
        return Run(ref guided, ids, shape, progress, cancel);
    }

    bool Run<TCoder>(ref GuidedCoder<TCoder> coder, int[] ids, DeepShape shape, Action<int>? progress, CancellationToken cancel) where TCoder : IBitCoder, allows ref struct
    {
        int n = ids.Length, length = (n + shape.Lanes - 1) / shape.Lanes, count = (n + length - 1) / length;
        _statistics.Reset(n);
        _guided.Reset();
        ModelBits = 0;
        while (_distributions.Count < count)
            _distributions.Add(new LeafDistribution(_tree));
        var lanes = new TextLane[count];
        var tokens = new int[count];
        for (int l = 0; l < count; l++)
            (lanes[l], tokens[l]) = (TextLane.At(l * length), _start);
        try
        {
            for (int l = 0; l < count; l++)
                _sequences.Add(_session.Open(shape.Window));
            for (int t = 0; t < length; t++)
            {
                cancel.ThrowIfCancellationRequested();
                int active = ((count - 1) * length) + t < n ? count : count - 1;
                if (_session.Count(_sequences[0]) == shape.Window)
                    Renew(ids, lanes, active, shape.Keep);
                _session.Step(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sequences)[..active], tokens.AsSpan(0, active));
                var take = new Take { Session = _session, Distributions = _distributions };
                _session.Pool.Run(ref take, active);
                for (int l = 0; l < active; l++)
                {
                    ref int id = ref ids[lanes[l].Next];
                    coder.Begin(_distributions[l]);
                    if (Alone)
                        id = CodeAlone(ref coder.Inner, _distributions[l], ref lanes[l], id);
                    else
                        id = _statistics.Code(ref coder, ref lanes[l], id);
                    ModelBits += _distributions[l].Bits(_tree.PositionOf(id));
                    tokens[l] = id;
                }
                progress?.Invoke(t * count);
            }
        }
        finally
        {
            foreach (int sequence in _sequences)
                _session.Close(sequence);
            _sequences.Clear();
        }
        return true;
    }

    int CodeAlone<TCoder>(ref TCoder coder, LeafDistribution model, ref TextLane lane, int id) where TCoder : IBitCoder, allows ref struct
    {
        int target = _tree.PositionOf(id), node = 0, lo = 0, hi = _tree.Count;
        while (hi - lo > 1)
        {
            int middle = _tree.Middle[node];
            if (coder.Code(target >= middle ? 1 : 0, model.Probability(lo, middle, hi)) != 0)
                (node, lo) = (node + middle - lo, middle);
            else
                (node, hi) = (node + 1, middle);
        }
        lane.Next++;
        return _tree.IdAt(lo);
    }

    /// <summary>Begins all sequences anew with the end of what they held.</summary>
    void Renew(int[] ids, TextLane[] lanes, int active, int keep)
    {
        for (int l = 0; l < active; l++)
        {
            _session.Close(_sequences[l]);
            _sequences[l] = _session.Open(_session.Context);
            // The last one follows with the step.
            _session.Append(_sequences[l], ids.AsSpan(lanes[l].Next - keep, keep - 1));
        }
    }

    public void Dispose() => _session.Dispose();

    struct Take : IWork
    {
        public LanguageSession Session;
        public List<LeafDistribution> Distributions;

        public readonly void Do(int piece) => Distributions[piece].Set(Session.Logits(piece));
    }

    struct BitWriter : IBitCoder
    {
        public BinaryEncoder Coder;

        public int Code(int bit, int probability)
        {
            Coder.Encode(bit, probability);
            return bit;
        }
    }

    ref struct BitReader : IBitCoder
    {
        public BinaryDecoder Coder;

        public int Code(int bit, int probability) => Coder.Decode(probability);
    }
}

/// <summary>How a block is spread over lanes.</summary>
/// <param name="Lanes">Runs side by side, at least 1.</param>
/// <param name="Window">Hyperwords that the model sees at once.</param>
/// <param name="Keep">How many of them stay when a window is full.</param>
readonly record struct DeepShape(int Lanes, int Window, int Keep);
