using System.Runtime.CompilerServices;
using Dum.Numerics.Formats;

namespace Dum.Numerics.Kernels;

/// <summary>
/// A weight matrix W [outputs × inputs] in the one layout that serves training, prefill and decoding: panels of 16 outputs,
/// inputs in order inside a panel, so that a product reads it straight through. Outputs are padded with zeros to 16;
/// the integer formats pad inputs with zeros to groups of 32.
/// </summary>
/// <remarks>
/// F32, BF16: [panel][input][16]. Int8: [panel][group][8][16 outputs][4 inputs]. Int4: [panel][group][4][16][4], where a
/// byte holds inputs 4s+i (low nibble) and 4s+i+4 (high nibble) of the s-th pair, plus 8. Scales: [panel][group][16] halves.
/// </remarks>
sealed unsafe class PackedWeights : IDisposable
{
    public const int Group = 32;
    readonly NativeFloats? _own;
    readonly Block? _block;
    readonly long _scales;

    PackedWeights(WeightFormat format, int outputs, int inputs, Block? block)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        (Format, Outputs, Inputs, _block) = (format, outputs, inputs, block);
        Panels = (int)(((long)outputs + Matrix.Lane - 1) / Matrix.Lane);
        Groups = (int)(((long)inputs + Group - 1) / Group);
        PanelBytes = format switch
        {
            WeightFormat.F32 => inputs * 64L,
            WeightFormat.BF16 => inputs * 32L,
            WeightFormat.I8 => Groups * 512L,
            _ => Groups * 256L,
        };
        _scales = checked(PanelBytes * Panels);
        Bytes = checked(_scales + (format >= WeightFormat.I8 ? (long)Groups * 32 * Panels : 0));
        if (block is null)
            _own = new NativeFloats((Bytes + 3) / 4, "weights");
    }

    /// <summary>Weights in memory of their own, all zero.</summary>
    public static PackedWeights Allocate(WeightFormat format, int outputs, int inputs) => new(format, outputs, inputs, null);

    /// <summary>Float weights that are a block of an arena: what training changes is what the products read.</summary>
    public static PackedWeights Over(Block block, int outputs, int inputs) =>
        block.Floats == Floats(outputs, inputs) ? new(WeightFormat.F32, outputs, inputs, block)
            : throw new ArgumentException($"block {block.Name} holds {block.Floats} floats, {Floats(outputs, inputs)} are needed");

    /// <summary>Floats that F32 weights take.</summary>
    public static long Floats(int outputs, int inputs) => (long)Matrix.Padded(outputs) * inputs;

    public WeightFormat Format { get; }
    public int Outputs { get; }
    public int Inputs { get; }
    public int Panels { get; }
    public int Groups { get; }
    public long PanelBytes { get; }
    public long Bytes { get; }

    public byte* Data => _block is null ? (byte*)_own!.Data : (byte*)_block.Data;

    public byte* Panel(int panel) => Data + (panel * PanelBytes);

    /// <summary>Scales of a panel, as halves: [group][16].</summary>
    public ushort* Scales(int panel) => (ushort*)(Data + _scales) + ((long)panel * Groups * 16);

    /// <summary>Writes one row, rounding it to the format. Rows of one panel must not be written by two threads at once.</summary>
    public void SetRow(int row, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Inputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs);
        byte* panel = Panel(row / 16);
        int lane = row % 16;
        switch (Format)
        {
            case WeightFormat.F32:
                for (int i = 0; i < Inputs; i++)
                    ((float*)panel)[(i * 16) + lane] = values[i];
                break;
            case WeightFormat.BF16:
                for (int i = 0; i < Inputs; i++)
                    ((ushort*)panel)[(i * 16) + lane] = BFloat16.FromSingle(values[i]);
                break;
            default:
                SetGroups(row, values);
                break;
        }
    }

    /// <summary>The weights of a row as floats, after rounding.</summary>
    public void GetRow(int row, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, Inputs);
        GetPart(row, 0, values[..Inputs]);
    }

    /// <summary>Some neighbouring weights of a row as floats, after rounding.</summary>
    public void GetPart(int row, int first, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first, (uint)(Inputs - values.Length));
        byte* panel = Panel(row / 16);
        int lane = row % 16;
        for (int i = first; i < first + values.Length; i++)
            values[i - first] = Format switch
            {
                WeightFormat.F32 => ((float*)panel)[(i * 16) + lane],
                WeightFormat.BF16 => BFloat16.ToSingle(((ushort*)panel)[(i * 16) + lane]),
                _ => Float16.ToSingle(Scales(row / 16)[(i / Group * 16) + lane]) * GetQuantum(panel, lane, i),
            };
    }

    /// <summary>Takes 32 quantised inputs of a row as they are: how a file in the same format stays exact.</summary>
    /// <param name="row">The output.</param>
    /// <param name="group">Which 32 inputs.</param>
    /// <param name="scale">A half.</param>
    /// <param name="quanta">−127 … 127, or −8 … 7.</param>
    /// <exception cref="DumException">The scale is not finite, or a number lies outside its range: the kernels rely on both.</exception>
    public void SetGroup(int row, int group, ushort scale, ReadOnlySpan<sbyte> quanta)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)group, (uint)Groups);
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Format, (int)WeightFormat.I8);
        if ((scale & 0x7C00) == 0x7C00)
            throw new DumException(Tongue.Say(
                "a weight is not finite, or too large for a 16-bit scale", "вес бесконечен, не число или слишком велик для 16-битного масштаба"));
        (int low, int high) = Format == WeightFormat.I8 ? (-127, 127) : (-8, 7);
        foreach (sbyte quantum in quanta[..Group])
            if (quantum < low || quantum > high)
                throw new DumException(Tongue.Say(
                    $"a quantised weight of {quantum} lies outside {low} … {high}", $"квантованный вес {quantum} вне {low} … {high}"));
        byte* panel = Panel(row / 16);
        int lane = row % 16;
        Scales(row / 16)[(group * 16) + lane] = scale;
        for (int i = 0; i < Group; i++)
        {
            if (Format == WeightFormat.I8)
                panel[((long)group * 512) + (i / 4 * 64) + (lane * 4) + (i % 4)] = (byte)quanta[i];
            else
            {
                byte* at = panel + ((long)group * 256) + (i / 8 * 64) + (lane * 4) + (i % 4);
                int nibble = (quanta[i] + 8) & 15;
                *at = (byte)((i & 4) == 0 ? (*at & 0xF0) | nibble : (*at & 0x0F) | (nibble << 4));
            }
        }
    }

    public void Dispose() => _own?.Dispose();

    void SetGroups(int row, ReadOnlySpan<float> values)
    {
        Span<sbyte> quanta = stackalloc sbyte[Group];
        for (int group = 0; group < Groups; group++)
        {
            ReadOnlySpan<float> part = values[(group * Group)..Math.Min(Inputs, (group + 1) * Group)];
            ushort scale = Format == WeightFormat.I8 ? Quantise.Int8(part, quanta) : Quantise.Int4(part, quanta);
            SetGroup(row, group, scale, quanta);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int GetQuantum(byte* panel, int lane, int input)
    {
        int group = input / Group, i = input % Group;
        if (Format == WeightFormat.I8)
            return (sbyte)panel[((long)group * 512) + (i / 4 * 64) + (lane * 4) + (i % 4)];
        int pair = panel[((long)group * 256) + (i / 8 * 64) + (lane * 4) + (i % 4)];
        return ((i & 4) == 0 ? pair & 15 : pair >> 4) - 8;
    }
}
