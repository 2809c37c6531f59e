using System.Numerics;
using System.Text.Json;
using Dum.App.Views.Report;
using Dum.Rhythm.Memory;
using static Dum.Tongue;

namespace Dum.App.Views.Rhythm;

/// <summary>A recall as one page: cues that settle into what they were cut from, and the memory, a wheel of phases for each rhythm.</summary>
static class RecallPage
{
    // Spokes of a wheel, wheels of the memory.
    const int MostSpokes = 96, MostSlots = 60;

    public static void Save(string path, RecallTape tape) => ScriptedPage.Save(path, Say("Recall", "Припоминание"), "rhythm", Body(tape), json => Data(json, tape));

    static string Body(RecallTape tape) => BothTongues.Body($"""
        <header>
        <h1>{Html.Say("Rhythms remembered", "Ритмы в памяти")}</h1>
        <p>{Html.Number(tape.Store.Count)} {Html.Say("of", "из")} {Html.Number(tape.Store.Capacity)} {Html.Say("slots", "ячеек")} · {Html.Say("places in each", "мест в каждой")}: {tape.Store.Length} · {Html.Say("cues", "обрывков")}: {Html.Number(tape.Asked)}</p>
        <p>{Html.Say("A wheel is a rhythm: a spoke for each place, its colour the phase, nothing where nothing is known.", "Колесо — ритм: спица на каждое место, цвет — фаза, пусто там, где ничего не известно.")}</p>
        </header>
        <section><h2>{Html.Say("Cues, settling", "Обрывки и то, к чему они сходятся")}</h2><canvas id="cues"></canvas></section>
        <section><h2>{Html.Say("The memory, the most alive first; the arc outside is energy", "Память, самое живое первым; дуга снаружи — энергия")}</h2><canvas id="memory"></canvas></section>
        """);

    static void Data(Utf8JsonWriter json, RecallTape tape)
    {
        RhythmStore store = tape.Store;
        json.WriteStartArray("cues");
        foreach (RecalledCue cue in tape.Cues)
        {
            json.WriteStartObject();
            json.WriteString("name", cue.Name);
            json.WriteNumber("agreement", Math.Round(cue.Agreement, 4));
            Wheel(json, "cue", cue.Cue);
            Wheel(json, "settled", cue.Settled);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("slots");
        foreach (SlotFacts slot in Enumerable.Range(0, store.Count).Select(store.Facts).OrderByDescending(f => f.Energy).ThenBy(f => f.Slot).Take(MostSlots))
        {
            json.WriteStartObject();
            json.WriteString("name", slot.Name);
            json.WriteNumber("energy", Math.Round(slot.Energy, 4));
            Wheel(json, "pattern", store.Pattern(slot.Slot));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Phases in turns; null where nothing is known. Long rhythms are shown at evenly spaced places.</summary>
    static void Wheel(Utf8JsonWriter json, string name, Complex[] pattern)
    {
        int spokes = Math.Min(pattern.Length, MostSpokes);
        json.WriteStartArray(name);
        for (int i = 0; i < spokes; i++)
            if (pattern[(int)((long)i * pattern.Length / spokes)] is var z && z.Magnitude > 1e-6)
                json.WriteNumberValue(Math.Round(z.Phase / (2 * Math.PI), 3));
            else
                json.WriteNullValue();
        json.WriteEndArray();
    }
}
