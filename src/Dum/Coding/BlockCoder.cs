namespace Dum.Coding;

/// <summary>Codes a run of hyperwords to bytes and back, starting from the prior each time. One per thread; it keeps its tables between calls.</summary>
sealed class BlockCoder(CoderPrior prior)
{
    readonly HyperwordModel _model = new(prior);

    // How many hyperwords go by between two looks at whether to stop: some ten milliseconds.
    const int Patience = 4096;

    public byte[] Encode(ReadOnlySpan<int> ids, CancellationToken cancel = default)
    {
        _model.Reset(ids.Length);
        var writer = new BitWriter(ids.Length + 64);
        for (int i = 0; i < ids.Length; i++)
        {
            if (i % Patience == 0)
                cancel.ThrowIfCancellationRequested();
            _model.Code(ref writer, ids[i]);
        }
        return writer.Coder.Finish();
    }

    /// <param name="coded">What <see cref="Encode"/> made.</param>
    /// <param name="ids">As many ids as were encoded.</param>
    /// <param name="cancel">Looked at every now and then.</param>
    /// <returns>False when the bytes cannot be what was written; the ids are then meaningless.</returns>
    public bool Decode(ReadOnlySpan<byte> coded, Span<int> ids, CancellationToken cancel = default)
    {
        _model.Reset(ids.Length);
        var reader = new BitReader(coded);
        for (int i = 0; i < ids.Length; i++)
        {
            if (i % Patience == 0)
                cancel.ThrowIfCancellationRequested();
            ids[i] = _model.Code(ref reader, 0);
            if (reader.Coder.Overran)
                return false;
        }
        return true;
    }
}
