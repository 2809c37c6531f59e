using System.Runtime.CompilerServices;

namespace Dum.Sigma.Battery.Entropy;

/// <summary>6.3.7 of SP 800-90B: predicts the most common symbol of one of four windows, whichever has been right most often.</summary>
static class WindowPredictor
{
    static readonly int[] s_windows = [63, 255, 1023, 4095];

    /// <summary>As <see cref="Estimate"/>, for bits: a window has an odd number of them, so the more common one is known from their sum.</summary>
    /// <param name="bits">One a byte.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double? OfBits(ReadOnlySpan<byte> bits)
    {
        if (bits.Length < s_windows[^1] + 1)
            return null;
        Span<int> ones = stackalloc int[s_windows.Length];
        ones.Clear();
        var board = new Scoreboard();
        for (int i = 0; i < bits.Length; i++)
        {
            int next = bits[i];
            uint known = 0, right = 0;
            for (int w = 0; w < ones.Length; w++)
            {
                int gone = i - s_windows[w];
                if (gone >= 0)
                {
                    known |= 1u << w;
                    right |= (uint)(ones[w] > s_windows[w] / 2 ? next : 1 - next) << w;
                    ones[w] -= bits[gone];
                }
                ones[w] += next;
            }
            board.Step(known, right);
        }
        return MinEntropy.OfPredictor(board.Hits, bits.Length - s_windows[0], board.Longest, 2);
    }

    /// <summary>Bits a symbol; null for fewer than 4,096 symbols.</summary>
    public static double? Estimate(ReadOnlySpan<byte> data, int symbols)
    {
        if (data.Length < s_windows[^1] + 1)
            return null;
        int windows = s_windows.Length, winner = 0;
        int[] counts = new int[windows * symbols], places = new int[windows * symbols], most = new int[windows];
        byte[] frequent = new byte[windows];
        long[] score = new long[windows];
        long hits = 0, run = 0, longest = 0;
        for (int i = 0; i < s_windows[^1]; i++)
            for (int w = 0; w < windows && i < s_windows[^1]; w++)
            {
                if (i >= s_windows[w])
                    continue;
                int at = (w * symbols) + data[i];
                if (most[w] <= ++counts[at])
                    (most[w], frequent[w]) = (counts[at], data[i]);
                places[at] = i;
            }
        for (int i = s_windows[0]; i < data.Length; i++)
        {
            byte next = data[i];
            run = frequent[winner] == next ? run + 1 : 0;
            hits += run > 0 ? 1 : 0;
            longest = Math.Max(longest, run);
            for (int w = 0; w < windows && i >= s_windows[w]; w++)
                if (frequent[w] == next && ++score[w] >= score[winner])
                    winner = w;
            for (int w = 0; w < windows && i >= s_windows[w]; w++)
            {
                byte gone = data[i - s_windows[w]];
                int row = w * symbols;
                counts[row + gone]--;
                counts[row + next]++;
                places[row + next] = i;
                if (gone != frequent[w])
                {
                    if (most[w] <= counts[row + next])
                        (most[w], frequent[w]) = (counts[row + next], next);
                    continue;
                }
                most[w]--;
                int latest = i - s_windows[w];
                for (int s = 0; s < symbols; s++)
                    if (most[w] < counts[row + s] || (most[w] == counts[row + s] && latest <= places[row + s]))
                        (most[w], frequent[w], latest) = (counts[row + s], (byte)s, places[row + s]);
            }
        }
        return MinEntropy.OfPredictor(hits, data.Length - s_windows[0], longest, symbols);
    }
}
