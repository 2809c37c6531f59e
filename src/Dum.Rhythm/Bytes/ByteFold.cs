using System.Buffers.Binary;
using Dum.Coding;
using Dum.Numerics;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Streams of any bytes through <see cref="ByteRhythm"/>: what they cost, folded, and unfolded again. A folded stream is a
/// magic of eight bytes, a version, the size of the memory, and segments of up to 64 KiB: raw length, folded length, CRC-32C of both lengths and the raw
/// bytes, payload; a raw length of 0 ends it. The model goes on from segment to segment, so memory is bounded and nothing is learned twice.
/// </summary>
public static class ByteFold
{
    const int Version = 2, Segment = 1 << 16, Head = 12, Start = 11;

    // Cells of each ring, as a power of two: 18 rings of 16 MB each.
    const int UsualBits = 22, LeastBits = 12, MostBits = 24;

    static ReadOnlySpan<byte> Magic => "DUMBYTE\n"u8;

    /// <summary>Predicts a stream byte by byte while learning it.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="each">Told each byte and the bits that it cost.</param>
    /// <param name="bits">Memory of each ring: 2^bits cells of four bytes, 12…24.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <returns>Bytes read and the bits that they cost.</returns>
    public static (long Bytes, double Bits) Measure(Stream input, Action<byte, double>? each = null, int bits = UsualBits, CancellationToken cancel = default)
    {
        var model = new ByteRhythm(bits);
        var buffer = new byte[Segment];
        long bytes = 0;
        double cost = 0;
        for (int read; (read = input.Read(buffer)) > 0; bytes += read)
        {
            // The decisions go nowhere; only what they cost is wanted.
            var coder = new BitWriter(read);
            for (int i = 0; i < read; i++)
            {
                if (i % 1024 == 0)
                    cancel.ThrowIfCancellationRequested();
                model.Code(ref coder, buffer[i]);
                cost += model.Cost;
                each?.Invoke(buffer[i], model.Cost);
            }
        }
        return (bytes, cost);
    }

