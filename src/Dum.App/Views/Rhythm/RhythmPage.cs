using System.Text.Json;
using Dum.App.Views.Report;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>A forecast as one page: turning phases, spectrum, forecasts, error over time. Nothing is loaded from anywhere, and no script but its own runs.</summary>
static class RhythmPage
{
    public static void Save(string path, RhythmTape tape) => ScriptedPage.Save(path, Say("Rhythm", "Ритм"), "rhythm", Body(tape), json => Data(json, tape));

    static string Body(RhythmTape tape) => BothTongues.Body($"""
        <header>
        <h1>{Html.Say("Rhythm", "Ритм")}: {Html.Text(tape.Names[0])}</h1>
        <p>{Html.Number(tape.Records)} {Html.Say("records heard", Html.Form(tape.Records, "запись услышана", "записи услышаны", "записей услышано"))} · {Html.Say("oscillators", "осцилляторов")}: {tape.Forecaster.Medium.Parameters.Oscillators}, {Html.Say("rings", "колец")}: {tape.Forecaster.Medium.Rings} · {Html.Say("horizon", "горизонт")} {tape.Forecaster.Options.Horizon}</p>
        </header>
        <section class="rings"><canvas id="rings" role="img" aria-labelledby="of-rings"></canvas><p id="of-rings">{Html.Say("Each ring a circle; an oscillator stands at its phase, further out the stronger it is.", "Круг — кольцо; осциллятор стоит на своей фазе, тем дальше от середины, чем он сильнее.")}</p></section>
        <section><h2>{Html.Say("What came (dots) and what was forecast (line, with its interval)", "Что пришло (точки) и что прогнозировалось (линия с интервалом)")}</h2><canvas id="series"></canvas></section>
        <section><h2>{Html.Say("What resonates: mean energy by period, samples", "Что резонирует: средняя энергия по периоду, отсчёты")}</h2><canvas id="spectrum"></canvas></section>
        <section><h2>{Html.Say("Error over time, 1 = saying that nothing changes", "Ошибка во времени, 1 — «ничего не меняется»")}</h2><canvas id="error"></canvas></section>
        """);

    static void Data(Utf8JsonWriter json, RhythmTape tape)
    {
        tape.Rings.Write(json);
        RingFrames.Rows(json, "points", tape.Points, 6);
        RingFrames.Rows(json, "errors", tape.Errors.Select(e => new[] { e }), 4);
    }
}
