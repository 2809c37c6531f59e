namespace Dum.Checkpoints;

/// <summary>A tensor as its file lists it: checked to lie inside of the file, not yet given a meaning.</summary>
/// <param name="Name">The file's own name for it.</param>
/// <param name="Type">The file's own name of the number format.</param>
/// <param name="Format">The format, or <see cref="StoredFormat.Other"/>.</param>
/// <param name="Shape">Dimensions, the contiguous one last.</param>
/// <param name="File">Where it lies.</param>
/// <param name="Offset">From the start of the file, in bytes.</param>
/// <param name="Bytes">Its size.</param>
sealed record RawTensor(string Name, string Type, StoredFormat Format, long[] Shape, MappedFile File, long Offset, long Bytes)
{
    /// <summary>Complains about tensors that share bytes: no writer makes such a file.</summary>
    public static void CheckOverlaps(List<RawTensor> tensors, string file)
    {
        RawTensor? last = null;
        foreach (RawTensor tensor in tensors.Where(t => t.Bytes > 0).OrderBy(t => t.Offset))
        {
            if (last is not null && tensor.Offset < last.Offset + last.Bytes)
                throw Checkpoint.Broken(file, $"tensors '{Shown(last.Name)}' and '{Shown(tensor.Name)}' overlap", $"тензоры '{Shown(last.Name)}' и '{Shown(tensor.Name)}' перекрываются");
            last = tensor;
        }
    }

    /// <summary>A name from a file, fit for one line.</summary>
    public static string Shown(string name)
    {
        string text = name.Length > 100 ? name[..100] + "…" : name;
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
    }
}
