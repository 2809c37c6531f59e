using System.CommandLine;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon</c>: everything about vocabularies, one subcommand a file.</summary>
static class LexiconCommand
{
    public static Command Create() => new("lexicon", Say(
        "Vocabularies of hyperwords: compare them with other tokenizers.",
        "Словари гиперслов: сравнить с другими токенизаторами."))
    {
        LexiconCompareCommand.Create(),
    };
}
