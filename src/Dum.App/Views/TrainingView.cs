using System.Globalization;
using System.Text.Json;
using Dum.Lexicon;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>What a person reads at the start and the end of a training run.</summary>
static class TrainingView
{
    public static void Start(Trainer trainer, LexiconFile lexicon, Shard text, TrainingOptions options)
    {
        var s = trainer.Shape;
        Cli.Tell(Say(
            $"model {options.Preset}: {Count(s.Parameters)} parameters ({s.Layers} layers × {s.Width}, {s.Heads} heads over {s.KeyValueHeads}), {lexicon.Vocabulary.Count} units, context {s.Context}; text {Count(text.Bytes)} bytes in {Count(text.Ids.Length)} units; {trainer.UnitsPerStep} units a step, {options.Optimiser}, {options.Threads} threads",
            $"модель {options.Preset}: параметров {Count(s.Parameters)} (слоёв {s.Layers} × {s.Width}, голов {s.Heads} на {s.KeyValueHeads}), единиц {lexicon.Vocabulary.Count}, контекст {s.Context}; текст {Count(text.Bytes)} байт в {Count(text.Ids.Length)} единицах; {trainer.UnitsPerStep} единиц за шаг, {options.Optimiser}, потоков {options.Threads}"));
        if (trainer.ResumedAt > 0)
            Cli.Tell(Say($"going on from step {trainer.ResumedAt}", $"продолжаю с шага {trainer.ResumedAt}"));
    }

    public static void Finish(TrainingResult result, string folder, bool json, TextWriter output)
    {
        if (json)
        {
            Json(result, folder, output);
            return;
        }
        TrainingFacts facts = result.Facts;
        double? held = facts.Curve.LastOrDefault(p => p.Held is not null)?.Held;
        output.WriteLine(Say(
            $"{folder}: {facts.Step} steps, {Time(facts.Seconds)}, {Count(facts.Bytes)} bytes read", $"{folder}: шагов {facts.Step}, {Time(facts.Seconds)}, прочитано {Count(facts.Bytes)} байт")
            + (held is { } bits ? Say($", {N(bits)} bits per byte on held-out text", $", {N(bits)} бит на байт на отложенном тексте") : ""));
        foreach (TextScore score in result.Scores)
            output.WriteLine($"  {score.Name,-28} {N(score.BitsPerByte)} {Say("bits per byte", "бит на байт")}  ({Count(score.Bytes)} {Say("bytes", "байт")}, {N((double)score.Bytes / score.Units)} {Say("bytes a unit", "байт на единицу")})");
        output.WriteLine(Say($"try: dum generate {folder} --prompt '…'", $"попробуйте: dum generate {folder} --prompt '…'"));
    }

    public static string Time(double seconds) => seconds < 90 ? $"{seconds:0} {Say("s", "с")}" : seconds < 5400 ? $"{seconds / 60:0} {Say("min", "мин")}" : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} {Say("h", "ч")}");

    public static string Count(double n) => n switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{n / 1e9:0.0}G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{n / 1e6:0.0}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{n / 1e3:0}K"),
        _ => n.ToString("0", CultureInfo.InvariantCulture),
    };

    public static string N(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    public static void Json(TrainingResult result, string folder, TextWriter output)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("model", folder);
            json.WriteNumber("parameters", result.Shape.Parameters);
            if (result.Learned != result.Shape.Parameters)
                json.WriteNumber("learned", result.Learned);
            json.WriteNumber("steps", result.Facts.Step);
            json.WriteNumber("seconds", Math.Round(result.Facts.Seconds, 1));
            json.WriteNumber("bytes_read", result.Facts.Bytes);
            json.WriteStartArray("curve");
            foreach (CurvePoint p in result.Facts.Curve)
            {
                json.WriteStartObject();
                json.WriteNumber("step", p.Step);
                json.WriteNumber("seconds", Math.Round(p.Seconds, 1));
                json.WriteNumber("bytes", p.Bytes);
                json.WriteNumber("train_bits_per_byte", Math.Round(p.Train, 5));
                if (p.Held is { } held)
                    json.WriteNumber("held_bits_per_byte", Math.Round(held, 5));
                json.WriteNumber("rate", p.Rate);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("tests");
            foreach ((TextScore s, int i) in result.Scores.Select((s, i) => (s, i)))
            {
                json.WriteStartObject();
                json.WriteString("name", s.Name);
                json.WriteNumber("bytes", s.Bytes);
                json.WriteNumber("units", s.Units);
                json.WriteNumber("bits_per_byte", Math.Round(s.BitsPerByte, 5));
                if (i < result.BaseScores.Count)
                    json.WriteNumber("base_bits_per_byte", Math.Round(result.BaseScores[i].BitsPerByte, 5));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }
}
