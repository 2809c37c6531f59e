using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>One binary decision, either way: an encoder writes the bit it is given, a decoder finds it.</summary>
interface IBitCoder
{
    int Code(int bit, int probability);
}

/// <summary>
/// Predicts the next hyperword of a block, decision by decision down the <see cref="SymbolTree"/>, by mixing in the
/// logistic domain (Mahoney's PAQ): what followed the last one, two and three hyperwords in the training text
/// (<see cref="NgramTable"/>), what followed them in this block (<see cref="RecentTable"/>), how often each branch was
/// taken at all, and the longest repetition found. Whole numbers only: the same bits on every machine.
/// </summary>
sealed class HyperwordModel
{
    const int Inputs = 16;
    const int Orders = 3;
    const int StaticKinds = 4;
    const int MapCells = AdaptiveMap.Levels * AdaptiveMap.Levels;
    const int MatchLengths = 16;
    const int WeightSets = 4 * 4 * 4, DepthSets = 32;
    const int MatchBits = 18;

    readonly CoderPrior _prior;
    readonly SymbolTree _tree;

    // Branch statistics per node: two adaptation rates.
    readonly ushort[] _fast, _slow;

    // Learned reliability of counts: [static orders, then recent orders][evidence size][left level][right level].
    readonly ushort[] _maps;
    readonly ushort[] _matchMap;
    readonly int[] _weights, _depthWeights;
    readonly ushort[] _final;

    readonly RecentTable[] _recent = new RecentTable[Orders];
    readonly int[] _match = new int[1 << MatchBits];
    readonly int[] _history;
    int _count;

    // The state of one decision.
    readonly int[] _logits = new int[Inputs];
    readonly int[] _cell = new int[Inputs];
    readonly int[] _from = new int[StaticKinds], _to = new int[StaticKinds], _cut = new int[StaticKinds];
    readonly int[] _slot = new int[Orders];
    readonly bool[] _known = new bool[Orders];
    readonly uint[] _key = new uint[Orders];
    int _matchFrom, _matchLength;

    public double Cost;

    public HyperwordModel(CoderPrior prior, int capacity)
    {
        (_prior, _tree) = (prior, prior.Tree);
        _history = new int[capacity];
        int bits = Math.Clamp(System.Numerics.BitOperations.Log2((uint)Math.Max(capacity, 16)) + 1, 8, 20);
        for (int i = 0; i < Orders; i++)
            _recent[i] = new RecentTable(bits);
        _fast = prior.Branch.ToArray();
        _slow = prior.Branch.ToArray();
        _maps = prior.Maps.ToArray();
        _matchMap = prior.MatchMap.ToArray();
        _weights = prior.Weights.ToArray();
        _depthWeights = prior.DepthWeights.ToArray();
        _final = [];
    }

    public static int MapsLength => (StaticKinds * 4 + Orders) * MapCells;
    public static int WeightsLength => WeightSets * Inputs;
    public static int DepthWeightsLength => DepthSets * Inputs;
    public static int MatchMapLength => MatchLengths * 2;

    public ushort[] Maps => _maps;
    public ushort[] MatchMap => _matchMap;
    public int[] Weights => _weights;
    public int[] DepthWeights => _depthWeights;

    int Last(int back) => _count >= back ? _history[_count - back] : 0;

