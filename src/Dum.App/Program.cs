using System.CommandLine;
using Dum.App;
using Dum.App.Commands;
using static Dum.Tongue;

var root = new RootCommand(Say(
    "40kDUM: text becomes hyperwords and scenes, and comes back byte for byte.",
    "40kDUM: текст становится гиперсловами и сценами и возвращается байт в байт."))
{
    FoldCommand.Create(),
    UnfoldCommand.Create(),
    LexiconCommand.Create(),
    CheckCommand.Create(),
    CompletionCommand.Create(),
};

return Cli.Run(root, args);
