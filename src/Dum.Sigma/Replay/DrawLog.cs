using System.Buffers.Binary;
using Dum.Files;
using Dum.Numerics;

namespace Dum.Sigma.Replay;

/// <summary>
/// The random draws of a run on disk: where they were made, in stretches, no values; the sum of the values, which proves that
/// they were made again; and every draw that was used twice.
/// </summary>
/// <param name="Stretches">All draws.</param>
/// <param name="Collisions">Draws that were used again.</param>
/// <param name="Sum">Of all draws, as <see cref="DrawRecorder.Sum"/> has it.</param>
public sealed record DrawLog(IReadOnlyList<DrawStretch> Stretches, IReadOnlyList<DrawStretch> Collisions, UInt128 Sum)
{
    const uint Magic = 0x474C4453; // "SDLG"
    const int Version = 2, Header = 12, Start = 24, Entry = 32;

    /// <summary>Draws between two looks at the progress and the wish to stop.</summary>
    const uint Piece = 1 << 20;

    /// <summary>What a recorder has taken down.</summary>
    public static DrawLog Of(DrawRecorder recorder) => new([.. recorder.Stretches], recorder.Collisions, recorder.Sum);

    /// <summary>Whether a file that begins so is a log of draws, of whatever version.</summary>
    public static bool Begins(ReadOnlySpan<byte> head) => head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic;

    /// <summary>All draws.</summary>
    public long Draws => Stretches.Sum(s => (long)s.Count);

    /// <summary>Makes every draw again from where it was made and adds them up.</summary>
    /// <param name="progress">Is told the share done; may be null.</param>
    /// <param name="cancel">Checked every million draws.</param>
    /// <returns>Whether the sum is that of the run.</returns>
    public bool Replay(Action<double>? progress = null, CancellationToken cancel = default)
    {
        UInt128 sum = 0;
        double all = Draws, done = 0;
        foreach (DrawStretch s in Stretches)
            for (uint i = 0; i < s.Count; i++, done++)
            {
                if (done % Piece == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Invoke(done / all);
                }
                sum += DrawRecorder.Number(s.Run, s.Domain, s.Layer, s.Step, s.First + (i * s.Stride));
            }
        return sum == Sum;
    }

    /// <summary>Writes the log: magic, version and checksum; how many stretches and collisions; the sum; then both, 32 bytes each.</summary>
    /// <exception cref="DumException">It cannot be written.</exception>
    public void Save(string path)
    {
        byte[] bytes = new byte[checked(Header + Start + ((Stretches.Count + Collisions.Count) * Entry))];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Version);
        Span<byte> content = bytes.AsSpan(Header);
        BinaryPrimitives.WriteInt32LittleEndian(content, Stretches.Count);
        BinaryPrimitives.WriteInt32LittleEndian(content[4..], Collisions.Count);
        BinaryPrimitives.WriteUInt128LittleEndian(content[8..], Sum);
        Span<byte> to = content[Start..];
        foreach (DrawStretch s in Stretches.Concat(Collisions))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to, s.Run);
            uint[] rest = [s.Domain, s.Layer, s.Step, s.First, s.Count, s.Stride];
            for (int i = 0; i < rest.Length; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(to[(8 + (4 * i))..], rest[i]);
            to = to[Entry..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32C.Of(content));
        SafeFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Reads a log.</summary>
    /// <exception cref="DumException">It is missing, foreign, damaged or too large.</exception>
    public static DrawLog Load(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            // What it holds would not fit into memory's arrays; no log that was written here does so.
            if (stream.Length > Array.MaxLength)
                throw NoLog(path);
            stream.ReadExactly(bytes = new byte[stream.Length]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
        if (bytes.Length < Header + Start || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) != Version)
            throw NoLog(path);
        ReadOnlySpan<byte> content = bytes.AsSpan(Header);
        int stretches = BinaryPrimitives.ReadInt32LittleEndian(content), collisions = BinaryPrimitives.ReadInt32LittleEndian(content[4..]);
        if (stretches < 0 || collisions < 0 || content.Length != Start + (((long)stretches + collisions) * Entry) || Crc32C.Of(content) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)))
            throw Damaged(path);
        var all = new DrawStretch[stretches + collisions];
        for (int i = 0; i < all.Length; i++)
            all[i] = Read(content.Slice(Start + (i * Entry), Entry), path);
        return new DrawLog(all[..stretches], all[stretches..], BinaryPrimitives.ReadUInt128LittleEndian(content[8..]));
    }

    static DrawStretch Read(ReadOnlySpan<byte> from, string path)
    {
        var s = new DrawStretch(BinaryPrimitives.ReadUInt64LittleEndian(from), At(from, 0), At(from, 1), At(from, 2), At(from, 3), At(from, 4), At(from, 5));
        // The last position must be one.
        return s.Count > 0 && s.Stride > 0 && s.Next - s.Stride <= uint.MaxValue ? s : throw Damaged(path);

        static uint At(ReadOnlySpan<byte> from, int i) => BinaryPrimitives.ReadUInt32LittleEndian(from[(8 + (4 * i))..]);
    }

    static DumException NoLog(string path) => new(Tongue.Say($"{path} is no log of draws of this version: --draws FILE writes one", $"{path} — не журнал случайных чисел этой версии: его пишет --draws ФАЙЛ"));

    static DumException Damaged(string path) => new(Tongue.Say($"{path} is damaged: its checksum or its length is wrong", $"{path} повреждён: не сходится контрольная сумма или длина"));
}
