using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Files;
using Dum.Rhythm.Rings;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>A forecast as one page: turning phases, spectrum, forecasts, error over time. Nothing is loaded from anywhere, and no script but its own runs.</summary>
static class RhythmPage
{
    public static void Save(string path, RhythmTape tape) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        Write(to, tape);
    });

    static void Write(TextWriter to, RhythmTape tape)
    {
        string css = Resource("rhythm.css"), script = Resource("rhythm.js");
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        to.Write($"""
            <!doctype html>
            <html lang="{Say("en", "ru")}">
            <head>
            <meta charset="utf-8">
            <meta name="generator" content="40kDUM">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Say("Rhythm", "Ритм")} · 40kDUM</title>
            <style>
            {css}</style>
            </head>
            <body>
            <header>
            <h1>{Say("Rhythm", "Ритм")}: {Html.Text(tape.Names[0])}</h1>
            <p>{Html.Number(tape.Records)} {Say("records heard", "записей услышано")} · {tape.Forecaster.Medium.Parameters.Oscillators} {Say("oscillators in", "осцилляторов в")} {tape.Forecaster.Medium.Rings} {Say("rings", "кольцах")} · {Say("horizon", "горизонт")} {tape.Forecaster.Options.Horizon}</p>
            </header>
            <section class="rings"><canvas id="rings" aria-label="{Say("oscillators of each ring, turning", "осцилляторы каждого кольца, вращаясь")}"></canvas></section>
            <section><h2>{Say("What came and what was forecast", "Что пришло и что прогнозировалось")}</h2><canvas id="series"></canvas></section>
            <section><h2>{Say("What resonates: mean energy by period, samples", "Что резонирует: средняя энергия по периоду, отсчёты")}</h2><canvas id="spectrum"></canvas></section>
            <section><h2>{Say("Error over time, 1 = saying that nothing changes", "Ошибка во времени, 1 — «ничего не меняется»")}</h2><canvas id="error"></canvas></section>
            <script type="application/json" id="data">
            """);
        Data(to, tape);
        to.Write($"</script>\n<script>{script}</script>\n</body>\n</html>\n");
    }

    static void Data(TextWriter to, RhythmTape tape)
    {
        using var stream = new MemoryStream();
        Medium<double> medium = tape.Forecaster.Medium;
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("rings");
            for (int r = 0; r < medium.Rings; r++)
            {
                double[] omega = medium.Parameters.Rings[r].Rhythm.Omega;
                json.WriteStartObject();
                json.WriteNumber("shown", RhythmTape.Shown(medium, r));
                json.WriteString("name", r == medium.Rings - 1
                    ? Say("listens", "слушает")
                    : Say($"periods {2 * Math.PI / omega[^1]:0.#} … {2 * Math.PI / omega[0]:0.#}", $"периоды {2 * Math.PI / omega[^1]:0.#} … {2 * Math.PI / omega[0]:0.#}"));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Rows(json, "frames", tape.Frames, 3);
            Rows(json, "points", tape.Points, 6);
            Rows(json, "spectrum", tape.Spectrum.Select(p => new[] { p.Period, p.Energy }), 6);
            Rows(json, "errors", tape.Errors.Select(e => new[] { e }), 4);
            json.WriteEndObject();
        }
        to.Write(Encoding.UTF8.GetString(stream.ToArray()));
    }

    static void Rows(Utf8JsonWriter json, string name, IEnumerable<double[]> rows, int digits)
    {
        json.WriteStartArray(name);
        foreach (double[] row in rows)
        {
            json.WriteStartArray();
            foreach (double value in row)
                if (double.IsFinite(value))
                    json.WriteNumberValue(Math.Abs(value) < 1e9 ? Math.Round(value, digits) : value);
                else
                    json.WriteNullValue();
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(RhythmPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
