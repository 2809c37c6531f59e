using Dum.Checkpoints;
using Dum.Numerics;
using Dum.Numerics.Formats;
using Dum.Numerics.Kernels;

namespace Dum.Models;

/// <summary>The keys and values of one sequence, in the panels that attention reads (<see cref="AttentionBlock"/>).</summary>
sealed unsafe class KeyValueCache : IDisposable
{
    readonly NativeFloats _memory;
    readonly int _heads, _size, _padded, _layers;
    readonly long _keyBytes, _valueBytes, _headBytes, _layerBytes;

    /// <param name="shape">Sizes.</param>
    /// <param name="capacity">Positions.</param>
    /// <param name="format">How numbers are kept.</param>
    public KeyValueCache(ModelShape shape, int capacity, CacheFormat format)
    {
        Format = format;
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
