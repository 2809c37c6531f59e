using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Dum.App;
using Dum.App.Commands;
using static Dum.Tongue;

// What the command-line library itself says, in help and about mistyped options.
if (IsRussian)
    CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ru");

var root = new RootCommand(Say(
    "40kDUM: text becomes hyperwords and scenes, and comes back byte for byte.",
    "40kDUM: текст становится гиперсловами и сценами и возвращается байт в байт."))
{
    FoldCommand.Create(),
    UnfoldCommand.Create(),
    LexiconCommand.Create(),
    TrainCommand.Create(),
    AdaptCommand.Create(),
    GenerateCommand.Create(),
    AtlasCommand.Create(),
    LedgerCommand.Create(),
    SigmaCommand.Create(),
    ExportCommand.Create(),
    ImportCommand.Create(),
    RecallCommand.Create(),
    ExpandCommand.Create(),
    MemoryCommand.Create(),
    McpCommand.Create(),
    RhythmCommand.Create(),
    CheckCommand.Create(),
    CompletionCommand.Create(),
};

foreach (Option option in root.Options)
    option.Description = option switch
    {
        HelpOption => Say("show this help", "показать эту справку"),
        VersionOption => Say("show the version", "показать версию"),
        _ => option.Description,
    };

return Cli.Run(root, args);
