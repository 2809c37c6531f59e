using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// What the rings say of each decision. Each finds its slots by its phase and says three logits: what came of its cell's history
/// wherever else that history stood; what came of probabilities like its cell's at that count and with those last two bits; and the
/// cell's probability itself.
/// </summary>
sealed class RingVoices
{
    /// <summary>Logits of each ring.</summary>
    public const int PerRing = 3;

    const int Histories = 256, Refined = 8 * 4 * 32;

    readonly int _rings, _orders;
    readonly ContourCells _cells;
    readonly int[] _place, _slot, _refinedAt;
    readonly uint[] _check;
    readonly uint[] _history, _refined;

    /// <param name="rings">How many.</param>
    /// <param name="orders">The first rings, whose spans grow: how many of them know a context tells how much is known.</param>
    /// <param name="bits">Memory of each: 2^bits cells of four bytes.</param>
    public RingVoices(int rings, int orders, int bits)
    {
        (_rings, _orders) = (rings, orders);
        _cells = new ContourCells(rings, bits);
        (_place, _slot, _refinedAt, _check) = (new int[rings], new int[rings], new int[rings], new uint[rings]);
        _history = [.. Enumerable.Range(0, rings * Histories).Select(i => AdaptiveCell.Fresh(BitHistory.Start[i % Histories]))];
        _refined = [.. Enumerable.Range(0, rings * Refined).Select(i => AdaptiveCell.Fresh(Logistic.Squash((((i & 31) * 2) + 1 - 32) * 2047 / 32)))];
    }

    /// <summary>New phases: slots for the high nibble.</summary>
    public void Begin(ReadOnlySpan<uint> phases)
    {
        // All memory is asked for before any is waited for.
        for (int r = 0; r < _rings; r++)
        {
            uint address = PhaseCode.Address(phases[r], r);
            _check[r] = address | 1;
            _place[r] = _cells.Place(r, address);
            _cells.Touch(_place[r]);
        }
        for (int r = 0; r < _rings; r++)
            _slot[r] = _cells.Find(_place[r], _check[r]);
    }

    /// <summary>Slots for the low nibble.</summary>
    /// <param name="partial">The high nibble behind a leading one.</param>
    public void Turn(int partial)
    {
        for (int r = 0; r < _rings; r++)
        {
            _place[r] = ContourCells.LowPlace(_place[r], partial & 15);
            _cells.Touch(_place[r]);
        }
        for (int r = 0; r < _rings; r++)
            _slot[r] = _cells.Find(_place[r], _check[r] + ((uint)partial * 0x2F4B2));
    }

    /// <summary>What all rings say of a decision.</summary>
    /// <param name="node">Cell of the slots, 1…15.</param>
    /// <param name="logits">Receives <see cref="PerRing"/> logits a ring.</param>
    /// <returns>How many of the rings of growing span know this context.</returns>
    public int Say(int node, Span<int> logits)
    {
        ref uint cell0 = ref Unsafe.Add(ref _cells.First, node);
        ref int slots = ref First(_slot), refinedAt = ref First(_refinedAt), to = ref MemoryMarshal.GetReference(logits);
        ref uint history = ref First(_history), refined = ref First(_refined);
        ref short stretch = ref First(Logistic.StretchTable);
        ref byte last = ref First(BitHistory.LastTwo);
        int known = 0;
        for (int r = 0; r < _rings; r++, to = ref Unsafe.Add(ref to, PerRing))
        {
            uint cell = Unsafe.Add(ref cell0, Unsafe.Add(ref slots, r));
            if (cell == 0)
            {
                Unsafe.Add(ref refinedAt, r) = -1;
                to = Unsafe.Add(ref to, 1) = Unsafe.Add(ref to, 2) = 0;
            }
            else
            {
                int count = ContourCells.Count(cell), level = count < 4 ? count - 1 : Math.Min(1 + BitOperations.Log2((uint)count), 7);
                int logit = Unsafe.Add(ref stretch, ContourCells.Probability(cell) >> 4);
                int at = (r * Refined) + (((level * 4) + Unsafe.Add(ref last, (int)(cell & 255))) * 32) + ((logit + 2048) >> 7);
                Unsafe.Add(ref refinedAt, r) = at;
                to = Unsafe.Add(ref stretch, AdaptiveCell.Probability(Unsafe.Add(ref history, (r * Histories) + (int)(cell & 255))) >> 4);
                Unsafe.Add(ref to, 1) = Unsafe.Add(ref stretch, AdaptiveCell.Probability(Unsafe.Add(ref refined, at)) >> 4);
                Unsafe.Add(ref to, 2) = logit;
                known += r < _orders ? 1 : 0;
            }
        }
        return known;
    }

    /// <summary>Learns the bit that came.</summary>
    public void Learn(int node, int bit)
    {
        ref uint cell0 = ref Unsafe.Add(ref _cells.First, node);
        ref int slots = ref First(_slot), refinedAt = ref First(_refinedAt), rates = ref AdaptiveCell.Rates, cellRates = ref ContourCells.Rates;
        ref uint history = ref First(_history), refined = ref First(_refined);
        ref byte next = ref First(BitHistory.Next);
        for (int r = 0; r < _rings; r++)
        {
            ref uint cell = ref Unsafe.Add(ref cell0, Unsafe.Add(ref slots, r));
            int at = Unsafe.Add(ref refinedAt, r);
            if (at >= 0)
            {
                AdaptiveCell.Learn(ref Unsafe.Add(ref refined, at), bit, ref rates);
                AdaptiveCell.Learn(ref Unsafe.Add(ref history, (r * Histories) + (int)(cell & 255)), bit, ref rates);
            }
            cell = ContourCells.Learned(cell, bit, ref cellRates, ref next);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref T First<T>(T[] array) => ref MemoryMarshal.GetArrayDataReference(array);
}
