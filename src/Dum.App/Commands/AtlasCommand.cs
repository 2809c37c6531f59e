using System.CommandLine;
using System.Text;
using Dum.App.Views.Atlas;
using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum atlas</c>: the map of a model's meanings, made, shown, and used to tag scenes.</summary>
static class AtlasCommand
{
    /// <summary>Scenes that a hypersymbol needs to be more than a name for some of them.</summary>
    const int ScenesPerCode = 5;

    public static Command Create()
    {
        var defaults = new AtlasOptions();
        Argument<string> model = Model();
        var texts = new Argument<string[]>("text") { Description = Say("texts, chats (JSON lines) and folders of them", "тексты, чаты (строки JSON) и папки с ними"), Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = Say("the atlas", "файл атласа"), HelpName = "ATLAS", Required = true };
        var codes = new Option<int>("--codes") { Description = Say("hypersymbols", "гиперсимволов"), DefaultValueFactory = _ => defaults.Codes, HelpName = "N" };
        var scenes = new Option<int>("--scenes") { Description = Say("read about so many scenes, spread evenly over the texts; 0 for all", "прочитать примерно столько сцен, равномерно по текстам; 0 — все"), DefaultValueFactory = _ => defaults.Scenes, HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = Say("all random draws follow from it", "от него зависят все случайные числа"), DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var force = new Option<bool>("--force") { Description = Say("replace the atlas if it exists", "заменить атлас, если он есть") };
        Option<string?> report = Report();
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("atlas", Say(
            "Hypersymbols: about a thousand codes over a model's scenes, named from their own scenes and drawn as a map.",
            "Гиперсимволы: около тысячи кодов над сценами модели, названных по их же сценам и нарисованных картой."))
        {
            model, texts, output, force, codes, scenes, seed, report, threads, json, Tag(), Show(),
        };
        command.Shows(Say(
            "dum atlas mymodel books/ -o my.dumatlas --report atlas.html\ndum atlas show my.dumatlas\ndum atlas tag mymodel my.dumatlas letter.txt\ndum generate mymodel --prompt 'It was' --atlas my.dumatlas --excite sea=3",
            "dum atlas модель книги/ -o мой.dumatlas --report атлас.html\ndum atlas show мой.dumatlas\ndum atlas tag модель мой.dumatlas письмо.txt\ndum generate модель --prompt 'Это был' --atlas мой.dumatlas --excite море=3"));
        command.Does((parsed, cancel) =>
        {
            var options = new AtlasOptions { Codes = parsed.GetValue(codes), Scenes = parsed.GetValue(scenes), Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads) };
            string[] read = [parsed.GetValue(model)!, .. parsed.GetValue(texts)!];
            string target = OutputPath.File(parsed.GetValue(output)!, parsed.GetValue(force), read);
            string? page = OutputPath.Page(parsed.GetValue(report), [target, .. read]);
            IReadOnlyList<LexiconSource> sources = LexiconFiles.Collect(parsed.GetValue(texts)!, new Notices());
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!);
            Atlas atlas;
            using (var progress = new Progress(Say("atlas", "атлас")))
                atlas = AtlasMaker.Make(loaded, sources, options, new Steps(progress), cancel);
            if (atlas.Facts.Scenes < ScenesPerCode * options.Codes)
                Cli.Tell(Say($"only {atlas.Facts.Scenes} scenes for {options.Codes} hypersymbols: few will stand for more than their own scene; give more text, or fewer with --codes", $"сцен всего {atlas.Facts.Scenes} на {options.Codes} гиперсимволов: мало какой выйдет за пределы своей сцены; дайте больше текста или меньше --codes"));
            atlas.Save(target);
            Print(atlas, parsed.GetValue(json), page);
            return Cli.Ok;
        });
        return command;
    }

    static Command Show()
    {
        Argument<string> file = File();
        Option<string?> report = Report();
        Option<bool> json = Shared.Json();
        var command = new Command("show", Say("Print an atlas, or draw its map.", "Показать атлас или нарисовать его карту.")) { file, report, json };
        command.Does((parsed, _) =>
        {
            string? page = OutputPath.Page(parsed.GetValue(report), [parsed.GetValue(file)!]);
            Print(Atlas.Load(parsed.GetValue(file)!), parsed.GetValue(json), page);
            return Cli.Ok;
        });
        return command;
    }

    static Command Tag()
    {
        Argument<string> model = Model(), file = File();
        var text = new Argument<string>("text") { Description = Say("a text; - for standard input", "текст; - для стандартного ввода") };
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("tag", Say("Print every scene of a text with its hypersymbol.", "Показать каждую сцену текста с её гиперсимволом.")) { model, file, text, threads, json };
        command.Does((parsed, cancel) =>
        {
            using LanguageModel loaded = LanguageModel.Open(parsed.GetValue(model)!);
            Atlas atlas = Atlas.Load(parsed.GetValue(file)!, loaded);
            if (parsed.GetValue(threads) < 1)
                throw new DumException(Say("--threads must be at least 1", "--threads не меньше 1"));
            using Stream input = Shared.Input(parsed.GetValue(text)!);
            using var tagger = new SceneTagger(atlas, loaded, parsed.GetValue(threads));
            using var to = new StreamWriter(StandardOutput.Open(), new UTF8Encoding(false), 1 << 16);
            AtlasView.Tags(atlas, tagger, loaded.Lexicon!.Vocabulary, input, parsed.GetValue(json), to, cancel);
            return Cli.Ok;
        });
        return command;
    }

    static Argument<string> Model() => new("model") { Description = Say("a scene model that 'dum train' made", "модель по сценам от 'dum train'") };

    static Argument<string> File() => new("atlas") { Description = Say("an atlas that 'dum atlas' made", "атлас от 'dum atlas'") };

    static Option<string?> Report() => new("--report") { Description = Say("a page with the map: zoom, search, explore", "страница с картой: приближать, искать, рассматривать"), HelpName = "FILE.html" };

    static void Print(Atlas atlas, bool json, string? page)
    {
        if (json)
            AtlasView.Json(atlas, StandardOutput.Open());
        else
            AtlasView.Table(atlas, Console.Out);
        if (page is not null)
            AtlasPage.Save(page, atlas);
    }

    sealed class Notices : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Cli.Tell(value.Detail);
    }

    sealed class Steps(Progress progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Step(value.Phase, value.Fraction, value.Detail);
    }
}
