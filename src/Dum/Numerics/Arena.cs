using System.Runtime.InteropServices;

namespace Dum.Numerics;

/// <summary>
/// One native allocation that many named blocks share. Blocks are declared first, memory comes once with
/// <see cref="Allocate"/>, so nothing is allocated while a plan runs and a block is only an offset.
/// </summary>
sealed unsafe class Arena(string name) : IDisposable
{
    const int Line = 64 / sizeof(float);
    readonly List<Block> _blocks = [];
    long _floats;
    NativeFloats? _memory;

    /// <summary>What the arena holds, for messages.</summary>
    public string Name => name;

    /// <summary>All blocks in the order of declaration, which is their order in memory.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Bytes of all blocks.</summary>
    public long Bytes => _floats * sizeof(float);

    internal float* Base => _memory is null ? throw new InvalidOperationException($"arena {name} has no memory yet") : _memory.Data;

    /// <summary>Declares a block of rows × columns floats; every row starts on a multiple of 16 floats.</summary>
    public Block Take(string block, int rows, int columns)
    {
        if (_memory is not null)
            throw new InvalidOperationException($"arena {name} is already allocated");
        var taken = new Block(this, block, _floats, rows, columns);
        _floats = checked(_floats + taken.Floats + Line - 1) / Line * Line;
        _blocks.Add(taken);
        return taken;
    }

    /// <summary>Gets the memory, all zero.</summary>
    /// <exception cref="DumException">There is not enough of it.</exception>
    public void Allocate() => _memory ??= new NativeFloats(_floats + (4 * Line), name);

    /// <summary>All blocks to zero.</summary>
    public void Clear() => NativeMemory.Clear(Base, (nuint)Bytes);

    /// <summary>The whole arena as one run of floats, at most 2³¹ of them.</summary>
    public Span<float> All => new(Base, checked((int)_floats));

    public void Dispose() => _memory?.Dispose();
}
