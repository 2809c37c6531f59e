using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dum.Hypersymbols;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum generate</c>: a model continues a text.</summary>
static class GenerateCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = Say("a folder that 'dum train' made or Hugging Face's, a GGUF file, a llama2.c .bin", "папка от 'dum train' или Hugging Face, файл GGUF или .bin llama2.c"), DefaultValueFactory = _ => LanguageModel.DefaultName };
        var prompt = new Option<string>("--prompt", "-p") { Description = Say("the text to continue; - for standard input", "текст для продолжения; - для стандартного ввода"), DefaultValueFactory = _ => "", HelpName = "TEXT" };
        var tokenizer = new Option<string?>("--tokenizer") { Description = Say("the model's tokenizer, where it has none of its own", "токенизатор модели, если своего у неё нет"), HelpName = "FILE" };
        var tokens = new Option<int>("--max-tokens", "-n") { Description = Say("the most tokens to generate", "не больше стольких токенов"), DefaultValueFactory = _ => 256, HelpName = "N" };
        var defaults = new SamplingOptions();
        var temperature = Number("--temperature", Say("0 takes the most probable token each time, 1 the model's own distribution", "0 — всегда самый вероятный токен, 1 — распределение самой модели"), defaults.Temperature);
        var topK = new Option<int>("--top-k") { Description = Say("only so many of the most probable; 0 for all", "только столько самых вероятных; 0 — все"), DefaultValueFactory = _ => defaults.TopK, HelpName = "N" };
        var topP = Number("--top-p", Say("only the most probable up to this share", "только самые вероятные до этой доли"), defaults.TopP);
        var minP = Number("--min-p", Say("only tokens at least this probable against the first", "только не менее вероятные относительно первого"), defaults.MinP);
        var repeat = Number("--repeat-penalty", Say("above 1 makes recent tokens less probable", "больше 1 — недавние токены менее вероятны"), defaults.Repetition);
        var seed = new Option<ulong>("--seed") { Description = Say("the same seed gives the same text", "то же число даёт тот же текст"), DefaultValueFactory = _ => defaults.Seed, HelpName = "N" };
        var adapter = new Option<string?>("--adapter") { Description = Say("generate with this adapter: a folder of 'dum adapt', PEFT or MLX", "генерировать с этим адаптером: папка от 'dum adapt', PEFT или MLX"), HelpName = "FOLDER" };
        var weights = new Option<string?>("--weights") { Description = Say("keep weights as f32, bf16, int8 or int4 (default: as in the file)", "хранить веса как f32, bf16, int8 или int4 (по умолчанию как в файле)"), HelpName = "FORMAT" };
        var cache = new Option<string>("--cache") { Description = Say("keep keys and values as f32, bf16 or int8", "хранить ключи и значения как f32, bf16 или int8"), DefaultValueFactory = _ => "f32", HelpName = "FORMAT" };
        var context = new Option<int>("--context") { Description = Say("the longest text in tokens (default: the model's own)", "самый длинный текст в токенах (по умолчанию как у модели)"), HelpName = "N" };
        var stop = new Option<string[]>("--stop") { Description = Say("end at this text; may be given several times", "остановиться на этом тексте; можно несколько раз"), HelpName = "TEXT" };
        var echo = new Option<bool>("--echo") { Description = Say("print the prompt too", "вывести и сам запрос") };
        var atlas = new Option<string?>("--atlas") { Description = Say("the model's atlas, for --excite", "атлас модели, для --excite"), HelpName = "FILE" };
        var excite = new Option<string?>("--excite") { Description = Say("lead the text towards a hypersymbol: its number or name, and how strongly", "вести текст к гиперсимволу: номер или имя и сила"), HelpName = "NAME[=X]" };
        Option<string?> draws = Shared.Draws();
        Option<int> threads = Shared.Threads();
        Option<bool> json = Shared.Json();
        var command = new Command("generate", Say("A language model continues a text.", "Языковая модель продолжает текст."))
        {
            model, prompt, tokenizer, tokens, temperature, topK, topP, minP, repeat, seed, adapter, weights, cache, context, stop, echo, atlas, excite, draws, threads, json,
        };
        command.Shows(Say(
            "dum generate --prompt 'The old house'\ndum generate mymodel --prompt 'Once upon a time'\ndum generate stories260K.bin --tokenizer tok512.bin --temperature 0 --max-tokens 200\ndum generate qwen2.5-0.5b.gguf -p 'The sea' --weights int8 --stop '###'",
            "dum generate --prompt 'Старый дом'\ndum generate модель --prompt 'Жили-были'\ndum generate stories260K.bin --tokenizer tok512.bin --temperature 0 --max-tokens 200\ndum generate qwen2.5-0.5b.gguf -p 'Море' --weights int8 --stop '###'"));
        command.Does((parsed, cancel) =>
        {
            string path = parsed.GetValue(model)!;
            string? log = OutputPath.Draws(parsed.GetValue(draws), new[] { path, parsed.GetValue(tokenizer), parsed.GetValue(atlas) }.OfType<string>());
            if (parsed.GetValue(tokens) < 0 || parsed.GetValue(context) < 0 || parsed.GetValue(threads) < 1)
                throw new DumException(Say("--max-tokens and --context must not be negative, --threads at least 1", "--max-tokens и --context не меньше 0, --threads не меньше 1"));
            var options = new SamplingOptions
            {
                Temperature = parsed.GetValue(temperature),
                TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP),
                MinP = parsed.GetValue(minP),
                Repetition = parsed.GetValue(repeat),
                Seed = parsed.GetValue(seed),
            };
            using LanguageModel loaded = LanguageModel.Open(path, Format(parsed.GetValue(weights)), parsed.GetValue(tokenizer));
            if (loaded.Unexpected.Count > 0)
                Cli.Tell(Say($"{loaded.Unexpected.Count} tensors of the file are not used, such as {loaded.Unexpected[0]}", $"не используются тензоры файла: {loaded.Unexpected.Count}, например {loaded.Unexpected[0]}"));
            using LoraAdapter? learned = parsed.GetValue(adapter) is { } folder ? loaded.LoadAdapter(folder) : null;
            using LanguageSession session = loaded.NewSession(parsed.GetValue(threads), CacheOf(parsed.GetValue(cache)!), parsed.GetValue(context));
            Excite(session, loaded, parsed.GetValue(atlas), parsed.GetValue(excite));
            byte[] start = Prompt(parsed.GetValue(prompt)!);
            using Stream output = StandardOutput.Open();
            using var kept = new MemoryStream();
            if (parsed.GetValue(echo) && !parsed.GetValue(json))
                output.Write(start);
            DrawRecorder? drawn = log is null ? null : new DrawRecorder();
            GenerationResult result;
            try
            {
                result = new TextGenerator(session, loaded.Tokenizer, learned, drawn).Continue(start, options, parsed.GetValue(tokens), [.. (parsed.GetValue(stop) ?? []).Select(Encoding.UTF8.GetBytes)], bytes =>
                {
                    kept.Write(bytes.Span);
                    if (parsed.GetValue(json))
                        return;
                    output.Write(bytes.Span);
                    output.Flush();
                }, cancel);
            }
            finally
            {
                Shared.Keep(drawn, log);
            }
            if (parsed.GetValue(json))
                Json(output, Encoding.UTF8.GetString(kept.ToArray()), result);
            else if (!Console.IsOutputRedirected)
                output.Write("\n"u8);
            if (!Console.IsErrorRedirected || parsed.GetValue(echo))
                Cli.Tell(Speed(result, loaded.Bytes));
            return Cli.Ok;
        });
        return command;
    }

    static void Excite(LanguageSession session, LanguageModel model, string? path, string? wish)
    {
        if (path is null || wish is null)
        {
            if (wish is not null)
                throw new DumException(Say("--excite needs the model's atlas: give it with --atlas FILE", "для --excite нужен атлас модели: укажите --atlas ФАЙЛ"));
            return;
        }
        int equals = wish.LastIndexOf('=');
        double strength = Steering.DefaultStrength;
        bool said = equals > 0 && double.TryParse(wish[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out strength);
        if (said && !(Math.Abs(strength) <= 1000))
            throw new DumException(Say($"--excite {wish}: the strength is a number up to 1000", $"--excite {wish}: сила — число до 1000"));
        Atlas atlas = Atlas.Load(path, model);
        Hypersymbol symbol = atlas.Find(said ? wish[..equals] : wish);
        Steering.Excite(session, atlas, symbol.Code, said ? strength : Steering.DefaultStrength);
    }

    static Option<double> Number(string name, string description, double value) => new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "X" };

    static byte[] Prompt(string text)
    {
        if (text != "-")
            return Encoding.UTF8.GetBytes(text);
        using Stream input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }

    internal static WeightFormat? Format(string? name) => name switch
    {
        null => null,
        "f32" => WeightFormat.F32,
        "bf16" => WeightFormat.BF16,
        "int8" => WeightFormat.I8,
        "int4" => WeightFormat.I4,
        _ => throw new DumException(Say($"--weights {name}: give f32, bf16, int8 or int4", $"--weights {name}: бывает f32, bf16, int8 или int4")),
    };

    static CacheFormat CacheOf(string name) => name switch
    {
        "f32" => CacheFormat.F32,
        "bf16" => CacheFormat.BF16,
        "int8" => CacheFormat.I8,
        _ => throw new DumException(Say($"--cache {name}: give f32, bf16 or int8", $"--cache {name}: бывает f32, bf16 или int8")),
    };

    static string Speed(GenerationResult r, long bytes)
    {
        double rate = r.Tokens > 1 ? (r.Tokens - 1) / r.Seconds : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{r.PromptTokens} + {r.Tokens} ") + Say(
            string.Create(CultureInfo.InvariantCulture, $"tokens; prompt {r.PromptTokens / r.PromptSeconds:0} a second, then {rate:0.0} a second ({rate * bytes / 1e9:0.0} GB/s of weights); ended by: {r.Reason}"),
            string.Create(CultureInfo.InvariantCulture, $"токенов; запрос {r.PromptTokens / r.PromptSeconds:0} в секунду, дальше {rate:0.0} в секунду ({rate * bytes / 1e9:0.0} ГБ/с весов); остановлено: {r.Reason}"));
    }

    static void Json(Stream output, string text, GenerationResult r)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteString("stopped_by", r.Reason switch { StopReason.Tokens => "tokens", StopReason.End => "end", StopReason.Text => "text", _ => "context" });
        json.WriteNumber("prompt_tokens", r.PromptTokens);
        json.WriteNumber("tokens", r.Tokens);
        json.WriteNumber("prompt_seconds", Math.Round(r.PromptSeconds, 4));
        json.WriteNumber("seconds", Math.Round(r.Seconds, 4));
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }
}
