using System.Buffers.Binary;
using Dum.Coding;
using Dum.Files;
using Dum.Numerics;

namespace Dum.Rhythm.Rings;

/// <summary>What files of this library have in common: a name of eight bytes, a version, a content, a CRC-32C.</summary>
static class StateFile
{
    const long Most = 1L << 30;

    public delegate TValue Reader<TValue>(ref ByteReader from);

    /// <summary>Writes a file, or nothing.</summary>
    /// <exception cref="DumException">It would be too large to be read again, or cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> magic, int version, Action<ByteWriter> write)
    {
        var to = new ByteWriter();
        to.Bytes(magic);
        to.UInt16(version);
        write(to);
        to.UInt32(Crc32C.Of(to.Written));
        if (to.Length > Most)
            throw new DumException(Tongue.Say($"{path} would be larger than 1 GiB: make it with less room", $"{path} вышел бы больше 1 ГиБ: создайте с меньшим местом"));
        SafeFile.Write(path, stream => stream.Write(to.Written));
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="DumException">Missing (exit code 3), foreign, damaged, or of another version.</exception>
    public static TValue Read<TValue>(string path, ReadOnlySpan<byte> magic, int version, string what, Reader<TValue> read)
    {
        byte[] bytes;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new DumException(Tongue.Say($"{path} does not exist", $"{path} не существует")) { ExitCode = 3 };
            if (file.Length > Most)
                throw NotOne(path, what);
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
        if (bytes.Length < magic.Length + 6 || !bytes.AsSpan(0, magic.Length).SequenceEqual(magic))
            throw NotOne(path, what);
        int found = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(magic.Length));
        if (found != version)
            throw new DumException(Tongue.Say(
                $"{path} was saved by version {found}, this program reads version {version}: make it again", $"{path} сохранён версией {found}, программа читает версию {version}: создайте заново"));
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4)) != Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)))
            throw new DumException(Tongue.Say($"{path} is damaged: its checksum does not agree", $"{path} повреждён: контрольная сумма не сходится"));
        var from = new ByteReader(bytes.AsSpan(magic.Length + 2, bytes.Length - magic.Length - 6), path);
        TValue value = read(ref from);
        return from.Left == 0 ? value : throw from.Damaged();
    }

    public static void Double(this ByteWriter to, double value) => to.UInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>The count, then the numbers.</summary>
    public static void Doubles(this ByteWriter to, ReadOnlySpan<double> values)
    {
        to.Number(values.Length);
        foreach (double value in values)
            to.Double(value);
    }

    public static double Double(this ref ByteReader from) => BitConverter.UInt64BitsToDouble(from.UInt64());

    /// <summary>A number that is neither infinite nor NaN.</summary>
    public static double Finite(this ref ByteReader from) => from.Double() is var value && double.IsFinite(value) ? value : throw from.Damaged();

    /// <summary>How often something happened: written with <see cref="ByteWriter.UInt64"/>, not negative.</summary>
    public static long Counter(this ref ByteReader from) => from.UInt64() is var value && value <= long.MaxValue / 2 ? (long)value : throw from.Damaged();

    public static double[] Doubles(this ref ByteReader from)
    {
        var values = new double[from.Count(8)];
        from.Doubles(values);
        return values;
    }

    public static void Doubles(this ref ByteReader from, Span<double> values)
    {
        foreach (ref double value in values)
            value = from.Double();
    }

    /// <summary>Numbers none of which is infinite or NaN.</summary>
    public static void Finite(this ref ByteReader from, Span<double> values)
    {
        foreach (ref double value in values)
            value = from.Finite();
    }

    static DumException NotOne(string path, string what) => new(Tongue.Say($"{path} is not {what} that dum saved", $"{path} — не файл dum: {what}"));
}
