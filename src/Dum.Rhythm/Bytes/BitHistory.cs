namespace Dum.Rhythm.Bytes;

/// <summary>
/// What a cell remembers of the bits that came there, in one byte: up to four bits exactly, then how many zeros and ones there
/// were, bounded, and the last bit. The rarer a contradiction, the less is kept of what it contradicts: of more than two
/// opposite bits a bit leaves 1 + ⌊log2 n⌋. The states are all that can be reached from the empty one, numbered as they are met.
/// </summary>
static class BitHistory
{
    // The most of the commoner bit that is counted beside 0, 1, 2 … of the rarer one.
    static readonly int[] s_most = [48, 20, 10, 6, 5];

    const int Exact = 4;

    // State × 2 + bit → state; state → last two bits; state → probability of a one, of 65536.
    static readonly byte[] s_next = new byte[512], s_last = new byte[256];
    static readonly ushort[] s_start = new ushort[256];

    /// <summary>State × 2 + bit → the state after that bit. State 0 is empty.</summary>
    public static byte[] Next => s_next;

    /// <summary>State → first guess at the probability of a one, of 65536.</summary>
    public static ushort[] Start => s_start;

    /// <summary>State → the last two bits; the last one twice where no more is kept.</summary>
    public static byte[] LastTwo => s_last;

    /// <summary>How many states there are.</summary>
    public static int States { get; } = Make();

    /// <param name="Zeros">How many, bounded.</param>
    /// <param name="Ones">How many, bounded.</param>
    /// <param name="Bits">The exact bits behind a leading one; or the last bit.</param>
    /// <param name="IsExact">Whether the bits are all that came.</param>
    readonly record struct State(int Zeros, int Ones, int Bits, bool IsExact)
    {
        public State After(int bit)
        {
            (int zeros, int ones) = (Zeros + 1 - bit, Ones + bit);
            if (IsExact && Zeros + Ones < Exact)
                return new State(zeros, ones, Bits << 1 | bit, true);
            (zeros, ones) = bit != 0 ? (Kept(Zeros), ones) : (zeros, Kept(Ones));
            if (zeros > ones)
                zeros = Math.Min(zeros, Most(ones));
            else
                ones = Math.Min(ones, Most(zeros));
            return new State(zeros, ones, bit, false);
        }

        static int Kept(int count) => count > 2 ? 1 + int.Log2(count) : count;

        static int Most(int rarer) => s_most[Math.Min(rarer, s_most.Length - 1)];
    }

    static int Make()
    {
        var states = new List<State> { new(0, 0, 1, true) };
        var numbers = new Dictionary<State, int> { [states[0]] = 0 };
        for (int s = 0; s < states.Count; s++)
        {
            State state = states[s];
            s_start[s] = (ushort)(((state.Ones * 10) + 4) * 65536 / (((state.Zeros + state.Ones) * 10) + 8));
            for (int bit = 0; bit < 2; bit++)
            {
                State after = state.After(bit);
                if (!numbers.TryGetValue(after, out int number))
                {
                    number = numbers[after] = states.Count;
                    states.Add(after);
                }
                s_last[number] = (byte)(after.IsExact ? after.Bits & 3 : bit * 3);
                s_next[(s * 2) + bit] = checked((byte)number);
            }
        }
        return states.Count;
    }
}
