using System.Runtime.InteropServices;

namespace Dum.Numerics;

/// <summary>
/// Takes down where a program draws random numbers: addresses, no values, because a value is a function of its address. Of the
/// values only their sum is kept, so that whoever makes the draws again knows that they are the same. A draw that is used
/// twice is a collision. Not thread-safe.
/// </summary>
public sealed class DrawRecorder
{
    readonly Dictionary<(ulong Run, uint Domain, uint Layer, uint Step), List<DrawStretch>> _stretches = [];
    readonly List<DrawStretch> _collisions = [];

    /// <summary>All draws, in the order in which their runs, domains, layers and steps first came.</summary>
    public IEnumerable<DrawStretch> Stretches => _stretches.Values.SelectMany(s => s);

    /// <summary>Draws that were used again, one each time.</summary>
    public IReadOnlyList<DrawStretch> Collisions => _collisions;

    /// <summary>The sum of all draws, each a number of 128 bits with the first lane lowest, modulo 2¹²⁸.</summary>
    public UInt128 Sum { get; private set; }

    /// <summary>The number that a draw adds to <see cref="Sum"/>.</summary>
    public static UInt128 Number(ulong run, uint domain, uint layer, uint step, uint position)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(domain, layer, step, position, (uint)run, (uint)(run >> 32));
        return Number((a, b, c, d));
    }

    /// <summary>Notes a draw.</summary>
    internal void Note(ulong run, uint domain, uint layer, uint step, uint position, (uint A, uint B, uint C, uint D) block)
    {
        ref List<DrawStretch>? known = ref CollectionsMarshal.GetValueRefOrAddDefault(_stretches, (run, domain, layer, step), out _);
        known ??= [];
        var single = new DrawStretch(run, domain, layer, step, position, 1, 1);
        foreach (DrawStretch stretch in known)
            if (stretch.Holds(position))
            {
                // The order of windows is a keyed permutation: it asks for the same few draws for every row.
                if (domain != (uint)DrawDomain.Windows)
                    _collisions.Add(single);
                return;
            }
        Sum += Number(block);
        if (known is [.., { Count: 1 } first] && position > first.First)
            known[^1] = first with { Count = 2, Stride = position - first.First };
        else if (known is [.., { } last] && position == last.Next)
            known[^1] = last with { Count = last.Count + 1 };
        else
            known.Add(single);
    }

    static UInt128 Number((uint A, uint B, uint C, uint D) block) => new(((ulong)block.D << 32) | block.C, ((ulong)block.B << 32) | block.A);
}
