using System.Buffers.Binary;
using Dum.Files;
using Dum.Numerics;

namespace Dum.Sigma.Replay;

/// <summary>
/// The draws of a run by their coordinates: 32 bytes each, no values, because a value is a function of its coordinate. Two
/// draws at one coordinate are one draw used twice, which is reported at once.
/// </summary>
public sealed class DrawLog
{
    const uint Magic = 0x474C4453; // "SDLG"
    const int Header = 16, Entry = 32;

    readonly List<DrawCoordinate> _draws = [];
    readonly Dictionary<DrawCoordinate, int> _places = [];

    /// <summary>All draws in order.</summary>
    public IReadOnlyList<DrawCoordinate> Draws => _draws;

    /// <summary>Pairs of places in the log with one coordinate: first and later.</summary>
    public IReadOnlyList<(int First, int Again)> Collisions => _collisions;

    readonly List<(int, int)> _collisions = [];

    /// <summary>Notes a draw and gives it.</summary>
    /// <returns>The draw's 32 bits.</returns>
    public uint Take(DrawCoordinate at)
    {
        if (at.Lane is < 0 or > 3)
            throw new ArgumentOutOfRangeException(nameof(at), "a lane is 0 to 3");
        if (!_places.TryAdd(at, _draws.Count))
            _collisions.Add((_places[at], _draws.Count));
        _draws.Add(at);
        return at.Draw();
    }

    /// <summary>Writes the log: magic, version, count, checksum, then the coordinates.</summary>
    /// <exception cref="DumException">It cannot be written.</exception>
    public void Save(string path)
    {
        byte[] entries = new byte[_draws.Count * Entry];
        for (int i = 0; i < _draws.Count; i++)
        {
            Span<byte> to = entries.AsSpan(i * Entry);
            DrawCoordinate d = _draws[i];
            BinaryPrimitives.WriteUInt64LittleEndian(to, d.Run);
            BinaryPrimitives.WriteUInt32LittleEndian(to[8..], d.Domain);
            BinaryPrimitives.WriteUInt32LittleEndian(to[12..], d.Layer);
            BinaryPrimitives.WriteUInt32LittleEndian(to[16..], d.Step);
            BinaryPrimitives.WriteUInt32LittleEndian(to[20..], d.Position);
            BinaryPrimitives.WriteInt32LittleEndian(to[24..], d.Lane);
        }
        byte[] header = new byte[Header];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), _draws.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Crc32C.Of(entries));
        SafeFile.Write(path, stream =>
        {
            stream.Write(header);
            stream.Write(entries);
        });
    }

    /// <summary>Reads a log.</summary>
    /// <exception cref="DumException">It is missing, foreign or damaged.</exception>
    public static DrawLog Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read {path}: {e.Message}", $"не прочитать {path}: {e.Message}"), e);
        }
        if (bytes.Length < Header || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) != 1)
            throw new DumException(Tongue.Say($"{path} is no log of draws of this version", $"{path} — не журнал случайных чисел этой версии"));
        ReadOnlySpan<byte> entries = bytes.AsSpan(Header);
        if (entries.Length != BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)) * (long)Entry || Crc32C.Of(entries) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)))
            throw new DumException(Tongue.Say($"{path} is damaged: its checksum or its length is wrong", $"{path} повреждён: не сходится контрольная сумма или длина"));
        var log = new DrawLog();
        for (int at = 0; at < entries.Length; at += Entry)
        {
            ReadOnlySpan<byte> from = entries[at..];
            int lane = BinaryPrimitives.ReadInt32LittleEndian(from[24..]);
            if (lane is < 0 or > 3)
                throw new DumException(Tongue.Say($"{path} is damaged: a lane of {lane}", $"{path} повреждён: дорожка {lane}"));
            log.Take(new DrawCoordinate(
                BinaryPrimitives.ReadUInt64LittleEndian(from), BinaryPrimitives.ReadUInt32LittleEndian(from[8..]), BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
                BinaryPrimitives.ReadUInt32LittleEndian(from[16..]), BinaryPrimitives.ReadUInt32LittleEndian(from[20..]), lane));
        }
        return log;
    }
}
