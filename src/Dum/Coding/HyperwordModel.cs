using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>One binary decision, either way: an encoder writes the bit it is given, a decoder ignores it and finds its own.</summary>
interface IBitCoder
{
    /// <param name="bit">0 or 1.</param>
    /// <param name="probability">That the bit is 1, of 65536.</param>
    /// <param name="logits">What the probability was mixed from.</param>
    /// <param name="kind">Which kinds of evidence there are, in 0…63.</param>
    /// <returns>The bit.</returns>
    int Code(int bit, int probability, Vector256<int> logits, int kind);
}

/// <summary>
/// Predicts the next hyperword of a block, decision by decision down the <see cref="SymbolTree"/>, by mixing in the
/// logistic domain (Mahoney's PAQ): what followed the last one, two and three hyperwords in the training text
/// (<see cref="NgramTable"/>), what followed them in this block (<see cref="RecentTable"/>), how often each branch is
/// taken at all, and the longest repetition found. Whole numbers only: the same bits on every machine.
/// </summary>
sealed class HyperwordModel
{
    const int Orders = CoderPrior.Orders;
    const int BranchRate = 5, MapRate = 7, MixRate = 6;

    /// <summary>Evidence for one decision from one list of the training statistics: entries [From, Cut) and [Cut, To).</summary>
    struct Evidence
    {
        public int From, Cut, To;
    }

    readonly CoderPrior _prior;
    readonly SymbolTree _tree;
    readonly NgramTable _table1, _table2, _table3;
    readonly RecentTable _recent1, _recent2, _recent3;
    readonly ModelState _state;

    // What followed the last two hyperwords when they last stood somewhere; 0 = nowhere.
    readonly int[] _seen;
    readonly int _matchShift, _mostContextBits;

    // The block's hyperwords at their places, lane after lane; -1 where none is known yet.
    int[] _history = [];
    TextLane _whole;

    /// <param name="prior">What is known before the first hyperword.</param>
    /// <param name="matchBits">Size of the table of repetitions, as a power of two; part of the format.</param>
    /// <param name="mostContextBits">The most that the tables of contexts may grow to, as a power of two; part of the format.</param>
    public HyperwordModel(CoderPrior prior, int matchBits = 17, int mostContextBits = 18)
    {
        (_seen, _matchShift, _mostContextBits) = (new int[1 << matchBits], 32 - matchBits, mostContextBits);
        (_prior, _tree, _state) = (prior, prior.Tree, prior.State.Copy());
        (_table1, _table2, _table3) = (prior.Tables[0], prior.Tables[1], prior.Tables[2]);
        (_recent1, _recent2, _recent3) = (new RecentTable(), new RecentTable(), new RecentTable());
    }

    /// <summary>The learned state, for tuning.</summary>
    public ModelState State => _state;

