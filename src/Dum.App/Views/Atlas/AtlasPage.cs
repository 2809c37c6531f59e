using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Files;
using Dum.Hypersymbols;
using static Dum.Tongue;

namespace Dum.App.Views.Atlas;

/// <summary>The map of an atlas as one page: nothing is loaded from anywhere, and no script but its own runs.</summary>
static class AtlasPage
{
    const int Neighbours = 8;

    public static void Save(string path, Hypersymbols.Atlas atlas) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        Write(to, atlas);
    });

    public static void Write(TextWriter to, Hypersymbols.Atlas atlas)
    {
        string css = Resource("atlas.css"), script = Resource("atlas.js");
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        AtlasFacts f = atlas.Facts;
        to.Write($"""
            <!doctype html>
            <html lang="{Say("en", "ru")}">
            <head>
            <meta charset="utf-8">
            <meta name="generator" content="40kDUM">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Say("Atlas of hypersymbols", "Атлас гиперсимволов")} · 40kDUM</title>
            <style>
            {css}</style>
            </head>
            <body>
            <canvas id="map" tabindex="0" aria-label="{Say("map", "карта")}"></canvas>
            <header>
            <h1>{Html.Say("Atlas of hypersymbols", "Атлас гиперсимволов")}</h1>
            <p>{Html.Say($"{Html.Number(atlas.Symbols.Count)} fields of meaning, learned over {Html.Number(f.Scenes)} scenes", $"{Html.Number(atlas.Symbols.Count)} {Html.Form(atlas.Symbols.Count, "поле", "поля", "полей")} смысла, найденные в {Html.Number(f.Scenes)} сценах")}</p>
            <div class="find"><input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="{Say("a word, a name, a number", "слово, имя, номер")}" aria-label="{Say("search", "поиск")}"><ol id="found"></ol></div>
            <label class="text"><span>{Html.Say("strength in", "сила в")}</span><select id="text"><option value="-1">{Say("all texts", "всех текстах")}</option></select></label>
            </header>
            <fieldset class="switch"><legend>{Html.Say("Language", "Язык")}</legend><input type="radio" name="l" id="to-en"{(IsRussian ? "" : " checked=\"\"")}><label for="to-en">EN</label><input type="radio" name="l" id="to-ru"{(IsRussian ? " checked=\"\"" : "")}><label for="to-ru">RU</label></fieldset>
            <aside id="card" hidden=""></aside>
            <footer>{Html.Say("wheel or pinch to come nearer, drag to move, click a point; its size is how often it occurs", "колесо или щипок — ближе, тяните — двигать, нажмите на точку; размер — как часто встречается")}</footer>
            <script type="application/json" id="data">
            """);
        Data(to, atlas);
        to.Write($"</script>\n<script>{script}</script>\n</body>\n</html>\n");
    }

    static void Data(TextWriter to, Hypersymbols.Atlas atlas)
    {
        using var stream = new MemoryStream();
        // The strict encoder: a text can neither close the element nor turn the direction of writing.
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            Strings(json, "files", atlas.Files);
            Numbers(json, "bins", atlas.Bins.Select(b => b.File));
            Strings(json, "regions", atlas.Regions);
            json.WriteStartArray("symbols");
            foreach (Hypersymbol s in atlas.Symbols)
            {
                json.WriteStartArray();
                json.WriteStringValue(s.English);
                json.WriteStringValue(s.Russian);
                json.WriteNumberValue(s.Scenes);
                json.WriteNumberValue(Math.Round(s.X, 4));
                json.WriteNumberValue(Math.Round(s.Y, 4));
                json.WriteNumberValue(s.Region);
                json.WriteNumberValue(Math.Round(s.Named, 2));
                Strings(json, null, s.Examples);
                Numbers(json, null, atlas.Neighbours(s.Code, Neighbours).Select(n => n.Code));
                Numbers(json, null, s.Strength);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        to.Write(Encoding.UTF8.GetString(stream.ToArray()));
    }

    static void Strings(Utf8JsonWriter json, string? name, IEnumerable<string> values)
    {
        Start(json, name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static void Numbers(Utf8JsonWriter json, string? name, IEnumerable<int> values)
    {
        Start(json, name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    static void Start(Utf8JsonWriter json, string? name)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(AtlasPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
