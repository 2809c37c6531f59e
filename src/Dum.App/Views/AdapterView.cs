using System.Globalization;
using Dum.Models;
using Dum.Training;
using static Dum.App.Views.TrainingView;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>What a person reads at the start and the end of training an adapter.</summary>
static class AdapterView
{
    public static void Start(Trainer trainer, LanguageModel model, Shard text, AdapterOptions adapter, TrainingOptions options)
    {
        Cli.Tell(Say(
            $"adapter of rank {adapter.Rank}: {Count(trainer.Learned)} weights beside {Count(trainer.Parameters)} of {model.Name} ({Share(trainer.Learned, trainer.Parameters)}); text {Count(text.Bytes)} bytes in {Count(text.Ids.Length)} units; {trainer.UnitsPerStep} units a step, {options.Threads} threads",
            $"адаптер ранга {adapter.Rank}: весов {Count(trainer.Learned)} рядом с {Count(trainer.Parameters)} у {model.Name} ({Share(trainer.Learned, trainer.Parameters)}); текст {Count(text.Bytes)} байт в {Count(text.Ids.Length)} единицах; {trainer.UnitsPerStep} единиц за шаг, потоков {options.Threads}"));
        if (trainer.ResumedAt > 0)
            Cli.Tell(Say($"going on from step {trainer.ResumedAt}", $"продолжаю с шага {trainer.ResumedAt}"));
    }

    public static void Finish(TrainingResult result, LanguageModel model, string folder, bool json, TextWriter output)
    {
        if (json)
        {
            Json(result, folder, output);
            return;
        }
        TrainingFacts facts = result.Facts;
        CurvePoint[] held = [.. facts.Curve.Where(p => p.Held is not null)];
        output.WriteLine(Say($"{folder}: {facts.Step} steps, {Time(facts.Seconds)}, {Count(facts.Bytes)} bytes read", $"{folder}: шагов {facts.Step}, {Time(facts.Seconds)}, прочитано {Count(facts.Bytes)} байт"));
        foreach (CurvePoint point in held)
            output.WriteLine($"  {Say("step", "шаг"),-5} {point.Step,8}  {N(point.Held!.Value)} {Say("bits per byte on held-out text", "бит на байт на отложенном тексте")}");
        foreach ((TextScore before, TextScore after) in result.BaseScores.Zip(result.Scores))
            output.WriteLine($"  {after.Name,-28} {N(before.BitsPerByte)} → {N(after.BitsPerByte)} {Say("bits per byte", "бит на байт")} ({(after.BitsPerByte / before.BitsPerByte - 1).ToString("+0.0 %;−0.0 %", CultureInfo.InvariantCulture)})");
        output.WriteLine(Say($"try: dum generate {model.Name} --adapter {folder} --prompt '…'", $"попробуйте: dum generate {model.Name} --adapter {folder} --prompt '…'"));
        output.WriteLine(Say($"     dum export {model.Name} --adapter {folder} -o MERGED", $"            dum export {model.Name} --adapter {folder} -o ВМЕСТЕ"));
    }

    static string Share(double part, double whole) => (part / whole).ToString("0.0 %", CultureInfo.InvariantCulture);
}