    /// <summary>Codes one hyperword.</summary>
    /// <param name="coder">Where the decisions go to or come from.</param>
    /// <param name="id">The hyperword when encoding; ignored when decoding.</param>
    /// <returns>The hyperword.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Code<TCoder>(ref TCoder coder, int id) where TCoder : struct, IBitCoder, allows ref struct
    {
        Begin();
        int target = id >= 0 ? _tree.PositionOf(id) : 0;
        int expected = _matchLength > 0 ? _tree.PositionOf(_history[_matchFrom]) : -1;
        int node = 0, lo = 0, hi = _tree.Count, depth = 0;
        ref ushort middles = ref MemoryMarshal.GetReference(_tree.Middle);
        while (hi - lo > 1)
        {
            int middle = Unsafe.Add(ref middles, node);
            int probability = Predict(node, depth, lo, middle, hi, expected, out int set);
            int bit = coder.Code(target >= middle ? 1 : 0, probability);
            Learn(bit, node, depth, set, probability);
            if (bit != 0)
            {
                for (int k = 0; k < StaticKinds; k++)
                    _from[k] = _cut[k];
                (node, lo) = (node + middle - lo, middle);
                if (expected < middle)
                    expected = -1;
            }
            else
            {
                for (int k = 0; k < StaticKinds; k++)
                    _to[k] = _cut[k];
                (node, hi) = (node + 1, middle);
                if (expected >= middle)
                    expected = -1;
            }
            depth++;
        }
        id = _tree.IdAt(lo);
        End(id, lo);
        return id;
    }

    void Begin()
    {
        int a = Last(1), b = Last(2), c = Last(3);
        uint k1 = NgramTable.Key(1, a, 0), k2 = NgramTable.Key(2, a, b), k3 = NgramTable.Key(3, a, b, c);
        (_key[0], _key[1], _key[2]) = (k1, k2, k3);
        ReadOnlySpan<uint> keys = [k1, k2, k3, NgramTable.Key(4, b, 0)];
        for (int k = 0; k < StaticKinds; k++)
            _prior.Tables[k].Find(keys[k], out _from[k], out _to[k]);
        for (int k = 0; k < Orders; k++)
            _slot[k] = _recent[k].Find(_key[k], out _known[k]);
        if (_matchLength > 0 && _history[_matchFrom] == a)
        {
            _matchLength = Math.Min(_matchLength + 1, 65535);
            _matchFrom++;
        }
        else
            _matchLength = 0;
        if (_count < 2)
            return;
        ref int seen = ref _match[k2 >> (32 - MatchBits)];
        if (_matchLength == 0 && seen > 0)
        {
            _matchFrom = seen;
            int length = 0;
            while (length < 32 && length < seen && _history[seen - 1 - length] == _history[_count - 1 - length])
                length++;
            _matchLength = length >= 2 ? length : 0;
        }
        seen = _count;
    }

