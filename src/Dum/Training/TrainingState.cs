using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dum.Checkpoints;
using Dum.Numerics;

namespace Dum.Training;

/// <summary>A point of the learning curve.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Seconds">Of training, over all its runs.</param>
/// <param name="Bytes">Bytes of text read, repeats counted.</param>
/// <param name="Train">Bits per byte on the text of the steps since the last point, or since the run went on.</param>
/// <param name="Held">Bits per byte on the text held out; null where it was not measured.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record CurvePoint(int Step, double Seconds, long Bytes, double Train, double? Held, double Rate, double GradientNorm);

/// <summary>All of a run but its numbers: what it needs to go on, and what a person wants to know about it.</summary>
public sealed record TrainingFacts
{
    /// <summary>Raised when the meaning of anything here changes.</summary>
    public const int CurrentVersion = 3;

    /// <summary>Of this record.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Steps made.</summary>
    public int Step { get; init; }

    /// <summary>Steps to make.</summary>
    public int Steps { get; init; }

    /// <summary>How often <see cref="Steps"/> was corrected by the pace so far, where a time was asked for.</summary>
    public int Corrections { get; init; }

    /// <summary>The options of the first start.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Id of the lexicon.</summary>
    public required string Lexicon { get; init; }

    /// <summary>Of the encoded text: another text is another run.</summary>
    public required uint Text { get; init; }

    /// <summary>Bytes of that text.</summary>
    public required long TextBytes { get; init; }

    /// <summary>The learning curve so far.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>Seconds trained.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes of text read, repeats counted.</summary>
    public long Bytes { get; init; }

    /// <summary>CRC-32C of all numbers of the state, row by row as they lie in the file.</summary>
    public uint Checksum { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingFacts))]
sealed partial class TrainingJson : JsonSerializerContext;

/// <summary>
/// The file from which a run goes on: parameters, means and squares as they lie in memory, with the facts in the header,
/// all in one safetensors file that appears under its name whole or not at all.
/// </summary>
static unsafe class TrainingState
{
    public const string FileName = "training.safetensors";
    const string FactsKey = "training";
    const int MostHeader = 100_000_000;

    public static void Save(string folder, TrainingFacts facts, Arena values, Optimiser optimiser)
    {
        var sources = new List<WeightSource>();
        uint sum = 0;
        foreach ((string role, Arena arena) in Roles(values, optimiser))
            foreach (Block block in arena.Blocks)
            {
                for (int r = 0; r < block.Rows; r++)
                    sum = Crc32C.Of(MemoryMarshal.AsBytes(block.Row(r)), sum);
                sources.Add(new WeightSource(new TensorSpec($"{role}.{block.Name}", block.Rows, block.Columns), (first, rows, to) =>
                {
                    for (int r = 0; r < rows; r++)
                        block.Row(first + r).CopyTo(to[(r * block.Columns)..]);
                }));
            }
        SafetensorsWriter.Write(Path.Combine(folder, FileName), sources, StoredFormat.F32,
            new Dictionary<string, string> { [FactsKey] = JsonSerializer.Serialize(facts with { Checksum = sum }, TrainingJson.Default.TrainingFacts) });
    }

    /// <summary>The facts of a saved run; null where there is none.</summary>
    /// <exception cref="DumException">The file is torn or of another version.</exception>
    public static TrainingFacts? ReadFacts(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> length = stackalloc byte[8];
            stream.ReadExactly(length);
            long header = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (header is <= 0 or > MostHeader || header > stream.Length - 8)
                throw Torn(path);
            byte[] text = new byte[header];
            stream.ReadExactly(text);
            using JsonDocument json = JsonDocument.Parse(text);
            string? facts = json.RootElement.GetProperty("__metadata__").GetProperty(FactsKey).GetString();
            TrainingFacts? read = facts is null ? null : JsonSerializer.Deserialize(facts, TrainingJson.Default.TrainingFacts);
            return read is null ? throw Torn(path) : read.Version == TrainingFacts.CurrentVersion ? read : throw new DumException(Tongue.Say(
                $"{path} was written by another version of dum ({read.Version}): train into a new folder", $"{path} записан другой версией dum ({read.Version}): обучайте в новую папку"));
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw Torn(path);
        }
    }

    /// <summary>Puts the numbers of a saved run into place.</summary>
    /// <exception cref="DumException">They are not those that were saved.</exception>
    public static void Load(string folder, Arena values, Optimiser optimiser)
    {
        string path = Path.Combine(folder, FileName);
        using MappedFile file = MappedFile.Open(path);
        Dictionary<string, RawTensor> stored;
        try
        {
            stored = SafetensorsFile.Tensors(file).ToDictionary(t => t.Name, StringComparer.Ordinal);
        }
        catch (DumException)
        {
            throw Torn(path);
        }
        uint sum = 0;
        foreach ((string role, Arena arena) in Roles(values, optimiser))
            foreach (Block block in arena.Blocks)
            {
                if (!stored.TryGetValue($"{role}.{block.Name}", out RawTensor? tensor) || !tensor.Shape.AsSpan().SequenceEqual([block.Rows, block.Columns]) || tensor.Format != StoredFormat.F32)
                    throw Torn(path);
                for (int r = 0; r < block.Rows; r++)
                {
                    ReadOnlySpan<byte> row = file.Slice(tensor.Offset + ((long)r * block.Columns * 4), block.Columns * 4);
                    sum = Crc32C.Of(row, sum);
                    MemoryMarshal.Cast<byte, float>(row).CopyTo(block.Row(r));
                }
            }
        if (sum != ReadFacts(folder)?.Checksum)
            throw Torn(path);
    }

    static IEnumerable<(string Role, Arena Arena)> Roles(Arena values, Optimiser optimiser) => [("value", values), ("mean", optimiser.Means), ("square", optimiser.Squares)];

    static DumException Torn(string path) => new(Tongue.Say(
        $"{path} is damaged: train into a new folder, or delete it to begin again", $"{path} повреждён: обучайте в новую папку или удалите его, чтобы начать заново"));
}
