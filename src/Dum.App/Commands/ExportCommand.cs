using System.CommandLine;
using System.Globalization;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum export</c>: a model for other programs.</summary>
static class ExportCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = Say("what 'dum generate' takes", "то же, что для 'dum generate'") };
        var output = new Option<string>("--output", "-o") { Description = Say("FILE.gguf for llama.cpp and its kin, or a folder for Hugging Face's transformers", "ФАЙЛ.gguf для llama.cpp и родственных или папка для transformers"), Required = true, HelpName = "FILE" };
        var format = new Option<string>("--as") { Description = Say("f32, f16 or bf16; for GGUF also q8_0 or q4_0", "f32, f16 или bf16; для GGUF ещё q8_0 или q4_0"), DefaultValueFactory = _ => "f32", HelpName = "FORMAT" };
        var adapter = new Option<string?>("--adapter") { Description = Say("add this adapter to the weights for good", "навсегда прибавить этот адаптер к весам"), HelpName = "FOLDER" };
        Option<bool> force = Shared.Force();
        var command = new Command("export", Say("Write a model as GGUF or safetensors, for other programs.", "Записать модель как GGUF или safetensors для других программ."))
        {
            model, output, format, adapter, force,
        };
        command.Shows(Say("dum export mymodel -o mymodel.gguf --as q8_0\ndum export qwen.gguf -o qwen-folder --as bf16\ndum export mymodel --adapter myadapter -o merged", "dum export модель -o модель.gguf --as q8_0\ndum export qwen.gguf -o папка-qwen --as bf16\ndum export модель --adapter адаптер -o вместе"));
        command.Does((parsed, _) =>
        {
            string from = LanguageModel.Resolve(parsed.GetValue(model)!), to = parsed.GetValue(output)!;
            bool gguf = to.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
            StoredFormat stored = Format(parsed.GetValue(format)!, gguf);
            if ((File.Exists(to) || File.Exists(Path.Combine(to, "model.safetensors"))) && !parsed.GetValue(force))
                throw new DumException(Say($"{to} exists: give --force to replace it or another name with -o", $"{to} уже есть: --force заменит, или дайте другое имя через -o"));
            if (RunFolder.IsRun(to))
                throw new DumException(Say($"{to} holds a training run, which would lose its model: give another folder with -o", $"в {to} идёт или прервано обучение, оно потеряло бы модель: укажите другую папку через -o"));
            if (OutputPath.Same(from, to))
                throw new DumException(Say($"{to} is the model itself: give another name with -o", $"{to} — сама модель: дайте другое имя через -o"));
            if (SceneFile.Is(from))
            {
                if (gguf)
                    throw new DumException(Say($"{from} is a scene model, which GGUF has no form for: give a folder with -o", $"{from} — модель по сценам, для неё в GGUF нет формы: укажите папку через -o"));
                SceneFile.Copy(from, to, stored, parsed.GetValue(adapter) is { } own ? AdapterFile.Read(own) : null);
                return Done(to, gguf);
            }
            using ModelFile file = ModelFile.Open(from);
            IEnumerable<WeightSource> weights = parsed.GetValue(adapter) is { } added ? AdapterFile.Read(added).MergeInto(file) : file.Tensors.Values.Select(WeightSource.From);
            if (gguf)
                GgufWriter.Write(to, Path.GetFileName(from.TrimEnd('/', '\\')), file.Shape, weights, stored, Vocabulary(from, file));
            else
            {
                LexiconFile? lexicon = LanguageModel.LexiconOf(from);
                HuggingFaceWriter.Write(to, file.Shape, weights, stored, eos: lexicon?.Vocabulary.Count);
                lexicon?.Save(Path.Combine(to, LanguageModel.LexiconName));
                if (lexicon is null && file.TokenizerPath is { } tokenizer)
                    TokenizerCopy.Write(tokenizer, to);
            }
            return Done(to, gguf);
        });
        return command;
    }

    static int Done(string to, bool gguf)
    {
        long bytes = gguf ? new FileInfo(to).Length : new DirectoryInfo(to).EnumerateFiles().Sum(f => f.Length);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{to}: {bytes / 1e6:0.0} ") + Say("MB", "МБ"));
        return Cli.Ok;
    }

    static GgufVocabulary Vocabulary(string model, ModelFile file)
    {
        try
        {
            return file.Kind == "GGUF" ? GgufVocabulary.CopyOf(model) : GgufVocabulary.From(LanguageModel.TokenizerOf(LanguageModel.LexiconOf(model), file));
        }
        catch (DumException e)
        {
            Cli.Tell(Say($"no vocabulary goes along: {e.Message}", $"словарь не записан: {e.Message}"));
            return GgufVocabulary.None;
        }
    }

    static StoredFormat Format(string name, bool gguf) => (name, gguf) switch
    {
        ("f32", _) => StoredFormat.F32,
        ("f16", _) => StoredFormat.F16,
        ("bf16", _) => StoredFormat.BF16,
        ("q8_0", true) => StoredFormat.Q80,
        ("q4_0", true) => StoredFormat.Q40,
        _ => throw new DumException(Say($"--as {name}: give f32, f16 or bf16, and q8_0 or q4_0 with a name that ends with .gguf", $"--as {name}: бывает f32, f16, bf16, а с именем на .gguf ещё q8_0 и q4_0")),
    };
}
