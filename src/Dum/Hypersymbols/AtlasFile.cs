using Dum.Coding;
using Dum.Files;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Hypersymbols;

/// <summary>
/// File format of an atlas (<c>.dumatlas</c>), little-endian: magic, version, length and CRC-32C of the content; then facts,
/// texts and bins, regions, the space, centres, directions, and one record per hypersymbol.
/// </summary>
static class AtlasFile
{
    const int Version = 2, HeaderLength = 8 + 4 + 4 + 4;
    const long MostBytes = 1L << 28;
    const int MostText = 1 << 12, MostCodes = 1 << 16, MostChannels = 1 << 14;

    static ReadOnlySpan<byte> Magic => [0x89, (byte)'D', (byte)'U', (byte)'M', (byte)'A', (byte)'T', (byte)'L', (byte)'\n'];

    public static void Save(Atlas atlas, string path) => SafeFile.Write(path, stream =>
    {
        byte[] content = Content(atlas);
        var header = new ByteWriter();
        header.Bytes(Magic);
        header.UInt32(Version);
        header.UInt32((uint)content.Length);
        header.UInt32(Crc32C.Of(content));
        stream.Write(header.Written);
        stream.Write(content);
    });

    public static Atlas Load(string path)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(path))
                throw new DumException(Tongue.Say($"there is no {path}: make an atlas with 'dum atlas MODEL TEXT… -o FILE'", $"нет файла {path}: создайте атлас командой 'dum atlas МОДЕЛЬ ТЕКСТ… -o ФАЙЛ'")) { ExitCode = 3 };
            if (new FileInfo(path).Length > MostBytes)
                throw Foreign(path);
            FileKind.Require(path);
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(path, e);
        }
        if (bytes.Length < HeaderLength || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw Foreign(path);
        var head = new ByteReader(bytes.AsSpan(0, HeaderLength), path);
        head.Bytes(Magic.Length);
        uint version = head.UInt32();
        if (version != Version)
            throw new DumException(Tongue.Say($"{path} is an atlas of version {version}, this program reads version {Version}", $"{path}: атлас версии {version}, программа читает версию {Version}"));
        ReadOnlySpan<byte> content = bytes.AsSpan(HeaderLength);
        if (head.UInt32() != content.Length || head.UInt32() != Crc32C.Of(content))
            throw new DumException(Tongue.Say($"{path} is torn or damaged: get a fresh copy, or make it again", $"{path} повреждён или неполон: возьмите целую копию или создайте заново"));
        return Content(new ByteReader(content, path));
    }

    static byte[] Content(Atlas atlas)
    {
        var to = new ByteWriter();
        AtlasFacts f = atlas.Facts;
        to.Bytes(Convert.FromHexString(f.ModelId));
        to.UInt64(f.Seed);
        foreach (int number in new[] { f.Scenes, f.HeldScenes, f.Used })
            to.Number(number);
        to.UInt64(BitConverter.DoubleToUInt64Bits(f.Perplexity));
        to.UInt64(BitConverter.DoubleToUInt64Bits(f.Distortion));
        Texts(to, atlas.Files);
        to.Number(atlas.Bins.Count);
        foreach ((int file, int part) in atlas.Bins)
        {
            to.Number(file);
            to.Number(part);
        }
        Texts(to, atlas.Regions);
        to.Byte(atlas.Space.Content ? 1 : 0);
        to.Number(atlas.Space.Inputs);
        to.Number(atlas.Space.Outputs);
        to.Number(atlas.Symbols.Count);
        Floats(to, atlas.Space.Mean);
        Floats(to, atlas.Space.Directions);
        Floats(to, atlas.Centroids);
        Floats(to, atlas.Directions);
        foreach (Hypersymbol s in atlas.Symbols)
        {
            to.Text(s.English);
            to.Text(s.Russian);
            to.Number(s.Scenes);
            Floats(to, [s.Named, s.X, s.Y]);
            to.Number(s.Region);
            Texts(to, s.Examples);
            foreach (int strength in s.Strength)
                to.Number(strength);
        }
        return to.Written.ToArray();
    }

    static Atlas Content(ByteReader from)
    {
        string model = Convert.ToHexStringLower(from.Bytes(ModelIdentity.Length));
        ulong seed = from.UInt64();
        int scenes = (int)from.Number(int.MaxValue), held = (int)from.Number(int.MaxValue), used = (int)from.Number(int.MaxValue);
        var facts = new AtlasFacts(model, seed, scenes, held, used, BitConverter.UInt64BitsToDouble(from.UInt64()), BitConverter.UInt64BitsToDouble(from.UInt64()));
        List<string> files = Texts(ref from);
        var bins = new (int, int)[from.Count(2)];
        for (int i = 0; i < bins.Length; i++)
            bins[i] = ((int)from.Number(Math.Max(0, files.Count - 1)), (int)from.Number(int.MaxValue));
        List<string> regions = Texts(ref from);
        bool content = from.Byte() == 1;
        int inputs = (int)from.Number(MostChannels), outputs = (int)from.Number(inputs), codes = (int)from.Number(MostCodes);
        if (inputs == 0 || outputs == 0 || codes == 0)
            throw from.Damaged();
        float[] mean = Floats(ref from, inputs), directions = Floats(ref from, (long)inputs * outputs), centroids = Floats(ref from, (long)codes * outputs), steering = Floats(ref from, (long)codes * inputs);
        var symbols = new Hypersymbol[codes];
        for (int code = 0; code < codes; code++)
        {
            string english = from.Text(MostText), russian = from.Text(MostText);
            int count = (int)from.Number(int.MaxValue);
            float[] numbers = Floats(ref from, 3);
            int region = (int)from.Number(Math.Max(0, regions.Count - 1));
            List<string> examples = Texts(ref from);
            var strength = new int[bins.Length];
            for (int i = 0; i < strength.Length; i++)
                strength[i] = (int)from.Number(int.MaxValue);
            symbols[code] = new Hypersymbol(code, english, russian, count, numbers[0], examples, numbers[1], numbers[2], region, strength);
        }
        return from.Left == 0 ? new Atlas(facts, files, bins, regions, symbols, SceneSpace.Of(content, mean, directions), centroids, steering) : throw from.Damaged();
    }

    static void Texts(ByteWriter to, IReadOnlyList<string> texts)
    {
        to.Number(texts.Count);
        foreach (string text in texts)
            to.Text(text);
    }

    static List<string> Texts(ref ByteReader from)
    {
        var texts = new List<string>();
        for (int left = from.Count(1); left > 0; left--)
            texts.Add(from.Text(MostText));
        return texts;
    }

    static void Floats(ByteWriter to, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            to.UInt32(BitConverter.SingleToUInt32Bits(value));
    }

    static float[] Floats(ref ByteReader from, long count)
    {
        // Before anything is allocated: a claimed size must lie in the file.
        if (count * sizeof(float) > from.Left)
            throw from.Damaged();
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
            if (!float.IsFinite(value = BitConverter.UInt32BitsToSingle(from.UInt32())))
                throw from.Damaged();
        return values;
    }

    static DumException Foreign(string path) => new(Tongue.Say(
        $"{path} is not an atlas of 40kDUM: make one with 'dum atlas MODEL TEXT… -o FILE'", $"{path} — не атлас 40kDUM: создайте его командой 'dum atlas МОДЕЛЬ ТЕКСТ… -o ФАЙЛ'"));
}
