using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Hypersymbols;
using static Dum.Tongue;

namespace Dum.App.Views.Atlas;

/// <summary>The map of an atlas as one page: nothing is loaded from anywhere, and no script but its own runs.</summary>
static class AtlasPage
{
    const int Neighbours = 8;

    static string Title => Say("Atlas of hypersymbols", "Атлас гиперсимволов");

    public static void Save(string path, Hypersymbols.Atlas atlas) => ScriptedPage.Save(path, Title, "atlas", Body(atlas), json => Data(json, atlas));

    public static void Write(TextWriter to, Hypersymbols.Atlas atlas) => ScriptedPage.Write(to, Title, "atlas", Body(atlas), json => Data(json, atlas));

    static string Body(Hypersymbols.Atlas atlas) => $"""
        <canvas id="map" tabindex="0" aria-label="{Say("map", "карта")}"></canvas>
        <header>
        <h1>{Html.Say("Atlas of hypersymbols", "Атлас гиперсимволов")}</h1>
        <p>{Html.Say($"{Html.Number(atlas.Symbols.Count)} fields of meaning, learned over {Html.Number(atlas.Facts.Scenes)} scenes", $"{Html.Number(atlas.Symbols.Count)} {Html.Form(atlas.Symbols.Count, "поле", "поля", "полей")} смысла, найденные в {Html.Number(atlas.Facts.Scenes)} сценах")}</p>
        <div class="find"><input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="{Say("a word, a name, a number", "слово, имя, номер")}" aria-label="{Say("search", "поиск")}"><ol id="found"></ol></div>
        <label class="text"><span>{Html.Say("strength in", "сила в")}</span><select id="text"><option value="-1">{Say("all texts", "всех текстах")}</option></select></label>
        </header>
        <fieldset class="switch"><legend>{Html.Say("Language", "Язык")}</legend><input type="radio" name="l" id="to-en"{(IsRussian ? "" : " checked=\"\"")}><label for="to-en">EN</label><input type="radio" name="l" id="to-ru"{(IsRussian ? " checked=\"\"" : "")}><label for="to-ru">RU</label></fieldset>
        <aside id="card" hidden=""></aside>
        <footer>{Html.Say("wheel or pinch to come nearer, drag to move, click a point; its size is how often it occurs", "колесо или щипок — ближе, тяните — двигать, нажмите на точку; размер — как часто встречается")}</footer>
        """;

    static void Data(Utf8JsonWriter json, Hypersymbols.Atlas atlas)
    {
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
}