    /// <summary>Forgets everything since the prior, ready for a block of at most <paramref name="capacity"/> hyperwords.</summary>
    /// <param name="capacity">Part of the format: the size of the tables follows from it.</param>
    /// <param name="keepTuning">Keeps maps and weights as they are (while tuning them).</param>
    public void Reset(int capacity, bool keepTuning = false)
    {
        if (!keepTuning)
            _state.CopyFrom(_prior.State);
        else
            _prior.State.Branch.CopyTo(_state.Branch, 0);
        // One more: what a repetition runs into at the end of the block.
        if (_history.Length <= capacity)
            _history = new int[capacity + 1];
        Array.Fill(_history, -1, 0, capacity + 1);
        int bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(capacity, 1)) + 2, 8, _mostContextBits);
        _recent1.Reset(bits);
        _recent2.Reset(bits);
        _recent3.Reset(bits);
        Array.Clear(_seen);
        _whole = default;
    }

    /// <summary>Codes the next hyperword of a block that is one run.</summary>
    /// <param name="coder">Where the decisions go to or come from.</param>
    /// <param name="id">The hyperword when encoding; any id when decoding.</param>
    /// <returns>The hyperword.</returns>
    public int Code<TCoder>(ref TCoder coder, int id) where TCoder : IBitCoder, allows ref struct => Code(ref coder, ref _whole, id);

    /// <summary>Codes the next hyperword of one of several runs that are coded side by side and learn from each other.</summary>
    /// <param name="coder">Where the decisions go to or come from.</param>
    /// <param name="lane">The run; moves on by one.</param>
    /// <param name="id">The hyperword when encoding; any id when decoding.</param>
    /// <returns>The hyperword.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Code<TCoder>(ref TCoder coder, ref TextLane lane, int id) where TCoder : IBitCoder, allows ref struct
    {
        int at = lane.Next, count = at - lane.First;
        int last = count > 0 ? _history[at - 1] : 0, before = count > 1 ? _history[at - 2] : 0, third = count > 2 ? _history[at - 3] : 0;
        uint key1 = NgramTable.Key(1, last, 0, 0), key2 = NgramTable.Key(2, last, before, 0), key3 = NgramTable.Key(3, last, before, third);
        FindMatch(ref lane, key2, last);
        Evidence e1 = default, e2 = default, e3 = default;
        _table1.Find(key1, out e1.From, out e1.To);
        _table2.Find(key2, out e2.From, out e2.To);
        _table3.Find(key3, out e3.From, out e3.To);
        int slot1 = _recent1.Find(key1, out bool known1), slot2 = _recent2.Find(key2, out bool known2), slot3 = _recent3.Find(key3, out bool known3);
        int expected = lane.MatchLength > 0 ? _tree.PositionOf(_history[lane.MatchFrom]) : -1, matchCell = MatchCell(lane.MatchLength);

        ref ushort middles = ref MemoryMarshal.GetReference(_tree.Middle);
        ref ushort branches = ref MemoryMarshal.GetArrayDataReference(_state.Branch);
        ref ushort map = ref MemoryMarshal.GetArrayDataReference(_state.Map);
        ref ushort match = ref MemoryMarshal.GetArrayDataReference(_state.Match);
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_state.Weights);
        // Taken out of their classes once: inside the loop each look would check that the class is initialised.
        ref short stretch = ref MemoryMarshal.GetArrayDataReference(Logistic.StretchTable);
        ref ushort squash = ref MemoryMarshal.GetArrayDataReference(Logistic.SquashTable);
        ref byte levels = ref MemoryMarshal.GetArrayDataReference(EvidenceLevel.SmallTable);
        int target = _tree.PositionOf(id), node = 0, lo = 0, hi = _tree.Count;
        int depthWeights = ModelState.Contexts * ModelState.Inputs, deepest = depthWeights + (ModelState.Depths - 1) * ModelState.Inputs;
        while (hi - lo > 1)
        {
            int middle = Unsafe.Add(ref middles, node);
            ref ushort branch = ref Unsafe.Add(ref branches, node);
            // Without evidence a cell is -1 and its logit 0.
            int cell1 = Weigh(ref levels, _table1, ref e1, middle, 0), cell2 = Weigh(ref levels, _table2, ref e2, middle, 1), cell3 = Weigh(ref levels, _table3, ref e3, middle, 2);
            int near1 = known1 ? Weigh(ref levels, _recent1, slot1, lo, middle, hi, 0, ref known1) : -1;
            int near2 = known2 ? Weigh(ref levels, _recent2, slot2, lo, middle, hi, 1, ref known2) : -1;
            int near3 = known3 ? Weigh(ref levels, _recent3, slot3, lo, middle, hi, 2, ref known3) : -1;
            int repeat = expected < 0 ? -1 : matchCell + (expected >= middle ? 1 : 0);
            var logits = Vector256.Create(Unsafe.Add(ref stretch, branch >> 4), Logit(ref stretch, ref map, cell1), Logit(ref stretch, ref map, cell2), Logit(ref stretch, ref map, cell3),
                Logit(ref stretch, ref map, near1), Logit(ref stretch, ref map, near2), Logit(ref stretch, ref map, near3), Logit(ref stretch, ref match, repeat));
            int known = cell3 >= 0 ? 3 : cell2 >= 0 ? 2 : cell1 >= 0 ? 1 : 0, recent = near3 >= 0 ? 3 : near2 >= 0 ? 2 : near1 >= 0 ? 1 : 0;
            int repeated = repeat < 0 ? 0 : repeat < 8 ? 1 : repeat < 16 ? 2 : 3;
            int kind = (repeated * 4 + known) * 4 + recent, context = kind * ModelState.Inputs;
            int probability = Unsafe.Add(ref squash, Math.Clamp(Mixer.Dot(logits, ref weights, context, depthWeights), -Logistic.Limit, Logistic.Limit) + 2048);

            int bit = coder.Code(target >= middle ? 1 : 0, probability, logits, kind);

            Mixer.Learn(logits, ref weights, context, depthWeights, ((bit << 16) - probability) * MixRate >> 4);
            int full = -bit & 65535;
            branch = (ushort)(branch + ((full - branch) >> BranchRate));
            Learn(ref map, cell1, full);
            Learn(ref map, cell2, full);
            Learn(ref map, cell3, full);
            Learn(ref map, near1, full);
            Learn(ref map, near2, full);
            Learn(ref map, near3, full);
            Learn(ref match, repeat, full);
            if (bit != 0)
            {
                (e1.From, e2.From, e3.From) = (e1.Cut, e2.Cut, e3.Cut);
                (node, lo) = (node + middle - lo, middle);
                expected = expected >= middle ? expected : -1;
            }
            else
            {
                (e1.To, e2.To, e3.To) = (e1.Cut, e2.Cut, e3.Cut);
                (node, hi) = (node + 1, middle);
                expected = expected < middle ? expected : -1;
            }
            depthWeights = Math.Min(depthWeights + ModelState.Inputs, deepest);
        }
        id = _tree.IdAt(lo);
        _recent1.Update(slot1, key1, lo);
        _recent2.Update(slot2, key2, lo);
        _recent3.Update(slot3, key3, lo);
        _history[lane.Next++] = id;
        return id;
    }

    /// <summary>Follows the repetition if it held, else looks where the last two hyperwords stood before, in any lane.</summary>
    void FindMatch(ref TextLane lane, uint key2, int last)
    {
        int at = lane.Next, count = at - lane.First;
        if (lane.MatchLength > 0 && _history[lane.MatchFrom] == last)
            (lane.MatchFrom, lane.MatchLength) = (lane.MatchFrom + 1, lane.MatchLength + 1);
        else
            lane.MatchLength = 0;
        if (count < 2)
            return;
        ref int seen = ref _seen[key2 >> _matchShift];
        if (lane.MatchLength == 0 && seen > 0)
        {
            int length = 0;
            while (length < 32 && length < seen && length < count && _history[seen - 1 - length] == _history[at - 1 - length])
                length++;
            if (length >= 2)
                (lane.MatchFrom, lane.MatchLength) = (seen, length);
        }
        // It has run into what another lane has yet to code.
        if (lane.MatchLength > 0 && _history[lane.MatchFrom] < 0)
            lane.MatchLength = 0;
        seen = at;
    }

    /// <summary>Two cells per length: 1 … 7 one by one, then by octave.</summary>
    static int MatchCell(int length) => 2 * (length < 8 ? length : Math.Min(5 + BitOperations.Log2((uint)length), 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Weigh(ref byte levels, NgramTable table, ref Evidence e, int middle, int order)
    {
        int size = e.To - e.From;
        if (size <= 0)
            return -1;
        e.Cut = table.Divide(e.From, e.To, middle);
        int left = EvidenceLevel.Of(ref levels, table.WeightOf(e.From, e.Cut)), right = EvidenceLevel.Of(ref levels, table.WeightOf(e.Cut, e.To));
        int spread = size >= 8 ? 3 : BitOperations.Log2((uint)size);
        return (order * ModelState.Spreads + spread) * ModelState.MapCells + left * EvidenceLevel.Count + right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Weigh(ref byte levels, RecentTable table, int slot, int lo, int middle, int hi, int order, ref bool known)
    {
        table.Evidence(slot, lo, middle, hi, out uint left, out uint right);
        known = (left | right) != 0;
        return known ? (Orders * ModelState.Spreads + order) * ModelState.MapCells + EvidenceLevel.Of(ref levels, left) * EvidenceLevel.Count + EvidenceLevel.Of(ref levels, right) : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Logit(ref short stretch, ref ushort map, int cell) => cell < 0 ? 0 : Unsafe.Add(ref stretch, Unsafe.Add(ref map, cell) >> 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Learn(ref ushort map, int cell, int full)
    {
        if (cell < 0)
            return;
        ref ushort p = ref Unsafe.Add(ref map, cell);
        p = (ushort)(p + ((full - p) >> MapRate));
    }
}
