using System.Runtime.InteropServices;
using System.Text;
using Dum.Files;
using Dum.Numerics;

namespace Dum.Sigma.Doctor;

/// <summary>The result of one operation in one walk, as it was recorded.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Places">Where its rows belong.</param>
/// <param name="Columns">Numbers of a row.</param>
/// <param name="Hashes">Of its rows.</param>
/// <param name="Values">Where its numbers begin in the file; −1 where they were not kept.</param>
sealed record RecordedResult(string Operation, Place[] Places, int Columns, ulong[] Hashes, long Values);

/// <summary>A recorded run, read back and checked. The numbers themselves stay on disk until they are asked for.</summary>
public sealed class Recording : IDisposable
{
    const int LongestChunk = 1 << 30;

    readonly FileStream _file;
    readonly List<RecordedResult[]> _walks = [];
    readonly Dictionary<string, ResidualPrint> _prints = [];

    Recording(FileStream file) => _file = file;

    /// <summary>What the run was made with, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private set; } = [];

    /// <summary>Whether the numbers are there beside their hashes.</summary>
    public bool HasValues { get; private set; }

    /// <summary>The hash of the whole run.</summary>
    public string Root { get; private set; } = "";

    /// <summary>Fingerprints by operation.</summary>
    public IReadOnlyDictionary<string, ResidualPrint> Prints => _prints;

    /// <summary>The results of every walk, in the order in which they were computed.</summary>
    internal IReadOnlyList<RecordedResult[]> Walks => _walks;

    /// <summary>Opens a recording.</summary>
    /// <exception cref="DumException">Missing (exit code 3), damaged, or no recording.</exception>
    public static Recording Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
        var recording = new Recording(file);
        try
        {
            recording.Read(path);
            return recording;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is EndOfStreamException or ArgumentException or DecoderFallbackException or FormatException)
                throw Broken(path);
            throw;
        }
    }

    /// <summary>A row of numbers.</summary>
    /// <exception cref="DumException">The file has been changed since it was opened.</exception>
    internal float[] Row(RecordedResult result, int row)
    {
        var values = new float[result.Columns];
        _file.Position = result.Values + ((long)row * result.Columns * sizeof(float));
        try
        {
            _file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        catch (EndOfStreamException)
        {
            throw Broken(_file.Name);
        }
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    void Read(string path)
    {
        Span<byte> magic = stackalloc byte[8];
        if (_file.ReadAtLeast(magic, 8, throwOnEndOfStream: false) < 8 || !magic.SequenceEqual(RecordingWriter.Magic))
            throw new DumException(Tongue.Say($"{path} is no recording: 'dum sigma record' makes one", $"{path} — не запись прогона: её делает 'dum sigma record'"));
        Span<byte> head = stackalloc byte[8];
        bool ended = false;
        while (!ended)
        {
            _file.ReadExactly(head);
            int length = BitConverter.ToInt32(head);
            if (length is <= 0 or > LongestChunk || length > _file.Length - _file.Position)
                throw Broken(path);
            long start = _file.Position;
            var content = new byte[length];
            _file.ReadExactly(content);
            if (Crc32C.Of(content) != BitConverter.ToUInt32(head[4..]))
                throw Broken(path);
            using var from = new BinaryReader(new MemoryStream(content), new UTF8Encoding(false, true));
            switch (from.ReadByte())
            {
                case RecordingWriter.Settings: ReadSettings(from); break;
                case RecordingWriter.Walk: ReadWalk(from, start, path); break;
                case RecordingWriter.End:
                    Root = from.ReadString();
                    for (int left = from.ReadInt32(); left > 0; left--)
                        _prints[from.ReadString()] = ResidualPrint.Read(from);
                    ended = true;
                    break;
                default: throw Broken(path);
            }
        }
    }

    void ReadSettings(BinaryReader from)
    {
        HasValues = from.ReadBoolean();
        var settings = new List<KeyValuePair<string, string>>();
        for (int left = from.ReadInt32(); left > 0; left--)
            settings.Add(new(from.ReadString(), from.ReadString()));
        Settings = settings;
    }

    void ReadWalk(BinaryReader from, long start, string path)
    {
        var places = new Place[3][];
        for (int kind = 0; kind < places.Length; kind++)
        {
            places[kind] = new Place[Count(from, 8, path)];
            for (int i = 0; i < places[kind].Length; i++)
                places[kind][i] = new Place(from.ReadInt32(), from.ReadInt32());
        }
        var results = new List<RecordedResult>();
        while (from.ReadBoolean())
        {
            string name = from.ReadString();
            int kind = from.ReadByte(), rows = Count(from, 8, path), columns = Count(from, 0, path);
            if (kind >= places.Length || rows != places[kind].Length)
                throw Broken(path);
            var hashes = new ulong[rows];
            from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(hashes.AsSpan()));
            long values = HasValues ? start + from.BaseStream.Position : -1;
            if (HasValues)
            {
                if ((long)rows * columns * sizeof(float) > from.BaseStream.Length - from.BaseStream.Position)
                    throw Broken(path);
                from.BaseStream.Position += (long)rows * columns * sizeof(float);
            }
            results.Add(new RecordedResult(name, places[kind], columns, hashes, values));
        }
        _walks.Add([.. results]);
    }

    /// <summary>A number of things of which each takes some bytes that must still be there.</summary>
    static int Count(BinaryReader from, int bytes, string path)
    {
        int count = from.ReadInt32();
        return count < 0 || (long)count * bytes > from.BaseStream.Length - from.BaseStream.Position ? throw Broken(path) : count;
    }

    static DumException Broken(string path) => new(Tongue.Say(
        $"{path}: the recording is damaged or cut short: record the run again", $"{path}: запись повреждена или обрезана: запишите прогон снова"));
}
