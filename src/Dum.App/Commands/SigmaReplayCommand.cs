using System.CommandLine;
using System.Globalization;
using Dum.Numerics;
using Dum.Sigma.Replay;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma replay</c>: the random draws of a run, made again from a log that holds none of them.</summary>
static class SigmaReplayCommand
{
    public static Command Create()
    {
        var log = new Argument<string>("log") { Description = Say("what --draws of 'dum train', 'dum adapt' or 'dum generate' has written", "что записал --draws команд 'dum train', 'dum adapt' или 'dum generate'") };
        var command = new Command("replay", Say(
            "Makes every random draw of a run again from its log, which holds addresses and no values. Exit code 1 where they are not the same, or one was used twice.",
            "Повторяет все случайные числа прогона по журналу, где есть адреса и нет значений. Код 1, если числа не те или какое-то взято дважды."))
        {
            log,
        };
        command.Shows("dum generate default --prompt 'It was' --draws it-was.draws\ndum sigma replay it-was.draws");
        command.Does((parsed, cancel) =>
        {
            DrawLog read = DrawLog.Load(parsed.GetValue(log)!);
            bool same;
            using (var progress = new Progress(Say("replay", "повтор")))
                same = read.Replay(done => progress.Step(Say("drawing again", "повтор чисел"), done, ""), cancel);
            Console.Out.WriteLine(Say("draws        for", "чисел        для чего"));
            foreach (IGrouping<(ulong Run, uint Domain), DrawStretch> group in read.Stretches.GroupBy(s => (s.Run, s.Domain)))
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Sum(s => (long)s.Count),-12} {Name(group.Key.Domain)}, ") + Say($"run {group.Key.Run}", $"прогон {group.Key.Run}"));
            foreach (DrawStretch twice in read.Collisions.Take(10))
                Console.Out.WriteLine(Say(
                    $"USED TWICE   {Name(twice.Domain)}, run {twice.Run}, layer {twice.Layer}, step {twice.Step}, position {twice.First}",
                    $"ВЗЯТО ДВАЖДЫ {Name(twice.Domain)}, прогон {twice.Run}, слой {twice.Layer}, шаг {twice.Step}, позиция {twice.First}"));
            Console.Out.WriteLine(same
                ? Say($"THE SAME     all {read.Draws} made again, their sum is that of the run; {read.Collisions.Count} used twice", $"ТЕ ЖЕ        повторены все ({read.Draws}), сумма та же; взято дважды: {read.Collisions.Count}")
                : Say($"NOT THE SAME the sum of {read.Draws} draws is another", $"НЕ ТЕ        сумма {read.Draws} чисел другая"));
            return same && read.Collisions.Count == 0 ? Cli.Ok : Cli.Negative;
        });
        return command;
    }

    static string Name(uint domain) => (DrawDomain)domain switch
    {
        DrawDomain.Weights => Say("first weights", "первые веса"),
        DrawDomain.Windows => Say("order of the text", "порядок текста"),
        DrawDomain.Sampling => Say("tokens", "токены"),
        DrawDomain.Candidates => Say("candidates of the loss", "кандидаты потери"),
        DrawDomain.HeldOut => Say("what is held out", "что отложено для проверки"),
        DrawDomain.Adapter => Say("first weights of an adapter", "первые веса адаптера"),
        _ => Say($"domain {domain}", $"область {domain}"),
    };
}
