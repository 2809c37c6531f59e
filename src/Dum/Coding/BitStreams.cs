using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>Decisions into bytes.</summary>
struct BitWriter(int capacity) : IBitCoder
{
    public BinaryEncoder Coder = new(capacity);

    /// <inheritdoc/>
    public int Code(int bit, int probability, Vector256<int> logits, int kind)
    {
        Coder.Encode(bit, probability);
        return bit;
    }
}

/// <summary>Bytes into decisions.</summary>
ref struct BitReader(ReadOnlySpan<byte> coded) : IBitCoder
{
    public BinaryDecoder Coder = new(coded);

    /// <inheritdoc/>
    public int Code(int bit, int probability, Vector256<int> logits, int kind) => Coder.Decode(probability);
}
