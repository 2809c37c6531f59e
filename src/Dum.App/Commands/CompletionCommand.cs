using System.CommandLine;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum completion SHELL</c>: prints the script that teaches a shell to complete <c>dum</c>.</summary>
static class CompletionCommand
{
    // Each script asks dum itself: the parser answers the [suggest:POSITION] directive with one candidate a line.
    const string Bash = """
        _dum() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(dum "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _dum dum
        """;

    const string Zsh = """
        #compdef dum
        _dum() {
            local -a found
            found=("${(@f)$(dum "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found; _files
        }
        compdef _dum dum
        """;

    const string Fish = """
        complete -c dum -a '(set -l line (commandline -cp); dum "[suggest:"(string length -- $line)"]" $line 2>/dev/null)'
        """;

    const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName dum -ScriptBlock {
            param($word, $ast, $position)
            dum "[suggest:$position]" "$ast" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish, pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", Say(
            "Print a shell's completion script, e.g. source <(dum completion bash)",
            "Вывести скрипт автодополнения, например: source <(dum completion bash)")) { shell };
        command.Does((parsed, _) =>
        {
            Console.Out.WriteLine(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, "pwsh" => Pwsh, _ => Bash });
            return Cli.Ok;
        });
        return command;
    }
}
