using System.Text.Json;
using Dum.App.Views.Report;
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
        tape.Rings.Write(json);
        RingFrames.Rows(json, "points", tape.Points, 6);
        RingFrames.Rows(json, "errors", tape.Errors.Select(e => new[] { e }), 4);
    }
}
