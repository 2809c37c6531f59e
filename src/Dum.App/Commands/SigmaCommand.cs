using System.CommandLine;
using Dum.Models;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma</c>: rounding as a signal, one subcommand a file.</summary>
static class SigmaCommand
{
    public static Command Create() => new("sigma", Say(
        "Rounding as a signal: is it random, what does it know, what is it good for — each answer beside its placebos.",
        "Округление как сигнал: случайно ли оно, что знает и на что годится — каждый ответ рядом с плацебо."))
    {
        SigmaBatteryCommand.Create(),
        SigmaSourceCommand.Create(),
        SigmaTapCommand.Create(),
        SigmaRecordCommand.Create(),
        SigmaCompareCommand.Create(),
        SigmaQuantiseCommand.Create(),
        SigmaReportCommand.Create(),
        SigmaReplayCommand.Create(),
    };

    /// <summary>The model that a command runs.</summary>
    public static Argument<string> Model() => new("model") { Description = Say("a model's folder or file, or default", "папка или файл модели, или default") };

    /// <summary>The tokenizer of a model that comes without one.</summary>
    public static Option<string?> Tokenizer() => new("--tokenizer") { Description = Say("the tokenizer's file, for models that come without one (llama2.c)", "файл токенизатора для моделей, где его нет (llama2.c)"), HelpName = "FILE" };

    /// <summary>The text that it reads.</summary>
    public static Argument<string> Text() => new("text") { Description = Say("a text for it to read", "текст, который она читает") };

    /// <summary>How much of it.</summary>
    public static Option<int> Tokens() => new("--tokens") { Description = Say("read at most so many", "прочитать не больше стольких"), DefaultValueFactory = _ => 4096, HelpName = "N" };

    /// <summary>All files that a run reads, none of which may be written over.</summary>
    /// <param name="model">As it was named.</param>
    /// <param name="others">The text, the tokenizer.</param>
    public static IEnumerable<string> Read(string model, params IEnumerable<string?> others)
    {
        string path = LanguageModel.Resolve(model);
        return [.. others.OfType<string>(), path, .. Directory.Exists(path) ? Directory.EnumerateFiles(path) : []];
    }

    /// <summary>As much of a text as so many tokens can be made of: forty bytes a token is more than any has.</summary>
    /// <exception cref="DumException">The file cannot be read, or no token is asked for.</exception>
    public static byte[] Beginning(string path, long tokens) => tokens > 0
        ? Shared.Beginning(path, 40 * tokens)
        : throw new DumException(Say($"--tokens {tokens}: give a number above 0", $"--tokens {tokens}: нужно число больше 0"));
}
