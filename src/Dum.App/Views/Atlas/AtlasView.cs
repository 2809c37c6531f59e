using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dum.Hypersymbols;
using Dum.Lexicon;
using static Dum.Tongue;

namespace Dum.App.Views.Atlas;

/// <summary>An atlas, and the tags of a text, as a terminal or a program reads them.</summary>
static class AtlasView
{
    const int Rows = 24, Neighbours = 8, NameRoom = 44, PieceBytes = 1 << 20;

    static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Table(Hypersymbols.Atlas atlas, TextWriter to)
    {
        AtlasFacts f = atlas.Facts;
        to.WriteLine();
        to.WriteLine("  " + Say($"{atlas.Symbols.Count} hypersymbols over {Number(f.Scenes)} scenes of {atlas.Files.Count} {(atlas.Files.Count == 1 ? "text" : "texts")}", $"гиперсимволов {atlas.Symbols.Count}, сцен {Number(f.Scenes)}, текстов {atlas.Files.Count}"));
        if (f.HeldScenes > 0)
            to.WriteLine("  " + Say(
                string.Create(CultureInfo.InvariantCulture, $"on {Number(f.HeldScenes)} scenes held back: {100.0 * f.Used / atlas.Symbols.Count:0.0} % of codes used, perplexity {f.Perplexity:0}"),
                string.Create(CultureInfo.InvariantCulture, $"на отложенных сценах ({Number(f.HeldScenes)}): в ходу {100.0 * f.Used / atlas.Symbols.Count:0.0} % кодов, перплексия {f.Perplexity:0}")));
        to.WriteLine();
        to.WriteLine($"  {Say("code", "код"),5} {Say("scenes", "сцен"),8}  {Say("name", "имя"),-NameRoom}  {Say("such as", "например")}");
        foreach (Hypersymbol s in atlas.Symbols.OrderByDescending(s => s.Scenes).ThenBy(s => s.Code).Take(Rows))
            to.WriteLine($"  {s.Code,5} {Number(s.Scenes),8}  {Cli.Plain(Cut(s.Name)),-NameRoom}  {Cli.Plain(Cut(s.Examples.Count > 0 ? s.Examples[0] : ""))}");
        if (atlas.Symbols.Count > Rows)
            to.WriteLine("  " + Say($"… and {atlas.Symbols.Count - Rows} more: --json lists all, --report draws the map", $"… и ещё {atlas.Symbols.Count - Rows}: все даёт --json, карту — --report"));
        to.WriteLine();
        to.Flush();
    }

    public static void Json(Hypersymbols.Atlas atlas, Stream to)
    {
        using (var json = new Utf8JsonWriter(to, s_json))
        {
            json.WriteStartObject();
            json.WriteString("model", atlas.Facts.ModelId);
            json.WriteNumber("seed", atlas.Facts.Seed);
            json.WriteNumber("scenes", atlas.Facts.Scenes);
            json.WriteNumber("held_scenes", atlas.Facts.HeldScenes);
            json.WriteNumber("held_codes_used", atlas.Facts.Used);
            json.WriteNumber("held_perplexity", Math.Round(atlas.Facts.Perplexity, 3));
            json.WriteNumber("distortion", Math.Round(atlas.Facts.Distortion, 6));
            Strings(json, "files", atlas.Files);
            json.WriteStartArray("bins");
            foreach ((int file, int part) in atlas.Bins)
            {
                json.WriteStartObject();
                json.WriteNumber("file", file);
                json.WriteNumber("part", part);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Strings(json, "regions", atlas.Regions);
            json.WriteStartArray("hypersymbols");
            foreach (Hypersymbol symbol in atlas.Symbols)
                Symbol(json, atlas, symbol);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        to.Write("\n"u8);
    }

    /// <summary>One line per scene: code, name, scene. A long text is read in pieces, cut at line ends; a scene that cuts a character shows U+FFFD, its place in bytes is exact.</summary>
    public static void Tags(Hypersymbols.Atlas atlas, SceneTagger tagger, Vocabulary vocabulary, Stream text, bool json, TextWriter to, CancellationToken cancel)
    {
        long at = 0;
        foreach (byte[] piece in Pieces(text))
        {
            int[] ids = vocabulary.Encoder.Encode(piece);
            foreach (SceneTag tag in tagger.Tags(ids))
            {
                cancel.ThrowIfCancellationRequested();
                string scene = System.Text.Encoding.UTF8.GetString(piece, (int)tag.Scene.Byte, tag.Scene.Bytes), name = atlas.Symbols[tag.Code].Name;
                to.WriteLine(json
                    ? string.Create(CultureInfo.InvariantCulture, $"{{\"code\":{tag.Code},\"name\":{Quote(name)},\"cosine\":{tag.Nearness:0.000},\"byte\":{at + tag.Scene.Byte},\"bytes\":{tag.Scene.Bytes},\"scene\":{Quote(scene)}}}")
                    : $"{tag.Code,5}  {Cli.Plain(Cut(name)),-NameRoom}  {Cli.Plain(scene)}");
            }
            at += piece.Length;
        }
        to.Flush();
    }

    static IEnumerable<byte[]> Pieces(Stream text)
    {
        var buffer = new byte[PieceBytes];
        for (int kept = 0, read; (read = text.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false)) + kept > 0;)
        {
            int filled = kept + read, end = filled < buffer.Length ? filled : buffer.AsSpan().LastIndexOf((byte)'\n') + 1;
            if (end == 0)
                end = filled;
            yield return buffer[..end];
            buffer.AsSpan(end, filled - end).CopyTo(buffer);
            kept = filled - end;
        }
    }

    static void Symbol(Utf8JsonWriter json, Hypersymbols.Atlas atlas, Hypersymbol s)
    {
        json.WriteStartObject();
        json.WriteNumber("code", s.Code);
        json.WriteString("en", s.English);
        json.WriteString("ru", s.Russian);
        json.WriteNumber("scenes", s.Scenes);
        json.WriteNumber("named", Math.Round(s.Named, 4));
        json.WriteNumber("x", Math.Round(s.X, 5));
        json.WriteNumber("y", Math.Round(s.Y, 5));
        json.WriteNumber("region", s.Region);
        Strings(json, "examples", s.Examples);
        json.WriteStartArray("neighbours");
        foreach ((int code, double cosine) in atlas.Neighbours(s.Code, Neighbours))
        {
            json.WriteStartObject();
            json.WriteNumber("code", code);
            json.WriteNumber("cosine", Math.Round(cosine, 4));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("strength");
        foreach (int n in s.Strength)
            json.WriteNumberValue(n);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    internal static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    static string Cut(string text) => text.Length <= NameRoom ? text : text[..(NameRoom - 1)] + "…";

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
