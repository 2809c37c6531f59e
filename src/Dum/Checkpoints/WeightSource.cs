namespace Dum.Checkpoints;

/// <summary>Gives rows as singles, row by row.</summary>
/// <param name="firstRow">The first of them.</param>
/// <param name="rows">How many.</param>
/// <param name="to">rows × columns numbers.</param>
public delegate void RowReader(int firstRow, int rows, Span<float> to);

/// <summary>Gives one row as it is stored.</summary>
/// <param name="row">The row.</param>
public delegate ReadOnlySpan<byte> RowBytesReader(int row);

/// <summary>A tensor to be written: asked for row by row, so that a model never has to be in memory twice.</summary>
/// <param name="Spec">Canonical name and size; rows in the order of <see cref="ModelShape"/>.</param>
/// <param name="Read">Gives its rows.</param>
public sealed record WeightSource(TensorSpec Spec, RowReader Read)
{
    /// <summary>The format in which <see cref="RowBytes"/> gives rows; when a file is written in the same, they are copied as they are.</summary>
    public StoredFormat Format { get; init; }

    /// <summary>Gives a row as it is stored, where it is stored at all.</summary>
    public RowBytesReader? RowBytes { get; init; }

    /// <summary>A tensor of an open checkpoint.</summary>
    public static WeightSource From(StoredTensor tensor) =>
        new(new TensorSpec(tensor.Name, tensor.Rows, tensor.Columns, tensor.IsVector), tensor.ReadRows) { Format = tensor.Format, RowBytes = tensor.RowBytes };

    /// <summary>A tensor in memory, row by row.</summary>
    public static WeightSource From(TensorSpec spec, ReadOnlyMemory<float> weights) =>
        weights.Length == spec.Count
            ? new(spec, (first, rows, to) => weights.Span.Slice(first * spec.Columns, rows * spec.Columns).CopyTo(to))
            : throw new ArgumentException($"{spec.Name} has {spec.Count} weights, not {weights.Length}");

    /// <summary>The tensors of a model in the order of <see cref="TensorSpec.Of"/>; anything else among them is left out.</summary>
    /// <exception cref="ArgumentException">One is missing or of another size.</exception>
    internal static List<WeightSource> Ordered(ModelShape shape, IEnumerable<WeightSource> sources)
    {
        Dictionary<string, WeightSource> byName = sources.ToDictionary(source => source.Spec.Name);
        var ordered = new List<WeightSource>();
        foreach (TensorSpec spec in TensorSpec.Of(shape))
        {
            if (!byName.TryGetValue(spec.Name, out WeightSource? source) || source.Spec.Rows != spec.Rows || source.Spec.Columns != spec.Columns)
                throw new ArgumentException($"the model needs {spec.Name} of {spec.Rows} × {spec.Columns}");
            ordered.Add(source with { Spec = spec });
        }
        return ordered;
    }

    /// <summary>Writes rows in a format.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="format">One that <see cref="BlockEncoder"/> writes, whose blocks the rows fill.</param>
    /// <param name="rowAt">Which row comes at a place.</param>
    internal void WriteTo(Stream stream, StoredFormat format, Func<int, int> rowAt)
    {
        var bytes = new byte[checked((int)format.RowBytes(Spec.Columns))];
        var row = new float[Spec.Columns];
        for (int i = 0; i < Spec.Rows; i++)
        {
            if (format == Format && RowBytes is not null)
            {
                stream.Write(RowBytes(rowAt(i)));
                continue;
            }
            Read(rowAt(i), 1, row);
            BlockEncoder.Encode(format, row, bytes);
            stream.Write(bytes);
        }
    }
}
