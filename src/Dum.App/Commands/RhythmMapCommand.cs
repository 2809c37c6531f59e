using System.CommandLine;
using Dum.App.Views.Rhythm;
using Dum.Models;
using Dum.Rhythm.Map;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm map</c>: the map of architectural mistakes, measured on this machine when it is asked for.</summary>
static class RhythmMapCommand
{
    // Rows look at no more of a text.
    const long MostText = 1 << 20;

    public static Command Create()
    {
        var text = new Option<string?>("--text", "-t") { Description = Say("a text for the rows that need one; a megabyte of it is used", "текст для строк, которым он нужен; берётся мегабайт"), HelpName = "FILE" };
        var model = new Option<string?>("--model") { Description = Say("the language model that one row looks at (default: the one that ships with dum)", "языковая модель для одной из строк (по умолчанию та, что идёт с dum)"), HelpName = "MODEL" };
        var only = new Option<string?>("--only") { Description = Say("only this row", "только эта строка"), HelpName = "ROW" };
        var seeds = new Option<int>("--seeds") { Description = Say("runs of each row; medians are shown", "запусков каждой строки; показаны медианы"), DefaultValueFactory = _ => 3, HelpName = "N" };
        var quick = new Option<bool>("--quick") { Description = Say("smaller tasks, one run: a glance", "задачи поменьше, один запуск: беглый взгляд") };
        Option<string?> report = RhythmCommand.Report(Say("the map in both languages", "карта на обоих языках"));
        Option<bool> json = Shared.Json();
        var command = new Command("map", Say(
            "The map of architectural mistakes: each accused choice beside its rhythm alternative, with time and memory of both. Either may win.",
            "Карта архитектурных ошибок: каждый обвиняемый выбор рядом с ритмической заменой, с временем и памятью обоих. Победить может любой."))
        {
            text, model, only, seeds, quick, report, json,
        };
        command.Shows(Say(
            "dum rhythm map --quick\ndum rhythm map --text book.txt --report map.html\ndum rhythm map --only memory --json",
            "dum rhythm map --quick\ndum rhythm map --text книга.txt --report карта.html\ndum rhythm map --only memory --json"));
        command.Does((parsed, cancel) =>
        {
            if (parsed.GetValue(seeds) is < 1 or > 1000)
                throw new DumException(Say("--seeds: give 1 to 1000", "--seeds: от 1 до 1000"));
            string? page = OutputPath.Page(parsed.GetValue(report), new[] { parsed.GetValue(text) }.OfType<string>());
            var options = new MapOptions
            {
                Text = parsed.GetValue(text) is { } path ? Shared.Beginning(path, MostText) : null,
                Model = parsed.GetValue(model) ?? (LanguageModel.HasDefault ? LanguageModel.DefaultName : null),
                Only = parsed.GetValue(only),
                Seeds = parsed.GetValue(quick) ? 1 : parsed.GetValue(seeds),
                Quick = parsed.GetValue(quick),
            };
            using var progress = new Progress(Say("map", "карта"));
            IReadOnlyList<MapRow> rows = MistakeMap.Measure(options, (row, done) => progress.Step(row.Accused.ToString(), done, row.OurName.ToString()), cancel);
            progress.Dispose();
            if (parsed.GetValue(json))
                MapView.Json(rows);
            else
                MapView.Print(rows, Console.Out);
            if (page is not null)
                MapPage.Save(page, rows);
            return Cli.Ok;
        });
        return command;
    }
}
