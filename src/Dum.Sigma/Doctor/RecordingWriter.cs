using System.Text;
using Dum.Numerics;

namespace Dum.Sigma.Doctor;

/// <summary>
/// Writes a recording as it comes: chunks of [length, CRC-32C, content], first the settings, then a chunk for every walk, last
/// the tree and the fingerprints. See docs/sigma-doctor.md.
/// </summary>
sealed unsafe class RecordingWriter : IDisposable
{
    /// <summary>The first bytes of a recording.</summary>
    internal static ReadOnlySpan<byte> Magic => "DUMRUN2\n"u8;

    internal const byte Settings = 1, Walk = 2, End = 3;

    readonly Stream _stream;
    readonly MemoryStream _chunk = new();
    readonly BinaryWriter _to;
    readonly bool _values;
    bool _open;

    /// <param name="stream">Where to; not disposed here.</param>
    /// <param name="settings">What the run was made with, for whoever compares it.</param>
    /// <param name="values">Whether the numbers are kept beside their hashes.</param>
    public RecordingWriter(Stream stream, IReadOnlyList<KeyValuePair<string, string>> settings, bool values)
    {
        (_stream, _values, _to) = (stream, values, new BinaryWriter(_chunk, Encoding.UTF8));
        stream.Write(Magic);
        Begin(Settings);
        _to.Write(values);
        _to.Write(settings.Count);
        foreach ((string name, string value) in settings)
        {
            _to.Write(name);
            _to.Write(value);
        }
        Finish();
    }

    /// <summary>A walk begins: the places of its tokens, scenes and heads.</summary>
    public void BeginWalk(Place[][] places)
    {
        Begin(Walk);
        foreach (Place[] some in places)
        {
            _to.Write(some.Length);
            foreach (Place place in some)
            {
                _to.Write(place.Sequence);
                _to.Write(place.Position);
            }
        }
        _open = true;
    }

    /// <summary>A result of the walk.</summary>
    public void Add(NamedOperation operation, Matrix y, ReadOnlySpan<ulong> hashes)
    {
        _to.Write(true);
        _to.Write(operation.Name);
        _to.Write((byte)operation.Rows);
        _to.Write(y.Rows);
        _to.Write(y.Columns);
        _to.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(hashes));
        if (!_values)
            return;
        for (int r = 0; r < y.Rows; r++)
            _to.Write(new ReadOnlySpan<byte>(y.Row(r), y.Columns * sizeof(float)));
    }

    /// <summary>The walk is over, if there was one.</summary>
    public void EndWalk()
    {
        if (!_open)
            return;
        _to.Write(false);
        Finish();
        _open = false;
    }

    /// <summary>The run is over.</summary>
    public void Close(RunRecorder recorder)
    {
        EndWalk();
        Begin(End);
        _to.Write(recorder.Tree.Root);
        _to.Write(recorder.Prints.Count);
        foreach ((string name, ResidualPrint print) in recorder.Prints)
        {
            _to.Write(name);
            print.Write(_to);
        }
        Finish();
    }

    public void Dispose()
    {
        _to.Dispose();
        _chunk.Dispose();
    }

    void Begin(byte kind)
    {
        _chunk.SetLength(0);
        _to.Write(kind);
    }

    void Finish()
    {
        _to.Flush();
        ReadOnlySpan<byte> content = _chunk.GetBuffer().AsSpan(0, (int)_chunk.Length);
        Span<byte> head = stackalloc byte[8];
        BitConverter.TryWriteBytes(head, content.Length);
        BitConverter.TryWriteBytes(head[4..], Crc32C.Of(content));
        _stream.Write(head);
        _stream.Write(content);
    }
}
