using System.Globalization;
using System.Text;
using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Rhythm.Series;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>A search for anomalies as one page: turning phases, the signal with what was strange in it, scores, what resonates.</summary>
static class AnomalyPage
{
    const int Told = 20;

    public static void Save(string path, AnomalyTape tape) => ScriptedPage.Save(path, Say("Anomalies", "Странности"), "rhythm", Body(tape), json => Data(json, tape));

    static string Body(AnomalyTape tape) => BothTongues.Body($"""
        <header>
        <h1>{Html.Say("What was strange in", "Что странного в")} {Html.Text(tape.Names[0])}</h1>
        <p>{Html.Number(tape.Records)} {Html.Say("records heard, one pass, no look ahead", Html.Form(tape.Records, "запись услышана", "записи услышаны", "записей услышано") + ", один проход, без заглядывания вперёд")}</p>
        </header>
        <section class="rings"><canvas id="rings" role="img" aria-labelledby="of-rings"></canvas><p id="of-rings">{Html.Say("The rings that listen, turning; an oscillator stands further out the stronger it is.", "Слушающие кольца, вращаясь; осциллятор стоит тем дальше от середины, чем он сильнее.")}</p></section>
        <section><h2>{Html.Say("The signal; dots stand where a record scored at least a half", "Сигнал; точки — где оценка записи не меньше половины")}</h2><canvas id="signal"></canvas></section>
        <section><h2>{Html.Say("Score over time; from a half on an alarm was worth it", "Оценка во времени; с половины тревога того стоила")}</h2><canvas id="scores" class="low"></canvas></section>
        <section><h2>{Html.Say("What resonates: mean energy by period, samples", "Что резонирует: средняя энергия по периоду, отсчёты")}</h2><canvas id="spectrum"></canvas></section>
        <section><h2>{Html.Say("The strangest records", "Самые странные записи")}</h2>{Table(tape)}</section>
        """);

    static string Table(AnomalyTape tape)
    {
        if (tape.Alarms.Count == 0)
            return $"<p>{Html.Say("No record stood out.", "Ни одна запись не выделилась.")}</p>";
        var to = new StringBuilder($"<div class=\"wide\"><table><tr><th class=\"n\">{Html.Say("record", "запись")}</th><th class=\"n\">{Html.Say("score", "оценка")}</th><th>{Html.Say("reason", "причина")}</th><th>{Html.Say("column", "столбец")}</th><th class=\"n\">{Html.Say("period", "период")}</th></tr>");
        foreach ((long record, Anomaly found) in tape.Alarms.Take(Told))
            to.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{Html.Number(record)}</td><td class=\"n\">{Html.Both(found.Score, 3)}</td><td>{Reason(found.Kind)}</td><td>{Html.Text(tape.Names[found.Column])}</td><td class=\"n\">{(found.Period > 0 ? Html.Both(found.Period) : "")}</td></tr>");
        return to.Append("</table></div>").ToString();
    }

    static void Data(Utf8JsonWriter json, AnomalyTape tape)
    {
        tape.Rings.Write(json);
        json.WriteNumber("per", tape.PerStretch);
        RingFrames.Rows(json, "signal", tape.Stretches, 6);
    }

    static string Reason(AnomalyKind kind) => kind switch
    {
        AnomalyKind.Range => Html.Say("beyond all before", "за пределами прежнего"),
        AnomalyKind.Surprise => Html.Say("otherwise than forecast", "не так, как в прогнозе"),
        AnomalyKind.Rhythm => Html.Say("a rhythm grew or faded", "ритм усилился или угас"),
        AnomalyKind.Step => Html.Say("a step", "скачок"),
        AnomalyKind.State => Html.Say("levels never stood so", "такого сочетания уровней не было"),
        AnomalyKind.Clock => Html.Say("not so at this time of day", "не так в это время суток"),
        _ => "",
    };
}
