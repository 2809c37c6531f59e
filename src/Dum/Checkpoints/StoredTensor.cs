namespace Dum.Checkpoints;

/// <summary>
/// A tensor of an open <see cref="ModelFile"/>: rows of weights in the order that <see cref="ModelShape"/> promises,
/// whatever the order in the file. Thread-safe; lives as long as its file is open.
/// </summary>
public sealed class StoredTensor
{
    readonly MappedFile _file;
    readonly long _offset;
    readonly int _rowBytes, _headSize;

    // A vector whose elements had to be reordered; null for everything that is read where it lies.
    readonly byte[]? _own;

    /// <param name="spec">Name and size.</param>
    /// <param name="format">A format that can be read.</param>
    /// <param name="file">Where it lies.</param>
    /// <param name="offset">From the start of the file; all rows lie inside.</param>
    /// <param name="headSize">Channels of a head where the file pairs neighbours and the rows must be reordered, else 0.</param>
    internal StoredTensor(TensorSpec spec, StoredFormat format, MappedFile file, long offset, int headSize)
    {
        (Name, Rows, Columns, IsVector, Format) = (spec.Name, spec.Rows, spec.Columns, spec.IsVector, format);
        (_file, _offset, _headSize) = (file, offset, headSize);
        _rowBytes = checked((int)format.RowBytes(spec.Columns));
        if (headSize > 0 && spec.IsVector)
            (_own, _headSize) = (Reordered(), 0);
    }

    /// <summary>The canonical name.</summary>
    public string Name { get; }

    /// <summary>Outputs; 1 for a vector.</summary>
    public int Rows { get; }

    /// <summary>Weights of a row.</summary>
    public int Columns { get; }

    /// <summary>True for norms and biases.</summary>
    public bool IsVector { get; }

    /// <summary>How the numbers are stored.</summary>
    public StoredFormat Format { get; }

    /// <summary>Bytes in the file.</summary>
    public long ByteCount => (long)Rows * _rowBytes;

    /// <summary>True where the rows lie in the file in the order of <see cref="RowBytes"/>, so that <see cref="Bytes"/> is all of them.</summary>
    public bool IsInOrder => _headSize == 0;

    /// <summary>All rows as they are stored.</summary>
    /// <exception cref="InvalidOperationException">The rows are reordered (see <see cref="IsInOrder"/>) or take 2 GiB and more: ask for them one by one.</exception>
    public ReadOnlySpan<byte> Bytes => _own is not null ? _own
        : IsInOrder && ByteCount <= int.MaxValue ? _file.Slice(_offset, (int)ByteCount)
        : throw new InvalidOperationException($"{Name} cannot be had in one piece");

    /// <summary>Row <paramref name="row"/> as it is stored: blocks stay exact.</summary>
    public ReadOnlySpan<byte> RowBytes(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        if (_own is not null)
            return _own;
        long from = _headSize == 0 ? row : RotaryOrder.ToNeighbours(row, _headSize);
        return _file.Slice(_offset + from * _rowBytes, _rowBytes);
    }

    /// <summary>Rows as singles.</summary>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="to">At least rows × <see cref="Columns"/> numbers, row by row.</param>
    public void ReadRows(int firstRow, int rows, Span<float> to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, Rows - rows);
        for (int i = 0; i < rows; i++)
            BlockDecoder.Decode(Format, RowBytes(firstRow + i), to.Slice(checked(i * Columns), Columns));
    }

    byte[] Reordered()
    {
        int size = Format.Block().Bytes;
        ReadOnlySpan<byte> from = _file.Slice(_offset, _rowBytes);
        var to = new byte[_rowBytes];
        for (int i = 0; i < Columns; i++)
            from.Slice(RotaryOrder.ToNeighbours(i, _headSize) * size, size).CopyTo(to.AsSpan(i * size));
        return to;
    }

    /// <summary>True when no weight differs from zero.</summary>
    internal static bool IsZero(RawTensor tensor)
    {
        (int weights, _) = tensor.Format.Block();
        if (weights != 1)
            return false;
        for (long at = 0; at < tensor.Bytes; at += 1 << 20)
            if (tensor.File.Slice(tensor.Offset + at, (int)Math.Min(1 << 20, tensor.Bytes - at)).IndexOfAnyExcept((byte)0) >= 0)
                return false;
        return true;
    }
}
