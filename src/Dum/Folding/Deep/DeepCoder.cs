using System.Runtime.InteropServices;
using Dum.Coding;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Folding.Deep;

/// <summary>
/// Codes hyperwords with a language model. The text is cut into lanes that go forward in step, so that the model reads
/// its weights once for all of them; they share one stream and all that the statistics learn. Encoder and decoder make
/// the same steps. Not thread-safe; the bits do not depend on the number of threads.
/// </summary>
sealed class DeepCoder : IDisposable
{
    /// <summary>Changes whenever the same model would code to other bits.</summary>
    public const int Profile = 1;

    // Sizes of the statistics' tables, as powers of two: a group is larger than a block of the fast coder.
    const int MatchBits = 20, ContextBits = 20;

    readonly LanguageSession _session;
    readonly SymbolTree _tree;
    readonly HyperwordModel _statistics;
    readonly GuidedMixer _mixer = new();
    readonly List<LeafDistribution> _distributions = [];
    readonly List<int> _sequences = [];

    // What stands before a text: the id that ends documents, as in training.
    readonly int _start;

    /// <param name="session">Disposed with the coder.</param>
    /// <param name="prior">Of the model's lexicon.</param>
    public DeepCoder(LanguageSession session, CoderPrior prior)
    {
        (_session, _tree, _statistics) = (session, prior.Tree, new HyperwordModel(prior, MatchBits, ContextBits));
        _start = session.Vocabulary > _tree.Count ? _tree.Count : 0;
    }

    /// <summary>The model alone, without statistics: for measuring.</summary>
    internal bool Alone { get; init; }

    /// <summary>The longest window in hyperwords.</summary>
    public int Context => _session.Context;

    /// <summary>What the model alone, and the statistics alone, would have spent on the last encoding, in bits.</summary>
    public (double Model, double Statistics) Spent { get; private set; }

    /// <param name="ids">Entries of the lexicon, at least one.</param>
    /// <param name="shape">Goes with the result.</param>
    /// <param name="progress">Told how many hyperwords are done.</param>
    /// <param name="cancel">Stops within a step.</param>
    public byte[] Encode(ReadOnlySpan<int> ids, DeepShape shape, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var coder = new GuidedCoder<BitWriter>(new BitWriter((ids.Length * 2) + 64), _mixer, _tree);
        double model = Run(ref coder, ids.ToArray(), shape, progress, cancel);
        Spent = (model, coder.StatisticsCost / 65536.0);
        return coder.Inner.Coder.Finish();
    }

    /// <param name="coded">What <see cref="Encode"/> made.</param>
    /// <param name="ids">As many as were encoded; damaged bytes make other ids of them.</param>
    /// <param name="shape">As it was encoded.</param>
    /// <param name="progress">Told how many hyperwords are done.</param>
    /// <param name="cancel">Stops within a step.</param>
    public void Decode(ReadOnlySpan<byte> coded, int[] ids, DeepShape shape, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var coder = new GuidedCoder<BitReader>(new BitReader(coded), _mixer, _tree);
        Run(ref coder, ids, shape, progress, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <returns>Bits that the model alone would spend.</returns>
    double Run<TCoder>(ref GuidedCoder<TCoder> coder, int[] ids, DeepShape shape, Action<int>? progress, CancellationToken cancel) where TCoder : IBitCoder, allows ref struct
    {
        // All lanes are of one length, but for the last.
        int length = (ids.Length + shape.Lanes - 1) / shape.Lanes, count = (ids.Length + length - 1) / length;
        _statistics.Reset(ids.Length);
        _mixer.Reset();
        while (_distributions.Count < count)
            _distributions.Add(new LeafDistribution(_tree));
        var lanes = new TextLane[count];
        var before = new int[count];
        double bits = 0;
        try
        {
            for (int l = 0; l < count; l++)
            {
                (lanes[l], before[l]) = (TextLane.At(l * length), _start);
                _sequences.Add(_session.Open(Math.Min(shape.Window, length)));
            }
            for (int t = 0; t < length; t++)
            {
                cancel.ThrowIfCancellationRequested();
                int active = ((count - 1) * length) + t < ids.Length ? count : count - 1;
                if (_session.Count(_sequences[0]) == shape.Window)
                    Renew(ids, lanes.AsSpan(0, active), shape);
                _session.Step(CollectionsMarshal.AsSpan(_sequences)[..active], before.AsSpan(0, active));
                var take = new TakeLogits { Session = _session, Distributions = _distributions };
                _session.Pool.Run(ref take, active);
                for (int l = 0; l < active; l++)
                {
                    ref int id = ref ids[lanes[l].Next];
                    coder.Begin(_distributions[l]);
                    if (Alone)
                    {
                        id = coder.CodeAlone(id);
                        lanes[l].Next++;
                    }
                    else
                        id = _statistics.Code(ref coder, ref lanes[l], id);
                    bits += _distributions[l].Bits(_tree.PositionOf(id));
                    before[l] = id;
                }
                progress?.Invoke(Math.Min(t * count, ids.Length));
            }
        }
        finally
        {
            foreach (int sequence in _sequences)
                _session.Close(sequence);
            _sequences.Clear();
        }
        return bits;
    }

    /// <summary>Begins the sequences anew with the end of what they held; the last hyperword follows with the step.</summary>
    void Renew(int[] ids, ReadOnlySpan<TextLane> lanes, DeepShape shape)
    {
        for (int l = 0; l < lanes.Length; l++)
        {
            _session.Close(_sequences[l]);
            _sequences[l] = _session.Open(shape.Window);
            _session.Append(_sequences[l], ids.AsSpan(lanes[l].Next - shape.Keep, shape.Keep - 1));
        }
    }

    struct TakeLogits : IWork
    {
        public LanguageSession Session;
        public List<LeafDistribution> Distributions;

        public readonly void Do(int piece) => Distributions[piece].Set(Session.Logits(piece));
    }
}
