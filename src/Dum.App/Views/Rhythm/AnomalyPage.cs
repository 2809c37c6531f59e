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

    static string Body(AnomalyTape tape) => $"""
        <header>
        <h1>{Say("What was strange in", "Что странного в")} {Html.Text(tape.Names[0])}</h1>
        <p>{Html.Number(tape.Records)} {Say("records heard, one pass, no look ahead", "записей услышано, один проход, без заглядывания вперёд")}</p>
        </header>
        <section class="rings"><canvas id="rings" aria-label="{Say("the rings that listen, turning", "слушающие кольца, вращаясь")}"></canvas></section>
        <section><h2>{Say("The signal; dots stand where a record scored at least a half", "Сигнал; точки — где оценка записи не меньше половины")}</h2><canvas id="signal"></canvas></section>
        <section><h2>{Say("Score over time; from a half on an alarm was worth it", "Оценка во времени; с половины тревога того стоила")}</h2><canvas id="scores" class="low"></canvas></section>
        <section><h2>{Say("What resonates: mean energy by period, samples", "Что резонирует: средняя энергия по периоду, отсчёты")}</h2><canvas id="spectrum"></canvas></section>
        <section><h2>{Say("The strangest records", "Самые странные записи")}</h2>{Table(tape)}</section>
        """;

    static string Table(AnomalyTape tape)
    {
        var to = new StringBuilder($"<table><tr><th>{Say("record", "запись")}</th><th>{Say("score", "оценка")}</th><th>{Say("reason", "причина")}</th><th>{Say("column", "столбец")}</th><th>{Say("period", "период")}</th></tr>");
        foreach ((long record, Anomaly found) in tape.Alarms.Take(Told))
            to.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html.Number(record)}</td><td>{found.Score:0.000}</td><td>{Reason(found.Kind)}</td><td>{Html.Text(tape.Names[found.Column])}</td><td>{(found.Period > 0 ? found.Period.ToString("0.#", CultureInfo.InvariantCulture) : "")}</td></tr>");
        return to.Append("</table>").ToString();
    }

    static void Data(Utf8JsonWriter json, AnomalyTape tape)
    {
        tape.Rings.Write(json);
        json.WriteNumber("per", tape.PerStretch);
        RingFrames.Rows(json, "signal", tape.Stretches, 6);
    }

    static string Reason(AnomalyKind kind) => kind switch
    {
        AnomalyKind.Range => Say("beyond all before", "за пределами прежнего"),
        AnomalyKind.Surprise => Say("otherwise than forecast", "не так, как в прогнозе"),
        AnomalyKind.Rhythm => Say("a rhythm grew or faded", "ритм усилился или угас"),
        AnomalyKind.Step => Say("a step", "скачок"),
        AnomalyKind.State => Say("levels never stood so", "такого сочетания уровней не было"),
        AnomalyKind.Clock => Say("not so at this time of day", "не так в это время суток"),
        _ => "",
    };
}
