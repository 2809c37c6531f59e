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
        Cli.Tell(Say(
            $"model {options.Preset}: {Count(trainer.Parameters)} parameters ({trainer.Sizes}), {lexicon.Vocabulary.Count} units, context {trainer.Context}; text {Count(text.Bytes)} bytes in {Count(text.Ids.Length)} units; {trainer.UnitsPerStep} units a step, {options.Optimiser}, {options.Threads} threads",
            $"модель {options.Preset}: параметров {Count(trainer.Parameters)} ({trainer.Sizes}), единиц {lexicon.Vocabulary.Count}, контекст {trainer.Context}; текст {Count(text.Bytes)} байт в {Count(text.Ids.Length)} единицах; {trainer.UnitsPerStep} единиц за шаг, {options.Optimiser}, потоков {options.Threads}"));
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
        if (result.Worth is { } worth)
            output.WriteLine(Say(
                $"  scenes: {N(worth.Nats)} nats a hyperword; without their contexts +{N(worth.Zeroed - worth.Nats)}, with those of other scenes +{N(worth.Shuffled - worth.Nats)}",
                $"  сцены: {N(worth.Nats)} нат на гиперслово; без их контекста +{N(worth.Zeroed - worth.Nats)}, с контекстом чужих сцен +{N(worth.Shuffled - worth.Nats)}"));
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
            json.WriteNumber("parameters", result.Parameters);
            if (result.Learned != result.Parameters)
                json.WriteNumber("learned", result.Learned);
            if (result.Worth is { } worth)
            {
                json.WriteNumber("held_nats", Math.Round(worth.Nats, 6));
                json.WriteNumber("held_nats_scenes_zeroed", Math.Round(worth.Zeroed, 6));
                json.WriteNumber("held_nats_scenes_shuffled", Math.Round(worth.Shuffled, 6));
            }
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
