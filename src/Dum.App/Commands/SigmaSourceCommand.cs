using System.CommandLine;
using Dum.Sigma.Controls;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma source</c>: the placebos and the weak generators as streams, for this battery and for others'.</summary>
static class SigmaSourceCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = Say("a source; none lists them", "источник; без имени — перечень"), Arity = ArgumentArity.ZeroOrOne, HelpName = "name" };
        name.CompletionSources.Add([.. Source.All.Select(s => s.Name)]);
        var bytes = new Option<long>("--bytes") { Description = Say("stop after so many", "остановиться после стольких"), DefaultValueFactory = _ => 1 << 20, HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = Say("another stream for every seed", "другой поток для каждого зерна"), DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("source", Say(
            "Streams of bytes that are known: good ones as placebos, weak ones as controls.",
            "Известные потоки байтов: хорошие — плацебо, слабые — контроль."))
        {
            name, bytes, seed,
        };
        command.Shows("dum sigma source mt19937 --bytes 4000000 | dum sigma battery -");
        command.Does((parsed, cancel) =>
        {
            if (parsed.GetValue(name) is not { } wanted)
            {
                foreach (Source source in Source.All)
                    Console.Out.WriteLine($"{source.Name,-18} {(source.Weak ? Say("weak", "слабый") : Say("good", "хороший")),-8} {source.What}");
                return Cli.Ok;
            }
            Source.Filler fill = Source.Of(wanted).Open(parsed.GetValue(seed));
            if (parsed.GetValue(bytes) < 0)
                throw new DumException(Say("--bytes must not be negative", "--bytes не меньше 0"));
            using System.IO.Stream output = StandardOutput.Open();
            byte[] block = new byte[1 << 16];
            for (long left = parsed.GetValue(bytes); left > 0; left -= block.Length)
            {
                cancel.ThrowIfCancellationRequested();
                Span<byte> part = block.AsSpan(0, (int)Math.Min(left, block.Length));
                fill(part);
                output.Write(part);
            }
            return Cli.Ok;
        });
        return command;
    }
}
