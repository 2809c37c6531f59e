using System.CommandLine;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon</c>: everything about vocabularies, one subcommand a file.</summary>
static class LexiconCommand
{
    public static Command Create() => new("lexicon", Say(
        "Vocabularies of hyperwords: train, show, encode, decode, compare with other tokenizers.",
        "Словари гиперслов: обучить, показать, закодировать, раскодировать, сравнить с другими токенизаторами."))
    {
        LexiconTrainCommand.Create(),
        LexiconShowCommand.Create(),
        LexiconEncodeCommand.CreateEncode(),
        LexiconEncodeCommand.CreateDecode(),
        LexiconCompareCommand.Create(),
    };
}
