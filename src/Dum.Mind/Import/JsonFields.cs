using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dum.Mind.Import;

/// <summary>Reads fields of JSON of which every one may be missing, null or of another kind.</summary>
static class JsonFields
{
    public static string Text(this JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.String ? Chars(v) : "";

    public static JsonElement? Object(this JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Object ? v : null;

    public static JsonElement? Array(this JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Array ? v : null;

    public static bool IsTrue(this JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.True;

    /// <summary>A time as seconds (a number) or as ISO 8601, in milliseconds since 1970; 0 when there is none.</summary>
    public static long Time(this JsonElement e, string name)
    {
        if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty(name, out JsonElement v))
            return 0;
        if (v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out double seconds))
            return seconds is > 0 and < 1e11 ? (long)(seconds * 1000) : seconds is >= 1e11 and < 1e14 ? (long)seconds : 0;
        return v.ValueKind == JsonValueKind.String ? Time(Chars(v)) : 0;
    }

    public static long Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset t) && t.Year > 1 ? Math.Max(0, t.ToUnixTimeMilliseconds()) : 0;

    /// <summary>The characters of a string; an escaped half of a surrogate pair, which is no character, becomes U+FFFD.</summary>
    public static string Chars(JsonElement v)
    {
        try
        {
            return v.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            string raw = System.Text.RegularExpressions.Regex.Unescape(v.GetRawText()[1..^1].Replace("\\/", "/", StringComparison.Ordinal));
            return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(raw));
        }
    }

    /// <summary>Where an element's own bytes lie in the piece it was parsed from.</summary>
    public static (int At, int Bytes) Place(JsonElement e, ReadOnlySpan<byte> piece)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(e);
        return piece.Overlaps(raw, out int at) ? (at, raw.Length) : (0, 0);
    }
}
