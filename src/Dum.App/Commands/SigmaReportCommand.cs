using System.CommandLine;
using System.Text;
using Dum.App.Views.Sigma;
using Dum.Files;
using Dum.Models;
using Dum.Sigma.Answers;
using Dum.Sigma.Predict;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma report</c>: the three questions of sigma, answered for a model and a text on one page.</summary>
static class SigmaReportCommand
{
    public static Command Create()
    {
        Argument<string> model = SigmaCommand.Model(), text = SigmaCommand.Text();
        Option<string?> tokenizer = SigmaCommand.Tokenizer();
        Option<int> tokens = SigmaCommand.Tokens(), threads = Shared.Threads();
        var output = new Option<string>("--output", "-o") { Description = Say("the page; the protocol is written beside it first", "страница; протокол пишется рядом до измерений"), HelpName = "FILE.html", Required = true };
        var seed = new Option<ulong>("--seed") { Description = Say("of the placebos", "зерно плацебо"), DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("report", Say(
            "Is rounding random, an oracle, an interface? Numbers with their placebos, laws with their falsifiers, on one page.",
            "Округление — случайность, оракул, интерфейс? Числа с плацебо, законы с опровержениями, на одной странице."))
        {
            model, text, output, tokens, seed, tokenizer, threads,
        };
        command.Shows("dum sigma report default book.txt -o sigma.html");
        command.Does((parsed, cancel) =>
        {
            string source = parsed.GetValue(text)!, page = OutputPath.Page(parsed.GetValue(output)!, [source], "-o")!;
            string plan = OutputPath.Kind(Path.ChangeExtension(page, ".protocol.txt"), [source, page], "protocol ", "-o", "protocol", "протокол");
            int most = parsed.GetValue(tokens);
            byte[] bytes = SigmaCommand.Beginning(source, most);
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!, tokenizer: parsed.GetValue(tokenizer));
            Protocol protocol = SigmaAnswers.Plan(loaded, bytes, most, parsed.GetValue(seed));
            SafeFile.Write(plan, stream => stream.Write(Encoding.UTF8.GetBytes(protocol.ToText())));
            Console.Error.WriteLine(Say($"protocol {protocol.Hash[..16]}… → {plan}", $"протокол {protocol.Hash[..16]}… → {plan}"));
            SigmaAnswers answers;
            using (var progress = new Progress(Say("report", "отчёт")))
                answers = SigmaAnswers.Run(loaded, bytes, protocol, parsed.GetValue(threads), (step, done) => progress.Step(step, done, ""), cancel);
            SigmaReportPage.Write(page, answers, Path.GetFileName(parsed.GetValue(model)!.TrimEnd('/')), Path.GetFileName(source));
            SigmaReportText.Write(Console.Out, answers);
            Console.Error.WriteLine($"→ {page}");
            return answers.Study.Void.Count == 0 ? Cli.Ok : Cli.Negative;
        });
        return command;
    }
}
