using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Dum.Files;

namespace Dum.App;

/// <summary>The one door of every command: exit codes, one-line errors, Ctrl-C.</summary>
static class Cli
{
    /// <summary>Exit codes; <c>Unread</c> is that of a program whose reader has gone, 128 and SIGPIPE.</summary>
    public const int Ok = 0, Negative = 1, BadInput = 2, Missing = 3, Interrupted = 130, Unread = 141;

    /// <summary>EPIPE as an error of input and output has it, 32 wherever there are pipes of this kind: whoever read the output has gone.</summary>
    public const int BrokenPipe = 32;

    /// <summary>Milliseconds that work has to stop by itself after Ctrl-C; a command that saves its state first asks for more.</summary>
    public static int Patience { get; set; } = 3000;

    static readonly CancellationTokenSource s_stop = new();
    static readonly Dictionary<Command, string> s_examples = [];

    /// <summary>Examples that the command's own help shows below its options; a list of commands stays short.</summary>
    public static void Shows(this Command command, string examples) => s_examples[command] = examples;

    public static int Run(RootCommand root, string[] args)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Tell(Wrong(error));
            Tell(Tongue.Say("see 'dum --help'", "справка: 'dum --help'"));
            return BadInput;
        }
        // Our own handlers below print one line; the library's would print a stack trace.
        return Guard(() => parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }));
    }

    /// <summary>An option's value that is not of its kind, without the names of types; anything else as the library says it.</summary>
    static string Wrong(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Tokens: [.., { Value: var given }], Option: var option })
            return error.Message;
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (!error.Message.Contains(type.FullName ?? "", StringComparison.Ordinal))
            return error.Message;
        string wanted = type.IsEnum ? string.Join(Tongue.Say(" or ", " или "), Enum.GetNames(type).Select(n => n.ToLowerInvariant()))
            : type == typeof(double) || type == typeof(float) ? Tongue.Say("a number", "число")
            : type == typeof(ulong) || type == typeof(uint) ? Tongue.Say("a whole number from 0 on", "целое число от 0")
            : Tongue.Say("a whole number", "целое число");
        return Tongue.Say($"{option.Name} {given}: give {wanted}", $"{option.Name} {given}: нужно {wanted}");
    }

    static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        bool again = s_stop.IsCancellationRequested;
        s_stop.Cancel();
        // Work looks at the token every few milliseconds; a read that waits for input does not, and is left where it waits.
        if (!again)
            Thread.Sleep(Patience);
        SafeFile.Abandon();
        if (again || Patience > 3000)
            Tell(Tongue.Say("stopped at once; what was saved before stands", "остановлено немедленно; сохранённое раньше цело"));
        Environment.Exit(Interrupted);
    }

    /// <summary>Makes <paramref name="work"/> the action of a command; whatever it throws becomes one line and an exit code.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction(parsed => Guard(() => work(parsed, s_stop.Token)));

    static int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (DumException e)
        {
            Tell(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Tell(Tongue.Say("interrupted; nothing half-written is left behind", "прервано; наполовину записанного не осталось"));
            return Interrupted;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            return Unread;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(FileFault.Reason(e));
            return BadInput;
        }
        catch (ArgumentException e) when (e.ParamName is "path" or "fileName" or "linkPath")
        {
            // An empty name, or one with a zero byte in it, fails where it is first used.
            Tell(Tongue.Say("a file or folder name is empty or no name at all: look for an unset variable in the command", "имя файла или папки пусто или не имя: нет ли в команде пустой переменной?"));
            return BadInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("DUM_DEBUG") is null)
        {
            Tell(Tongue.Say(
                $"internal error: {e.Message} (run again with DUM_DEBUG=1 for details, and report it)",
                $"внутренняя ошибка: {e.Message} (запустите с DUM_DEBUG=1 и сообщите о ней)"));
            return BadInput;
        }
    }

    /// <summary>One line on standard error.</summary>
    public static void Tell(string message) =>
        Console.Error.WriteLine("dum: " + Plain(message));

    /// <summary>Text from outside as one harmless line: control characters, which a terminal would obey, become dots.</summary>
    public static string Plain(string text) =>
        string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '·' : c));

    sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            int code = usual.Invoke(parsed);
            if (s_examples.TryGetValue(parsed.CommandResult.Command, out string? examples))
                Console.Out.WriteLine(Tongue.Say("Examples:", "Примеры:") + "\n  " + examples.ReplaceLineEndings("\n  ") + "\n");
            return code;
        }
    }
}
