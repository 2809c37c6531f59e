using Dum.Coding;
using Dum.Rhythm.Rings;

namespace Dum.Rhythm.Learning;

/// <summary>
/// The gain of recursive least squares, which says along what weights move at a sample. Features are cut into blocks that
/// share one denominator but keep no covariance between each other: one block is exact at 1.5·F² multiplications per
/// sample, blocks of n cost 1.5·F·n. Nothing is allocated per sample.
/// </summary>
sealed class RlsGain
{
    readonly RlsBlock[] _blocks;
    readonly double[] _own, _direction;
    readonly int _block;

    /// <param name="features">F.</param>
    /// <param name="ridge">Penalty on the squared weights, above 0.</param>
    /// <param name="block">Features per block; 0 for one block of all.</param>
    public RlsGain(int features, double ridge, int block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        _block = block == 0 ? features : Math.Min(block, features);
        _blocks = [.. Enumerable.Range(0, (features + _block - 1) / _block).Select(b => new RlsBlock(Math.Min(_block, features - (b * _block)), ridge))];
        (_own, _direction) = (new double[_blocks.Length], new double[features]);
    }

    /// <summary>P·x of the last sample taken, F: divided by what <see cref="Take"/> returned it is the gain.</summary>
    public ReadOnlySpan<double> Direction => _direction;

    /// <summary>Takes a sample into the covariance.</summary>
    /// <param name="features">F finite numbers.</param>
    /// <param name="forgetting">λ in (0, 1].</param>
    /// <returns>λ plus the uncertainty of all blocks.</returns>
    public double Take(ReadOnlySpan<double> features, double forgetting)
    {
        double total = forgetting;
        if (_blocks is [RlsBlock whole])
            total = whole.Take(features, forgetting);
        else
        {
            for (int b = 0; b < _blocks.Length; b++)
                total += _own[b] = _blocks[b].Observe(features.Slice(b * _block, _blocks[b].Size));
            for (int b = 0; b < _blocks.Length; b++)
                _blocks[b].Update(Math.Max(total - _own[b], forgetting), forgetting);
        }
        for (int b = 0; b < _blocks.Length; b++)
            _blocks[b].Gain.CopyTo(_direction.AsSpan(b * _block));
        return total;
    }

    internal void Write(ByteWriter to)
    {
        foreach (RlsBlock block in _blocks)
        {
            to.Double(block.Trace);
            to.Doubles(block.Factor.Span);
            to.Doubles(block.Spread.Span);
        }
    }

    /// <summary>Restores a gain of the same shape.</summary>
    internal void Read(ref ByteReader from)
    {
        foreach (RlsBlock block in _blocks)
        {
            block.Trace = from.Double();
            foreach (Memory<double> part in (ReadOnlySpan<Memory<double>>)[block.Factor, block.Spread])
            {
                if (from.Count(8) != part.Length)
                    throw from.Damaged();
                from.Doubles(part.Span);
            }
        }
    }
}