    /// <summary>Folds a stream.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="output">Receives the folded bytes.</param>
    /// <param name="progress">Told how many bytes are done.</param>
    /// <param name="bits">Memory of each ring: 2^bits cells of four bytes, 12…24; unfolding takes as much.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <returns>Bytes read and written.</returns>
    public static (long Raw, long Folded) Fold(Stream input, Stream output, Action<long>? progress = null, int bits = UsualBits, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, LeastBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        var model = new ByteRhythm(bits);
        var buffer = new byte[Segment];
        Span<byte> head = stackalloc byte[Head];
        output.Write(Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(head, Version);
        head[2] = (byte)bits;
        output.Write(head[..3]);
        long raw = 0, folded = Start;
        while (true)
        {
            int read = input.ReadAtLeast(buffer, Segment, throwOnEndOfStream: false);
            var coder = new BitWriter(read);
            for (int i = 0; i < read; i++)
            {
                if (i % 1024 == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Invoke(raw + i);
                }
                model.Code(ref coder, buffer[i]);
            }
            byte[] payload = read > 0 ? coder.Coder.Finish() : [];
            BinaryPrimitives.WriteInt32LittleEndian(head, read);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], payload.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Check(read, payload.Length, buffer));
            output.Write(head);
            output.Write(payload);
            (raw, folded) = (raw + read, folded + Head + payload.Length);
            if (read == 0)
                return (raw, folded);
        }
    }

    /// <summary>Whether a stream is a folded one; it is left at its beginning.</summary>
    /// <param name="input">Can seek.</param>
    public static bool Is(Stream input)
    {
        Span<byte> start = stackalloc byte[8];
        input.Position = 0;
        bool folded = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Magic);
        input.Position = 0;
        return folded;
    }

    /// <summary>How many bytes a folded stream holds, by the heads of its segments; nothing is unfolded or checked.</summary>
    /// <param name="input">A folded stream that can seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DumException">Cut off or damaged.</exception>
    public static long Length(Stream input, string name)
    {
        Begin(input, name);
        Span<byte> head = stackalloc byte[Head];
        for (long bytes = 0; ;)
        {
            (int raw, int length) = Next(input, head, name, bytes);
            if (raw == 0)
                return bytes;
            bytes += raw;
            input.Seek(length, SeekOrigin.Current);
        }
    }

    /// <summary>Unfolds a stream; what was written must be thrown away when it throws.</summary>
    /// <param name="input">A folded stream.</param>
    /// <param name="output">Receives the bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="progress">Told how many bytes are done.</param>
    /// <param name="cancel">Looked at every few milliseconds.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="DumException">Not a folded stream, of another version, cut off or damaged.</exception>
    public static long Unfold(Stream input, Stream output, string name, Action<long>? progress = null, CancellationToken cancel = default)
    {
        var model = new ByteRhythm(Begin(input, name));
        byte[] buffer = new byte[Segment], payload = [];
        Span<byte> head = stackalloc byte[Head];
        for (long done = 0; ;)
        {
            (int raw, int length) = Next(input, head, name, done);
            Array.Resize(ref payload, Math.Max(payload.Length, length));
            if (input.ReadAtLeast(payload.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                throw Damaged(name, done);
            var coder = new BitReader(payload.AsSpan(0, length));
            for (int i = 0; i < raw; i++)
            {
                if (i % 1024 == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Invoke(done + i);
                }
                buffer[i] = (byte)model.Code(ref coder, 0);
            }
            if (Check(raw, length, buffer) != BinaryPrimitives.ReadUInt32LittleEndian(head[8..]))
                throw Damaged(name, done);
            if (raw == 0)
                return input.ReadByte() < 0 ? done : throw new DumException(Tongue.Say(
                    $"{name} goes on behind its end, {done} bytes: two files in one, or something added", $"{name} продолжается после своего конца, {done} байт: два файла в одном или что-то дописано"));
            output.Write(buffer.AsSpan(0, raw));
            done += raw;
        }
    }

    /// <summary>Reads the start of a folded stream.</summary>
    /// <returns>The memory of each ring, as a power of two.</returns>
    static int Begin(Stream input, string name)
    {
        Span<byte> start = stackalloc byte[Start];
        if (input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..8].SequenceEqual(Magic))
            throw new DumException(Tongue.Say($"{name} is not what 'dum rhythm bytes --fold' wrote", $"{name} — не то, что пишет 'dum rhythm bytes --fold'"));
        if (BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) is var version && version != Version)
            throw new DumException(Tongue.Say($"{name} is of version {version}, this program reads version {Version}: unfold it with the program that wrote it", $"{name} версии {version}, программа читает версию {Version}: разверните той программой, которой он записан"));
        return start[10] is >= LeastBits and <= MostBits ? start[10] : throw Damaged(name, 0);
    }

    /// <summary>Reads the head of a segment: its length unfolded and folded.</summary>
    static (int Raw, int Folded) Next(Stream input, Span<byte> head, string name, long done)
    {
        if (input.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head)
            throw Damaged(name, done);
        int raw = BinaryPrimitives.ReadInt32LittleEndian(head), length = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        // No byte costs more than eight decisions of twelve bits.
        return raw is >= 0 and <= Segment && length >= 0 && length <= (raw * 12L) + 4 ? (raw, length) : throw Damaged(name, done);
    }

    static uint Check(int raw, int folded, byte[] bytes) => Crc32C.Of(bytes.AsSpan(0, raw)) + ((uint)raw * 0x9E3779B1) + ((uint)folded * 0x85EBCA6B);

    static DumException Damaged(string name, long done) => new(Tongue.Say(
        $"{name} is damaged or cut off after {done} bytes: get a fresh copy", $"{name} повреждён или обрезан после {done} байт: возьмите целую копию"));
}