    void End(int id, int position)
    {
        for (int k = 0; k < Orders; k++)
            _recent[k].Update(_slot[k], _key[k], position);
        _history[_count++] = id;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Predict(int node, int depth, int lo, int middle, int hi, int expected, out int set)
    {
        ref int logits = ref MemoryMarshal.GetArrayDataReference(_logits);
        ref int cells = ref MemoryMarshal.GetArrayDataReference(_cell);
        logits = 256;
        Unsafe.Add(ref logits, 1) = Logistic.Stretch(_fast[node]);
        Unsafe.Add(ref logits, 2) = Logistic.Stretch(_slow[node]);
        int known = 0;
        for (int k = 0; k < StaticKinds; k++)
        {
            int from = _from[k], to = _to[k], logit = 0, cell = -1;
            if (from < to)
            {
                NgramTable table = _prior.Tables[k];
                int cut = table.Divide(from, to, middle);
                _cut[k] = cut;
                uint left = table.WeightOf(from, cut), right = table.WeightOf(cut, to);
                int size = Math.Min(to - from, 8);
                int spread = size < 2 ? 0 : size < 4 ? 1 : size < 8 ? 2 : 3;
                cell = ((k * 4 + spread) * AdaptiveMap.Levels + AdaptiveMap.Level(left)) * AdaptiveMap.Levels + AdaptiveMap.Level(right);
                logit = Logistic.Stretch(_maps[cell]);
                if (k < 3)
                    known = k + 1;
            }
            else
                _cut[k] = from;
            Unsafe.Add(ref cells, 3 + k) = cell;
            Unsafe.Add(ref logits, 3 + k) = logit;
        }
        int recent = 0;
        for (int k = 0; k < Orders; k++)
        {
            int logit = 0, cell = -1;
            if (_known[k])
            {
                _recent[k].Evidence(_slot[k], lo, middle, hi, out int left, out int right);
                if ((left | right) != 0)
                {
                    cell = ((StaticKinds * 4 + k) * AdaptiveMap.Levels + AdaptiveMap.Level((uint)left)) * AdaptiveMap.Levels + AdaptiveMap.Level((uint)right);
                    logit = Logistic.Stretch(_maps[cell]);
                    recent = k + 1;
                }
            }
            Unsafe.Add(ref cells, 3 + StaticKinds + k) = cell;
            Unsafe.Add(ref logits, 3 + StaticKinds + k) = logit;
        }
        int matched = 0;
        if (expected >= 0)
        {
            int length = _matchLength < 8 ? _matchLength : Math.Min(8 + (System.Numerics.BitOperations.Log2((uint)_matchLength) - 3), MatchLengths - 1);
            int cell = length * 2 + (expected >= middle ? 1 : 0);
            Unsafe.Add(ref cells, 3 + StaticKinds + Orders) = cell;
            Unsafe.Add(ref logits, 3 + StaticKinds + Orders) = Logistic.Stretch(_matchMap[cell]);
            matched = length < 4 ? 1 : length < 9 ? 2 : 3;
        }
        else
        {
            Unsafe.Add(ref cells, 3 + StaticKinds + Orders) = -1;
            Unsafe.Add(ref logits, 3 + StaticKinds + Orders) = 0;
        }
        set = (matched * 4 + known) * 4 + recent;
        ref int w = ref _weights[set * Inputs];
        ref int d = ref _depthWeights[Math.Min(depth, DepthSets - 1) * Inputs];
        Vector256<int> sum = Vector256<int>.Zero;
        for (int i = 0; i < Inputs; i += Vector256<int>.Count)
        {
            Vector256<int> weight = Vector256.LoadUnsafe(ref w, (nuint)i) + Vector256.LoadUnsafe(ref d, (nuint)i);
            sum += (weight * Vector256.LoadUnsafe(ref logits, (nuint)i)) >> 8;
        }
        int logitOut = Vector256.Sum(sum) >> 8;
        return Logistic.Squash(logitOut);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Learn(int bit, int node, int depth, int set, int probability)
    {
        int full = bit * 65535;
        Cost -= Math.Log2((bit != 0 ? probability : 65536 - probability) / 65536.0);
        int error = ((bit << 16) - probability) * Rate >> 4;
        ref int logits = ref MemoryMarshal.GetArrayDataReference(_logits);
        ref int w = ref _weights[set * Inputs];
        ref int d = ref _depthWeights[Math.Min(depth, DepthSets - 1) * Inputs];
        Vector256<int> e = Vector256.Create(error), round = Vector256.Create(1 << 13);
        Vector256<int> most = Vector256.Create((1 << 18) - 1);
        for (int i = 0; i < Inputs; i += Vector256<int>.Count)
        {
            Vector256<int> step = (Vector256.LoadUnsafe(ref logits, (nuint)i) * e + round) >> 14;
            Vector256.Max(Vector256.Min(Vector256.LoadUnsafe(ref w, (nuint)i) + step, most), -most).StoreUnsafe(ref w, (nuint)i);
            Vector256.Max(Vector256.Min(Vector256.LoadUnsafe(ref d, (nuint)i) + step, most), -most).StoreUnsafe(ref d, (nuint)i);
        }
        ref ushort fast = ref _fast[node];
        fast = (ushort)(fast + ((full - fast) >> FastShift));
        ref ushort slow = ref _slow[node];
        slow = (ushort)(slow + ((full - slow) >> SlowShift));
        for (int k = 3; k < 3 + StaticKinds + Orders; k++)
        {
            int cell = _cell[k];
            if (cell >= 0)
            {
                ref ushort p = ref _maps[cell];
                p = (ushort)(p + ((full - p) >> MapShift));
            }
        }
        int match = _cell[3 + StaticKinds + Orders];
        if (match >= 0)
        {
            ref ushort p = ref _matchMap[match];
            p = (ushort)(p + ((full - p) >> MapShift));
        }
    }

    public static int Rate = 8, FastShift = 4, SlowShift = 7, MapShift = 7;
}
