using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Dum.App;

/// <summary>The one door of every command: exit codes, one-line errors, Ctrl-C.</summary>
static class Cli
{
    public const int Ok = 0, Negative = 1, BadInput = 2, Missing = 3, Interrupted = 130;

    static readonly Dictionary<Command, string> s_examples = [];

    /// <summary>Examples that the command's own help shows below its options; a list of commands stays short.</summary>
    public static void Shows(this Command command, string examples) => s_examples[command] = examples;

    public static int Run(RootCommand root, string[] args)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Tell(error.Message);
            Tell(Tongue.Say("see 'dum --help'", "справка: 'dum --help'"));
            return BadInput;
        }
        // Our own handlers below print one line; the library's would print a stack trace.
        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Long enough to finish a block and to take away what was half-written.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        });
    }

    /// <summary>Makes <paramref name="work"/> the action of a command; whatever it throws becomes one line and an exit code.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, int> work) =>
        // On another thread: the library listens for Ctrl-C only once the action has given it a task to wait for.
        command.SetAction((parsed, cancel) => Task.Run(() => Guard(() => work(parsed, cancel)), CancellationToken.None));

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(e.Message);
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
        Console.Error.WriteLine("dum: " + message.ReplaceLineEndings(" "));

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
