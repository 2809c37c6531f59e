using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Rhythm.Rings;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>A forecast as one page: turning phases, spectrum, forecasts, error over time. Nothing is loaded from anywhere, and no script but its own runs.</summary>
static class RhythmPage
{
    public static void Save(string path, RhythmTape tape) => ScriptedPage.Save(path, Say("Rhythm", "Ритм"), "rhythm", Body(tape), json => Data(json, tape));

    static string Body(RhythmTape tape) => $"""
        <header>
        <h1>{Say("Rhythm", "Ритм")}: {Html.Text(tape.Names[0])}</h1>
        <p>{Html.Number(tape.Records)} {Say("records heard", "записей услышано")} · {tape.Forecaster.Medium.Parameters.Oscillators} {Say("oscillators in", "осцилляторов в")} {tape.Forecaster.Medium.Rings} {Say("rings", "кольцах")} · {Say("horizon", "горизонт")} {tape.Forecaster.Options.Horizon}</p>
        </header>
        <section class="rings"><canvas id="rings" aria-label="{Say("oscillators of each ring, turning", "осцилляторы каждого кольца, вращаясь")}"></canvas></section>
        <section><h2>{Say("What came and what was forecast", "Что пришло и что прогнозировалось")}</h2><canvas id="series"></canvas></section>
        <section><h2>{Say("What resonates: mean energy by period, samples", "Что резонирует: средняя энергия по периоду, отсчёты")}</h2><canvas id="spectrum"></canvas></section>
        <section><h2>{Say("Error over time, 1 = saying that nothing changes", "Ошибка во времени, 1 — «ничего не меняется»")}</h2><canvas id="error"></canvas></section>
        """;

    static void Data(Utf8JsonWriter json, RhythmTape tape)
    {
        Medium<double> medium = tape.Forecaster.Medium;
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
}
