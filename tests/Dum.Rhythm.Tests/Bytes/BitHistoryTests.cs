using Dum.Rhythm.Bytes;
using Xunit;

namespace Dum.Rhythm.Tests.Bytes;

/// <summary>What a cell remembers of its bits in one byte.</summary>
public class BitHistoryTests
{
    static int After(string bits) => bits.Aggregate(0, (state, bit) => BitHistory.Next[(state * 2) + (bit - '0')]);

    [Fact]
    public void The_first_four_bits_are_kept_exactly()
    {
        string[] all = [.. Enumerable.Range(0, 5).SelectMany(n => Enumerable.Range(0, 1 << n).Select(b => n == 0 ? "" : Convert.ToString(b, 2).PadLeft(n, '0')))];
        Assert.Equal(31, all.Select(After).Distinct().Count());
        Assert.InRange(BitHistory.States, 32, 256);
    }

    [Fact]
    public void Zeros_and_ones_are_treated_alike()
    {
        foreach (string bits in (string[])["0", "0010", "000000001", "01010101", "0000000000000001101"])
        {
            string other = string.Concat(bits.Select(b => b == '0' ? '1' : '0'));
            Assert.InRange(BitHistory.Start[After(bits)] + BitHistory.Start[After(other)], 65534, 65536);
        }
    }

    [Fact]
    public void More_of_the_same_is_surer_until_counts_end_and_a_contradiction_weighs_more_than_one_in_as_many()
    {
        int before = BitHistory.Start[After("")], state = 0;
        for (int i = 0; i < 48; i++)
        {
            state = BitHistory.Next[(state * 2) + 1];
            Assert.True(BitHistory.Start[state] > before, $"{i}");
            before = BitHistory.Start[state];
        }
        Assert.Equal(state, BitHistory.Next[(state * 2) + 1]);
        int contradicted = BitHistory.Next[state * 2];
        Assert.True(BitHistory.Start[contradicted] < 65536 * 47 / 49);
        Assert.Equal(0, BitHistory.LastTwo[contradicted] & 1);
    }

    [Fact]
    public void The_last_bit_is_known_in_every_state_but_the_empty_one()
    {
        for (int state = 0; state < BitHistory.States; state++)
            for (int bit = 0; bit < 2; bit++)
                Assert.Equal(bit, BitHistory.LastTwo[BitHistory.Next[(state * 2) + bit]] & 1);
    }
}
