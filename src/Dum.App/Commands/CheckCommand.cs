using System.CommandLine;
using System.Globalization;
using System.Text;
using Dum.Files;
using Dum.Host;
using Dum.Host.Fit;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum check</c>: what this machine can run, what is wrong with it, and the exact fix.</summary>
static class CheckCommand
{
    static readonly Option<string?> s_host = new("--host") { HelpName = "FILE", Description = Say("judge a recorded host instead of this machine", "судить о записанной машине, а не об этой") };
    static readonly Option<string?> s_record = new("--record") { HelpName = "FILE", Description = Say("save what was read, without serial numbers, and stop", "сохранить прочитанное без серийных номеров и остановиться") };
    static readonly Option<bool> s_json = new("--json") { Description = Say("print JSON", "вывести JSON") };
    static readonly Option<string?> s_report = new("--report") { HelpName = "FILE.html", Description = Say("write the report as one HTML file", "записать отчёт одним файлом HTML") };
    static readonly Option<bool> s_fix = new("--fix") { Description = Say("print a script of the fixes; it is never run", "вывести скрипт исправлений; сам он не запускается") };
    static readonly Option<bool> s_deep = new("--deep") { Description = Say("also import PyTorch (slow)", "заодно импортировать PyTorch (долго)") };
    static readonly Option<bool> s_docker = new("--docker") { Description = Say("also start a test container", "заодно запустить пробный контейнер") };
    static readonly Option<string?> s_model = new("--model") { HelpName = "NAME|FILE", Description = Say("explain what a model needs: a known name, .gguf, .safetensors, config.json", "объяснить, сколько нужно модели: известное имя, .gguf, .safetensors, config.json") };
    static readonly Option<bool> s_models = new("--models") { Description = Say("list the known models with what they need here", "перечислить известные модели с их потребностями здесь") };
    // Taken as text: what is wrong with a number is said in the user's language.
    static readonly Option<string> s_context = new("--context") { HelpName = "N", Description = Say("tokens of context", "токенов контекста"), DefaultValueFactory = _ => "8192" };
    static readonly Option<string> s_format = new("--format") { HelpName = "NAME", Description = Say("format of the weights", "формат весов"), DefaultValueFactory = _ => "Q4_K_M" };
    static readonly Option<string> s_cache = new("--cache") { HelpName = "NAME", Description = Say("format of the key-value cache", "формат кэша ключей и значений"), DefaultValueFactory = _ => "f16" };

    public static Command Create()
    {
        s_format.CompletionSources.Add([.. WeightFormat.All.Select(f => f.Name)]);
        s_cache.CompletionSources.Add([.. CacheFormat.All.Select(f => f.Name)]);
        var command = new Command("check", Say(
            "What this machine can run, what is wrong with it, and the exact fix",
            "Что умеет эта машина, что с ней не так и чем именно это исправить"))
        {
            s_host, s_record, s_json, s_report, s_fix, s_deep, s_docker, s_model, s_models, s_context, s_format, s_cache,
        };
        command.Does(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        FitRequest request = Request(parsed);
        string[] read = [.. new[] { parsed.GetValue(s_host), parsed.GetValue(s_model) }.OfType<string>()];
        string? report = OutputPath.Page(parsed.GetValue(s_report), read);
        ModelFile? model = parsed.GetValue(s_model) is { } named ? Model(named) : null;
        HostRecording recording = parsed.GetValue(s_host) is { } file ? HostRecording.Read(file)
            : HostCollector.Collect(parsed.GetValue(s_deep), parsed.GetValue(s_docker), cancel);
        if (parsed.GetValue(s_record) is { } target)
        {
            Save(OutputPath.Kind(target, read, HostRecording.Magic, "--record", "recorded machine", "запись машины"), recording.ToText());
            Console.Error.WriteLine(Say($"written: {target}", $"записано: {target}"));
            return Cli.Ok;
        }
        var check = new HostCheck(recording);
        if (parsed.GetValue(s_fix))
        {
            Console.Out.Write(HostReportText.FixScript(check));
            return check.IsReady ? Cli.Ok : Cli.Negative;
        }
        // A recorded machine cannot be measured from here.
        Device device = Device.Choose(check, parsed.GetValue(s_host) is null ? HostBench.Measure(cancel) : null);
        if (model is not null)
        {
            if (model.Bytes is { } bytes)
                request = request with { WeightBytes = device.IsGpu ? bytes - model.EmbeddingBytes : bytes };
            FitEstimate fit = FitCalculator.Estimate(model.Shape, device.Fill(request));
            if (report is { } about)
            {
                Save(about, HostReportHtml.Render(check, device, request, model.Shape));
                Console.Error.WriteLine(Say($"written: {about}", $"записано: {about}"));
                return fit.Total <= device.Budget ? Cli.Ok : Cli.Negative;
            }
            Console.Out.Write(parsed.GetValue(s_json) ? FitJson.Render(model, request, fit, device) + "\n" : FitReport.Explain(model.Shape, request, device, model.Format));
            return fit.Total <= device.Budget ? Cli.Ok : Cli.Negative;
        }
        if (report is { } page)
        {
            Save(page, HostReportHtml.Render(check, device, request));
            Console.Error.WriteLine(Say($"written: {page}", $"записано: {page}"));
        }
        else if (parsed.GetValue(s_json))
        {
            Console.Out.WriteLine(HostReportJson.Render(check, device, FitReport.Rows(device, request)));
        }
        else if (parsed.GetValue(s_models))
        {
            Console.Out.Write(FitReport.Table(device, request, int.MaxValue));
        }
        else
        {
            Terminal.Write(HostReportText.Render(check) + "\n" + FitReport.Table(device, request));
        }
        return check.IsReady ? Cli.Ok : Cli.Negative;
    }

    static FitRequest Request(ParseResult parsed)
    {
        string asked = parsed.GetValue(s_context)!, format = parsed.GetValue(s_format)!, cache = parsed.GetValue(s_cache)!;
        if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int context) || context is < 1 or > 1 << 26)
            throw new DumException(Say($"--context {asked}: give 1 to 67108864 tokens", $"--context {asked}: укажите от 1 до 67108864 токенов"));
        return new FitRequest
        {
            Context = context,
            Weights = WeightFormat.Find(format) ?? throw Unknown("--format", format, WeightFormat.All.Select(f => f.Name)),
            Cache = CacheFormat.Find(cache) ?? throw Unknown("--cache", cache, CacheFormat.All.Select(f => f.Name)),
        };
    }

    static DumException Unknown(string option, string value, IEnumerable<string> known) => new(Say(
        $"{option} {value}: unknown; choose one of {string.Join(", ", known)}", $"{option} {value}: такого нет; выберите из {string.Join(", ", known)}"));

    static ModelFile Model(string named) =>
        !File.Exists(named) && !Directory.Exists(named) && ModelTable.Find(named) is { } known ? new ModelFile(known, null, 0, "") : ModelFile.Read(named);

    static void Save(string path, string text) => SafeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
