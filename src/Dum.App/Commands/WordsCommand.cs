using System.CommandLine;
using Dum.Files;
using Dum.Mind;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum memory words</c>: learns the word vectors by which recall knows that a violin is an instrument.</summary>
static class WordsCommand
{
    public static Command Create()
    {
        var texts = new Argument<string[]>("text") { Description = Say("plain text files", "файлы простого текста"), Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = Say("where to", "куда"), HelpName = "FILE", Required = true };
        var words = new Option<int>("--words") { Description = Say("how many stems", "сколько основ"), HelpName = "N", DefaultValueFactory = _ => 24_000 };
        var dimensions = new Option<int>("--dimensions") { Description = Say("numbers of a vector", "чисел в векторе"), HelpName = "N", DefaultValueFactory = _ => 64 };
        var command = new Command("words", Say("Learn word vectors from texts, as those that ship with the program were learned.", "Выучить векторы слов по текстам, как выучены те, что идут с программой.")) { texts, output, words, dimensions };
        command.Does((parsed, cancel) =>
        {
            string[] from = parsed.GetValue(texts)!;
            foreach (string path in from)
                FileTree.Find(path);
            (int count, int size) = (parsed.GetValue(words), parsed.GetValue(dimensions));
            if (count is < 100 or > 200_000 || size is < 8 or > 512)
                throw new DumException(Say("give 100 to 200000 words and 8 to 512 dimensions", "нужно от 100 до 200000 слов и от 8 до 512 чисел в векторе"));
            string to = OutputPath.Kind(parsed.GetValue(output)!, from, "DUMVEC", "-o", "table of word vectors", "таблица векторов слов");
            using var progress = new Progress(Say("learning words", "учу слова"));
            SafeFile.Write(to, stream => MindMemory.LearnWords(from, count, size, stream, (what, share) => progress.Step(what, share, ""), cancel));
            return Cli.Ok;
        });
        return command;
    }
}
