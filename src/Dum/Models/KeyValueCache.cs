using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>The keys and values of one sequence, in the panels that attention reads (<see cref="AttentionBlock"/>).</summary>
sealed unsafe class KeyValueCache : IDisposable
{
    readonly ModelShape _shape;
    readonly NativeFloats _memory;
    readonly int _heads, _size, _padded, _layers;
    readonly long _keyBytes, _valueBytes, _headBytes, _layerBytes;

    /// <param name="shape">Sizes.</param>
    /// <param name="capacity">Positions.</param>
    /// <param name="format">How numbers are kept.</param>
    public KeyValueCache(ModelShape shape, int capacity, CacheFormat format)
    {
        (_shape, Format) = (shape, format);
        Capacity = (capacity + 15) / 16 * 16;
        (_heads, _size, _padded, _layers) = (shape.KeyValueHeads, shape.HeadSize, Matrix.Padded(shape.HeadSize), shape.Layers);
        int element = format switch { CacheFormat.F32 => 4, CacheFormat.BF16 => 2, _ => 1 };
        _keyBytes = (long)Capacity * _size * element;
        _valueBytes = (long)Capacity * _padded * element;
        _headBytes = (_keyBytes + _valueBytes + (format == CacheFormat.I8 ? 8L * Capacity : 0) + 63) / 64 * 64;
        _layerBytes = _headBytes * _heads;
        _memory = new NativeFloats((_layerBytes * shape.Layers / 4) + 64, $"a cache of {capacity} positions");
    }

    public CacheFormat Format { get; }

    /// <summary>What all of it takes.</summary>
    public long Bytes => _layerBytes * _layers;

    /// <summary>Positions that fit.</summary>
    public int Capacity { get; }

    /// <summary>Positions that are there.</summary>
    public int Count { get; set; }

    /// <summary>The place in the text of the first of them: what lay before was dropped.</summary>
    public int First { get; private set; }

    public byte* Keys(int layer, int head) => (byte*)_memory.Data + (layer * _layerBytes) + (head * _headBytes);

    public byte* Values(int layer, int head) => Keys(layer, head) + _keyBytes;

    /// <summary>One scale per position; null but for bytes.</summary>
    public float* KeyScales(int layer, int head) => Format == CacheFormat.I8 ? (float*)(Values(layer, head) + _valueBytes) : null;

    public float* ValueScales(int layer, int head) => Format == CacheFormat.I8 ? KeyScales(layer, head) + Capacity : null;

    /// <summary>Stores all heads' keys and values of one position.</summary>
    public void Put(int layer, int position, float* keys, float* values)
    {
        for (int h = 0; h < _heads; h++, keys += _size, values += _size)
        {
            long key = ((long)(position / 16) * _size * 16) + (position % 16);
            byte* k = Keys(layer, h), v = Values(layer, h);
            switch (Format)
            {
                case CacheFormat.F32:
                    for (int i = 0; i < _size; i++)
                    {
                        ((float*)k)[key + (i * 16)] = keys[i];
                        ((float*)v)[Value(position, i)] = values[i];
                    }
                    break;
                case CacheFormat.BF16:
                    for (int i = 0; i < _size; i++)
                    {
                        ((ushort*)k)[key + (i * 16)] = BFloat16.FromSingle(keys[i]);
                        ((ushort*)v)[Value(position, i)] = BFloat16.FromSingle(values[i]);
                    }
                    break;
                default:
                    float keyScale = Largest(keys) / 127, valueScale = Largest(values) / 127;
                    KeyScales(layer, h)[position] = keyScale;
                    ValueScales(layer, h)[position] = valueScale;
                    for (int i = 0; i < _size; i++)
                    {
                        ((sbyte*)k)[key + (i * 16)] = Byte(keys[i], keyScale);
                        ((sbyte*)v)[Value(position, i)] = Byte(values[i], valueScale);
                    }
                    break;
            }
        }
    }

    /// <summary>
    /// Makes room for more positions by dropping those that no query will see again. Whole blocks of 32 go, so that what
    /// stays is summed in the same order as if all were there.
    /// </summary>
    /// <param name="rows">Positions to come.</param>
    /// <param name="window">Positions that a query sees, itself included.</param>
    public void Slide(int rows, int window)
    {
        if (Count + rows <= Capacity)
            return;
        int drop = Math.Max(0, Count - window + 1) / 32 * 32, keep = Count - drop;
        int element = Format switch { CacheFormat.F32 => 4, CacheFormat.BF16 => 2, _ => 1 };
        for (int l = 0; l < _layers; l++)
            for (int h = 0; h < _heads; h++)
            {
                long key = (long)_size * element, value = 16L * element;
                Move(Keys(l, h), drop * key, (long)(keep + 15) / 16 * 16 * key);
                for (int panel = 0; panel < _padded / 16; panel++)
                    Move(Values(l, h) + (panel * Capacity * value), drop * value, keep * value);
                if (Format != CacheFormat.I8)
                    continue;
                Move((byte*)KeyScales(l, h), drop * 4L, keep * 4L);
                Move((byte*)ValueScales(l, h), drop * 4L, keep * 4L);
            }
        (Count, First) = (keep, First + drop);

        static void Move(byte* at, long by, long bytes) => Buffer.MemoryCopy(at + by, at, bytes, bytes);
    }

    /// <summary>The same positions with room for more.</summary>
    /// <param name="capacity">Positions; more than now.</param>
    public KeyValueCache Grown(int capacity)
    {
        var grown = new KeyValueCache(_shape, capacity, Format) { Count = Count, First = First };
        int element = Format switch { CacheFormat.F32 => 4, CacheFormat.BF16 => 2, _ => 1 };
        for (int l = 0; l < _layers; l++)
            for (int h = 0; h < _heads; h++)
            {
                Copy(Keys(l, h), grown.Keys(l, h), _keyBytes);
                for (int panel = 0; panel < _padded / 16; panel++)
                    Copy(Values(l, h) + ((long)panel * Capacity * 16 * element), grown.Values(l, h) + ((long)panel * grown.Capacity * 16 * element), 16L * Capacity * element);
                if (Format != CacheFormat.I8)
                    continue;
                Copy((byte*)KeyScales(l, h), (byte*)grown.KeyScales(l, h), 4L * Capacity);
                Copy((byte*)ValueScales(l, h), (byte*)grown.ValueScales(l, h), 4L * Capacity);
            }
        return grown;

        static void Copy(byte* from, byte* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    public void Dispose() => _memory.Dispose();

    long Value(int position, int channel) => (((long)(channel / 16) * Capacity) + position) * 16 + (channel % 16);

    float Largest(float* x)
    {
        float largest = 0;
        for (int i = 0; i < _size; i++)
            largest = Math.Max(largest, Math.Abs(x[i]));
        return largest;
    }

    static sbyte Byte(float x, float scale) => scale > 0 ? (sbyte)Math.Clamp(MathF.Round(x / scale), -127, 127) : (sbyte)0;
}
