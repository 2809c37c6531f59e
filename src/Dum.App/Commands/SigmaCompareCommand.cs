using System.CommandLine;
using Dum.App.Views.Sigma;
using Dum.Sigma.Doctor;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma compare</c>: where two recorded runs part.</summary>
static class SigmaCompareCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("first") { Description = Say("a recording; its order decides what comes first", "запись; что раньше, решает её порядок") };
        var second = new Argument<string>("second") { Description = Say("another, from any process or machine", "другая, из любого процесса или с любой машины") };
        Option<bool> json = Shared.Json();
        var command = new Command("compare", Say(
            "Names the first operation, layer and element in which two recorded runs part, and the batch boundary. Exit code 0 the same, 1 not.",
            "Называет первую операцию, слой и элемент, где разошлись два записанных прогона, и границу пакета. Код 0 — одинаковы, 1 — нет."))
        {
            first, second, json,
        };
        command.Shows("dum sigma compare here.dumrun there.dumrun");
        command.Does((parsed, _) =>
        {
            using Recording a = Recording.Open(parsed.GetValue(first)!), b = Recording.Open(parsed.GetValue(second)!);
            ComparisonResult result = RunComparison.Of(a, b);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(ComparisonView.Json(result));
            else
                ComparisonView.Write(Console.Out, result, a, b);
            return result.Divergence is null ? Cli.Ok : Cli.Negative;
        });
        return command;
    }
}
