using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Sigma.Doctor;

/// <summary>
/// The fingerprint of an operation's results: what rounding them to bfloat16 would take away. It says in which format numbers
/// were kept before they came here, even where every hash differs. Sums of integers, so it does not depend on any order.
/// </summary>
public sealed class ResidualPrint
{
    uint _used;
    long _sum;
    UInt128 _squares;

    /// <summary>Numbers looked at.</summary>
    public long Count { get; private set; }

    /// <summary>Those that bfloat16 holds exactly.</summary>
    public long Exact { get; private set; }

    /// <summary>Bits of the mantissa that are used at all: 23 for 32-bit floats, 7 where everything was rounded to bfloat16.</summary>
    public int MantissaBits => (_used & 0x7FFFFF) == 0 ? 0 : 23 - BitOperations.TrailingZeroCount(_used & 0x7FFFFF);

    /// <summary>The mean residual in cells of bfloat16, of magnitudes.</summary>
    public double Mean => Count == 0 ? 0 : _sum / 65536.0 / Count;

    /// <summary>The mean square of the residual in cells²: 1/12 where it is uniform.</summary>
    public double MeanSquare => Count == 0 ? 0 : (double)_squares / (65536.0 * 65536.0) / Count;

    /// <summary>Takes a row of fewer than 2¹⁶ numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(ReadOnlySpan<float> row)
    {
        ReadOnlySpan<int> all = MemoryMarshal.Cast<float, int>(row);
        Vector256<int> used = default, sums = default, exact = default;
        Vector256<long> squares = default;
        int i = 0;
        for (; i + Vector256<int>.Count <= all.Length; i += Vector256<int>.Count)
        {
            Vector256<int> bits = Vector256.Create(all[i..]), residual = Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(bits, 16), 16), square = residual * residual;
            used |= bits;
            sums += residual;
            squares += Vector256.WidenLower(square) + Vector256.WidenUpper(square);
            exact -= Vector256.Equals(residual, default);
        }
        uint usedHere = 0;
        for (int lane = 0; lane < Vector256<int>.Count; lane++)
            usedHere |= (uint)used.GetElement(lane);
        long sum = Vector256.Sum(Vector256.WidenLower(sums) + Vector256.WidenUpper(sums)), squareSum = Vector256.Sum(squares);
        int exactSum = Vector256.Sum(exact);
        for (; i < all.Length; i++)
        {
            int residual = (short)all[i];
            usedHere |= (uint)all[i];
            sum += residual;
            squareSum += (long)residual * residual;
            exactSum += residual == 0 ? 1 : 0;
        }
        _used |= usedHere;
        (_sum, _squares, Exact, Count) = (_sum + sum, _squares + (UInt128)squareSum, Exact + exactSum, Count + row.Length);
    }

    internal void Write(BinaryWriter to)
    {
        to.Write(_used);
        to.Write(_sum);
        to.Write((ulong)(_squares >> 64));
        to.Write((ulong)_squares);
        to.Write(Count);
        to.Write(Exact);
    }

    internal static ResidualPrint Read(BinaryReader from) => new()
    {
        _used = from.ReadUInt32(),
        _sum = from.ReadInt64(),
        _squares = new UInt128(from.ReadUInt64(), from.ReadUInt64()),
        Count = from.ReadInt64(),
        Exact = from.ReadInt64(),
    };
}
