namespace Dum.Sigma.Quantisation;

/// <summary>A matrix as the budget sees it.</summary>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="Loss">What it costs the model at 3 bits, in nats; falls fourfold with every bit.</param>
readonly record struct BudgetItem(int Rows, int Columns, double Loss);

/// <summary>Shares out bits among matrices.</summary>
static class BitBudget
{
    /// <summary>The fewest bits of a weight.</summary>
    public const int Least = 2;

    const int Most = 8;

    /// <summary>Bits for each, so that the sum of losses is small and codes take no more than <paramref name="budget"/> bits in all, or <see cref="Least"/> each where it is too small: always the step that saves most for a bit of storage (arXiv 1509.08971).</summary>
    public static int[] Share(IReadOnlyList<BudgetItem> items, double budget)
    {
        var given = new int[items.Count];
        Array.Fill(given, Least);
        double left = budget - items.Sum(i => Weights(i) * Least);
        while (true)
        {
            int best = -1;
            double most = 0;
            for (int i = 0; i < given.Length; i++)
            {
                double gain = Loss(items[i], given[i]) - Loss(items[i], given[i] + 1);
                if (given[i] < Most && Weights(items[i]) <= left && gain / Weights(items[i]) > most)
                    (best, most) = (i, gain / Weights(items[i]));
            }
            if (best < 0)
                return given;
            given[best]++;
            left -= Weights(items[best]);
        }
    }

    /// <summary>The loss of a matrix at a number of bits.</summary>
    public static double Loss(BudgetItem item, int bits) => Math.Max(item.Loss, 0) * Math.Pow(4, 3 - bits);

    static double Weights(BudgetItem item) => (double)item.Rows * item.Columns;
}
