using System.CommandLine;
using System.Globalization;
using Dum.App.Views.Sigma;
using Dum.Models;
using Dum.Sigma.Quantisation;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma quantise</c>: a model in fewer bits, its rounding errors steered to where they cancel.</summary>
static class SigmaQuantiseCommand
{
    /// <summary>Bytes of the calibration text that are read at most.</summary>
    const int MostText = 16_000_000;

    public static Command Create()
    {
        var defaults = new QuantisationOptions();
        Argument<string> model = SigmaCommand.Model();
        var text = new Argument<string>("text") { Description = Say("a text to calibrate on, such as the model will read", "текст для калибровки, похожий на будущий") };
        var output = new Option<string?>("--output", "-o") { Description = Say("the folder of the new model; without it only the forecast is made", "папка новой модели; без неё делается только прогноз"), HelpName = "FOLDER" };
        var bits = new Option<int>("--bits") { Description = Say("bits of a weight, 2 to 8; scales take half a bit more", "бит на вес, от 2 до 8; масштабы занимают ещё полбита"), DefaultValueFactory = _ => defaults.Bits, HelpName = "N" };
        var method = new Option<QuantisationMethod>("--method") { Description = Say("nearest, bias, gptq or diffuse", "nearest, bias, gptq или diffuse"), DefaultValueFactory = _ => defaults.Method, HelpName = "NAME" };
        var uniform = new Option<bool>("--uniform") { Description = Say("the same bits for every matrix", "одинаковое число бит для всех матриц") };
        var sweeps = new Option<int>("--sweeps") { Description = Say("sweeps over the codes after rounding", "проходов по кодам после округления"), DefaultValueFactory = _ => defaults.Sweeps, HelpName = "N" };
        var rotate = new Option<bool>("--rotate") { Description = Say("turn rows by a Hadamard matrix first; the result is kept in bf16", "сначала повернуть строки матрицей Адамара; результат хранится в bf16") };
        var rank = new Option<int>("--rank") { Description = Say("add a whitened correction of this rank from the same budget; the result is kept in bf16", "добавить поправку такого ранга из того же бюджета; результат хранится в bf16"), DefaultValueFactory = _ => 0, HelpName = "N" };
        var tokens = new Option<int>("--tokens") { Description = Say("tokens of the text to calibrate on", "токенов текста для калибровки"), DefaultValueFactory = _ => 16384, HelpName = "N" };
        var draw = new Option<int>("--draw") { Description = Say("which pieces of the text: another number, other pieces", "какие куски текста: другое число — другие куски"), DefaultValueFactory = _ => 1, HelpName = "N" };
        var force = new Option<bool>("--force") { Description = Say("replace the folder's model if there is one", "заменить модель в папке, если она есть") };
        Option<string?> tokenizer = SigmaCommand.Tokenizer();
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("quantise", Say(
            "Writes a model in 2 to 8 bits a weight; says first what is reachable in every layer.",
            "Записывает модель в 2–8 битах на вес; сначала говорит, что достижимо в каждом слое."))
        {
            model, text, output, bits, method, uniform, sweeps, rotate, rank, tokens, draw, tokenizer, force, threads, json,
        };
        command.Shows("dum sigma quantise default book.txt\ndum sigma quantise default book.txt -o small --bits 4\ndum generate small --prompt 'It was'");
        command.Does((parsed, cancel) =>
        {
            string from = parsed.GetValue(model)!;
            var options = new QuantisationOptions
            {
                Bits = parsed.GetValue(bits),
                Method = parsed.GetValue(method),
                Mixed = !parsed.GetValue(uniform),
                Sweeps = parsed.GetValue(method) == QuantisationMethod.Nearest ? 0 : parsed.GetValue(sweeps),
                Rotate = parsed.GetValue(rotate),
                Rank = parsed.GetValue(rank),
                Threads = parsed.GetValue(threads),
            };
            string? to = parsed.GetValue(output);
            if (to is not null && File.Exists(Path.Combine(to, "model.safetensors")) && !parsed.GetValue(force))
                throw new DumException(Say($"{to} holds a model: give --force to replace it or another name with -o", $"в {to} уже есть модель: --force заменит, или дайте другое имя через -o"));
            if (to is not null && (File.Exists(to) || OutputPath.Same(to, LanguageModel.Resolve(from))))
                throw new DumException(Say($"-o takes a folder of its own, '{to}' is none", $"для -o нужна отдельная папка, а «{to}» — нет"));
            if (parsed.GetValue(draw) < 0)
                throw new DumException(Say("--draw must not be negative", "--draw не меньше 0"));
            byte[] bytes = Shared.Beginning(parsed.GetValue(text)!, MostText);
            using var quantiser = new ModelQuantiser(from, parsed.GetValue(tokenizer));
            int[] ids = CalibrationText.Draw(quantiser.Encode(bytes), parsed.GetValue(tokens), quantiser.Context, parsed.GetValue(draw));
            IReadOnlyList<QuantisedLayer> layers;
            using (var progress = new Progress(Say("quantising", "квантование")))
            {
                void Told(double done, string name) => progress.Step(name, done, "");
                layers = to is null ? quantiser.Forecast(ids, options, Told, cancel) : quantiser.Run(ids, options, Told, cancel);
            }
            if (to is not null)
                QuantisedModelFile.Write(from, to, quantiser, onGrid: !options.Rotate && options.Rank == 0);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(QuantisationView.Json(layers));
            else
                QuantisationView.Write(Console.Out, layers, options);
            if (to is not null)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"→ {to}, {new DirectoryInfo(to).EnumerateFiles().Sum(f => f.Length) / 1e6:0.0} ") + Say("MB with its vocabulary", "МБ вместе со словарём"));
            return Cli.Ok;
        });
        return command;
    }
}
