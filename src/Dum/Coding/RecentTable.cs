using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// What followed each context of one order in the text coded so far: at most seven successors per context, each with a
/// weight that grows when it returns and fades when another comes. One context is 32 bytes: eight leaf positions
/// (the eighth is the context's check) and eight weights (the eighth stays 0).
/// </summary>
sealed class RecentTable
{
    public const int Lanes = 8;
    const int Check = 7;

    [StructLayout(LayoutKind.Sequential)]
    struct Context
    {
        public Vector128<ushort> Position, Weight;
    }

    Context[] _contexts = [];
    int _shift;

    // How a returning successor gains, a newcomer starts, and the others fade.
    const int Gain = 48, Start = 32, Most = 1000, FadeShift = 3;

    /// <summary>Empties the table and gives it 2^<paramref name="bits"/> contexts; when it is full, older ones are overwritten.</summary>
    public void Reset(int bits)
    {
        if (_contexts.Length == 1 << bits)
            Array.Clear(_contexts);
        else
            _contexts = new Context[1 << bits];
        _shift = 32 - bits;
    }

    /// <summary>Where a context lives; <paramref name="known"/> when it is there, otherwise the place is its to take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint key, out bool known)
    {
        int slot = (int)(key >> _shift);
        known = _contexts[slot].Position.GetElement(Check) == CheckOf(key);
        return slot;
    }

    /// <summary>Weights of the successors in [<paramref name="lo"/>, middle) and [middle, <paramref name="hi"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Evidence(int slot, int lo, int middle, int hi, out uint left, out uint right)
    {
        ref Context context = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_contexts), slot);
        Vector128<ushort> position = context.Position;
        Vector128<ushort> fromLo = Vector128.GreaterThanOrEqual(position, Vector128.Create((ushort)lo));
        Vector128<ushort> fromMiddle = Vector128.GreaterThanOrEqual(position, Vector128.Create((ushort)middle));
        Vector128<ushort> toHi = Vector128.LessThanOrEqual(position, Vector128.Create((ushort)(hi - 1)));
        left = Sum(context.Weight & fromLo & ~fromMiddle);
        right = Sum(context.Weight & fromMiddle & toHi);
    }

    // Eight weights of at most Most each: four partial sums fit 16 bits, and a multiplication adds them up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Sum(Vector128<ushort> weights)
    {
        Vector128<ulong> halves = weights.AsUInt64();
        return (uint)((halves.GetElement(0) + halves.GetElement(1)) * 0x0001_0001_0001_0001UL >> 48);
    }

    /// <summary>Notes that <paramref name="position"/> followed the context.</summary>
    public void Update(int slot, uint key, int position)
    {
        ref Context context = ref _contexts[slot];
        Span<ushort> positions = MemoryMarshal.CreateSpan(ref Unsafe.As<Vector128<ushort>, ushort>(ref context.Position), Lanes);
        Span<ushort> weights = MemoryMarshal.CreateSpan(ref Unsafe.As<Vector128<ushort>, ushort>(ref context.Weight), Lanes);
        if (positions[Check] != CheckOf(key))
        {
            positions.Clear();
            weights.Clear();
            positions[Check] = CheckOf(key);
        }
        int least = 0;
        for (int i = 0; i < Check; i++)
        {
            if (weights[i] != 0 && positions[i] == position)
            {
                int weight = weights[i];
                context.Weight -= context.Weight >>> FadeShift;
                weights[i] = (ushort)Math.Min(weight + Gain, Most);
                return;
            }
            if (weights[i] < weights[least])
                least = i;
        }
        context.Weight -= context.Weight >>> FadeShift;
        (positions[least], weights[least]) = ((ushort)position, Start);
    }

    // Never 0, so that an empty place is known by its check.
    static ushort CheckOf(uint key) => (ushort)(key | 1);
}
