using Dum.Numerics.Kernels;
using Dum.Scenes;

namespace Dum.Models;

/// <summary>What a session keeps of one sequence: windows of encoder and decoder, one global position per complete scene, the open scene, the last context.</summary>
/// <param name="shape">The model.</param>
/// <param name="capacity">Hyperwords.</param>
/// <param name="stretch">Hyperwords that come at once at most.</param>
/// <param name="format">How keys and values are kept.</param>
sealed class SceneSequence(SceneShape shape, int capacity, int stretch, CacheFormat format) : IDisposable
{
    readonly float[] _open = new float[shape.FoldWidth], _context = new float[shape.ContextWidth];
    bool _hasContext;

    /// <summary>Where the open scene stands.</summary>
    public SceneSplitter.Cursor Cursor;

    /// <summary>The last hyperword; −1 before the first.</summary>
    public int Last { get; set; } = -1;

    /// <summary>Hyperwords that it may grow to.</summary>
    public int Capacity => capacity;

    /// <summary>Hyperwords that it holds.</summary>
    public int Count { get; set; }

    /// <summary>Scenes that ended in the walk under way.</summary>
    public int Ended { get; set; }

    public KeyValueCache Encoder { get; } = new(shape.Encoder, Math.Min(capacity, shape.Encoder.Window + stretch + 32), format);
    public KeyValueCache Decoder { get; } = new(shape.Decoder, Math.Min(capacity, shape.Decoder.Window + stretch + 32), format);

    /// <summary>Grows with the scenes: how many there will be is not known beforehand.</summary>
    public KeyValueCache Global { get; private set; } = new(shape.Global, Math.Min(capacity, 32), format);

    public long CacheBytes => Encoder.Bytes + Decoder.Bytes + Global.Bytes;

    /// <summary>Of the last complete scene; empty before the first.</summary>
    public ReadOnlySpan<float> Context => _hasContext ? _context : [];

    public void Keep(ReadOnlySpan<float> context)
    {
        context.CopyTo(_context);
        _hasContext = true;
    }

    /// <summary>Puts a hyperword into the open scene.</summary>
    public void Lay(int slot, ReadOnlySpan<float> hyperword) => hyperword.CopyTo(_open.AsSpan(slot * shape.Width));

    /// <summary>Hands over the scene that has ended and begins another.</summary>
    public void TakeScene(Span<float> to)
    {
        _open.CopyTo(to);
        Array.Clear(_open);
    }

    /// <summary>Room for more scenes.</summary>
    public void MakeRoom(int scenes)
    {
        if (Global.Count + scenes <= Global.Capacity)
            return;
        KeyValueCache grown = Global.Grown(Math.Max(Global.Count + scenes, Global.Capacity * 3 / 2));
        Global.Dispose();
        Global = grown;
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
        Global.Dispose();
    }
}
