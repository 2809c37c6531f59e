using System.Globalization;
using System.Runtime.InteropServices;

namespace Dum.Sigma.Doctor;

/// <summary>Where in a run a row of a result belongs, whatever call it came in.</summary>
/// <param name="Sequence">Its number in the run.</param>
/// <param name="Position">Tokens before it in its sequence.</param>
public readonly record struct Place(int Sequence, int Position);

/// <summary>
/// The upper nodes of the tree of hashes: row → operation, row → sequence, both → root. A node is a sum over its rows, each
/// mixed with its place, so it does not depend on the order in which rows were computed: runs in other batches have the same
/// root if and only if they have the same bits.
/// </summary>
public sealed class HashTree
{
    readonly Dictionary<string, ulong> _operations = [];
    ulong[] _sequences = [];
    ulong _low, _high;

    /// <summary>Rows in all.</summary>
    public long Rows { get; private set; }

    /// <summary>32 hexadecimal digits for the whole run.</summary>
    public string Root => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");

    /// <summary>A node for every operation.</summary>
    public IReadOnlyDictionary<string, ulong> Operations => _operations;

    /// <summary>A node for every sequence, by its number.</summary>
    public IReadOnlyList<ulong> Sequences => _sequences;

    /// <summary>Adds the rows of one result.</summary>
    internal void Add(NamedOperation operation, ReadOnlySpan<Place> places, ReadOnlySpan<ulong> hashes)
    {
        ulong sum = 0;
        for (int r = 0; r < hashes.Length; r++)
        {
            ulong at = RowHash.Mix(operation.Key ^ ((ulong)(uint)places[r].Sequence << 32) ^ (uint)places[r].Position);
            ulong leaf = RowHash.Mix(hashes[r] ^ at);
            sum += leaf;
            _high += RowHash.Mix(leaf ^ 0xD1B54A32D192ED03);
            if (places[r].Sequence >= _sequences.Length)
                Array.Resize(ref _sequences, places[r].Sequence + 1);
            _sequences[places[r].Sequence] += leaf;
        }
        _low += sum;
        CollectionsMarshal.GetValueRefOrAddDefault(_operations, operation.Name, out _) += sum;
        Rows += hashes.Length;
    }
}
