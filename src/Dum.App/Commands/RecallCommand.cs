using System.CommandLine;
using System.Globalization;
using Dum.App.Views.Memory;
using Dum.Mind;
using Dum.Mind.Recall;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum recall</c>: what fits a question, within a budget of tokens.</summary>
static class RecallCommand
{
    public static Command Create()
    {
        var question = new Argument<string[]>("question") { Description = Say("in plain words, Russian or English", "обычными словами, по-русски или по-английски"), Arity = ArgumentArity.OneOrMore };
        Option<string> memory = MemoryOptions.Folder();
        var budget = new Option<string>("--budget", "-b") { Description = Say($"tokens to fill, of four characters: {MindMemory.LeastBudget} to {MindMemory.MostBudget}", $"сколько токенов заполнить, по четыре знака: от {MindMemory.LeastBudget} до {MindMemory.MostBudget}"), HelpName = "N", DefaultValueFactory = _ => "2000" };
        Option<bool> json = Shared.Json();
        var command = new Command("recall", Say("Recall from a memory: the best passages in full, gists around them, a map of the rest, each with its source.", "Вспомнить: лучшие места целиком, вокруг них суть, дальше карта; у каждой строки источник."))
        {
            question, memory, budget, json,
        };
        command.Shows(Say("dum recall \"where did I leave the keys?\"\ndum recall \"the recipe from last summer\" --budget 500", "dum recall \"где я оставил ключи?\"\ndum recall \"рецепт прошлым летом\" --budget 500"));
        command.Does((parsed, _) =>
        {
            string asked = parsed.GetValue(budget)!;
            if (!long.TryParse(asked, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long tokens))
                throw new DumException(Say($"--budget {asked}: give a number of tokens, {MindMemory.LeastBudget} to {MindMemory.MostBudget}", $"--budget {asked}: укажите число токенов, от {MindMemory.LeastBudget} до {MindMemory.MostBudget}"));
            string text = string.Join(' ', parsed.GetValue(question)!).Trim();
            if (text.Length == 0)
                throw new DumException(Say("ask something: the question is empty", "спросите что-нибудь: вопрос пуст"));
            using MindMemory mind = MindMemory.Open(parsed.GetValue(memory)!);
            Recollection found = mind.Recall(text, tokens);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(MemoryJson.Of(found));
            else
                MemoryView.Print(found, Console.Out);
            return found.Abstains ? Cli.Negative : Cli.Ok;
        });
        return command;
    }
}
