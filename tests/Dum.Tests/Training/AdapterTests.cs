using System.Text;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics.Kernels;
using Dum.Training;
using Xunit;

namespace Dum.Tests.Training;

/// <summary>Adapters through their public doors: trained beside a small model, stopped, loaded, merged.</summary>
public sealed class AdapterTests : IDisposable
{
    static readonly byte[] s_text = Text("The cat {0} sat on mat {1}. "), s_other = Text("Мышь {1} живёт в норе {0}! ");
    static readonly TrainingOptions s_options = new() { Steps = 12, BatchTokens = 512, MicroTokens = 256, Context = 64, Threads = 2, Optimiser = OptimiserKind.AdamW, Decay = 0, Rate = 0.01 };
    static readonly AdapterOptions s_small = new() { Rank = 4 };

    readonly string _folder = Directory.CreateTempSubdirectory("dum-adapt-").FullName;

    string Base => Path.Combine(_folder, "base");

    public AdapterTests()
    {
        LexiconFile lexicon = LexiconMaker.Make([LexiconSource.FromBytes("text", [.. s_text, .. s_other])], new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, CancellationToken.None);
        using var trainer = new Trainer(Base, lexicon, Shard.Read([LexiconSource.FromBytes("text", s_text)], lexicon.Vocabulary, null, CancellationToken.None),
            new TrainingOptions { Preset = "tiny", Steps = 20, BatchTokens = 512, Context = 64, Threads = 2 });
        trainer.Run([], null, CancellationToken.None);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_learns_and_the_base_stays_as_it_is()
    {
        byte[] before = File.ReadAllBytes(Path.Combine(Base, "model.safetensors"));
        string folder = Path.Combine(_folder, "a");
        using (LanguageModel model = LanguageModel.Open(Base))
        {
            Shard test = Read(model, s_other);
            using var trainer = new Trainer(folder, model, test, s_small, s_options with { Steps = 80 });
            TrainingResult result = trainer.Run([("other", test)], null, CancellationToken.None);
            Assert.InRange(result.Scores[0].BitsPerByte, 0.05, 0.8 * result.BaseScores[0].BitsPerByte);
            // The curve begins with the base.
            Assert.Equal(0, result.Facts.Curve[0].Step);
            Assert.True(result.Facts.Curve[^1].Held < 0.8 * result.Facts.Curve[0].Held);

            // In a session the adapter says of the text what training said, and the bare model still what it did.
            using LoraAdapter adapter = model.LoadAdapter(folder);
            using LanguageSession session = model.NewSession(1);
            double adapted = Bits(session, session.Open(64, adapter), model), bare = Bits(session, session.Open(64), model);
            Assert.True(adapted < 0.8 * bare, $"{adapted} against {bare}");
        }
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Base, "model.safetensors")));
    }

    [Fact]
    public void A_run_that_was_stopped_ends_in_the_same_bits()
    {
        using LanguageModel model = LanguageModel.Open(Base);
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        Train(model, whole, s_small, s_options);
        Assert.Throws<OperationCanceledException>(() => Train(model, parts, s_small, s_options, stopAt: 5));
        Assert.Throws<OperationCanceledException>(() => Train(model, parts, s_small, s_options with { Threads = 1 }, stopAt: 9));
        Assert.Throws<DumException>(() => Train(model, parts, s_small with { Rank = 5 }, s_options));
        Assert.Throws<DumException>(() => Train(model, parts, s_small with { Targets = ["q_proj"] }, s_options));
        Train(model, parts, s_small, s_options with { Threads = 3 });
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "adapter_model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "adapter_model.safetensors")));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("model.gguf")]
    public void Merged_and_unmerged_agree_to_rounding(string kind)
    {
        string folder = Path.Combine(_folder, "a"), merged = Path.Combine(_folder, "merged"), from = Path.Combine(_folder, kind);
        if (kind == "folder")
            from = Base;
        else
            using (ModelFile file = ModelFile.Open(Base))
                GgufWriter.Write(from, "base", file.Shape, file.Tensors.Values.Select(WeightSource.From), StoredFormat.F32, GgufVocabulary.From(LanguageModel.TokenizerOf(LanguageModel.LexiconOf(Base), file)));
        using LanguageModel model = LanguageModel.Open(from);
        Train(model, folder, s_small, s_options with { Steps = 20 });
        using (ModelFile file = ModelFile.Open(from))
            HuggingFaceWriter.Write(merged, file.Shape, AdapterFile.Read(folder).MergeInto(file), StoredFormat.F32);
        using ModelFile together = ModelFile.Open(merged);
        using TokenWeights weights = TokenWeights.Load(together);
        using LoraAdapter adapter = model.LoadAdapter(folder);
        using LanguageSession a = model.NewSession(1), b = new TokenSession(weights, 1);
        int[] ids = [.. Read(model, s_other).Ids[..50]];
        float[] x = a.Append(a.Open(64, adapter), ids).ToArray(), y = b.Append(b.Open(64), ids).ToArray(), bare = a.Append(a.Open(64), ids).ToArray();
        Assert.InRange(Distance(x, y), 0, 1e-4);
        Assert.InRange(Distance(x, bare), 1e-2, 10);
    }

    [Fact]
    public void An_adapter_for_another_base_is_refused()
    {
        string folder = Path.Combine(_folder, "a"), other = Path.Combine(_folder, "other");
        using LanguageModel model = LanguageModel.Open(Base);
        Train(model, folder, s_small, s_options with { Steps = 2 });
        // A base of the same shape with other weights: this one merged with its adapter.
        using (ModelFile file = ModelFile.Open(Base))
            HuggingFaceWriter.Write(other, file.Shape, AdapterFile.Read(folder).MergeInto(file), StoredFormat.F32);
        File.Copy(Path.Combine(Base, "lexicon.dumlex"), Path.Combine(other, "lexicon.dumlex"));
        using LanguageModel another = LanguageModel.Open(other);
        Assert.NotEqual(model.Id, another.Id);
        Assert.Contains("another base", Assert.Throws<DumException>(() => another.LoadAdapter(folder)).Message, StringComparison.Ordinal);
        using ModelFile open = ModelFile.Open(other);
        Assert.Throws<DumException>(() => AdapterFile.Read(folder).MergeInto(open));
        // Rounded on loading it is the same base.
        using LanguageModel rounded = LanguageModel.Open(Base, WeightFormat.I8);
        using LoraAdapter adapter = rounded.LoadAdapter(folder);
    }

    [Theory]
    [InlineData(AdapterPart.Global)]
    [InlineData(AdapterPart.Local)]
    public void A_model_without_scenes_has_one_part(AdapterPart part)
    {
        using LanguageModel model = LanguageModel.Open(Base);
        DumException e = Assert.Throws<DumException>(() => Train(model, Path.Combine(_folder, "a"), s_small with { Part = part }, s_options));
        Assert.Contains("--part", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "a")));
    }

    [Theory]
    [InlineData("q,v", new[] { "q_proj", "v_proj" })]
    [InlineData("down, gate_proj", new[] { "gate_proj", "down_proj" })]
    public void Targets_are_named_short_or_long(string list, string[] kinds) => Assert.Equal(kinds, AdapterOptions.Kinds(list));

    [Theory]
    [InlineData("")]
    [InlineData("q,lm_head")]
    public void Targets_that_are_none_are_refused(string list) => Assert.Throws<DumException>(() => AdapterOptions.Kinds(list));

    static byte[] Text(string sentence) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, i * i % 13, i % 5) + (i % 40 == 39 ? "\n<|endoftext|>\n" : ""))));

    static Shard Read(LanguageModel model, byte[] text) => Shard.Read([LexiconSource.FromBytes("text", text)], model.Tokenizer, null, CancellationToken.None);

    static void Train(LanguageModel model, string folder, AdapterOptions adapter, TrainingOptions options, int stopAt = 0)
    {
        using var trainer = new Trainer(folder, model, Read(model, s_other), adapter, options);
        using var cancel = new CancellationTokenSource();
        trainer.Run([], new At(step =>
        {
            if (step == stopAt)
                cancel.Cancel();
        }), cancel.Token);
    }

    static double Bits(LanguageSession session, int sequence, LanguageModel model)
    {
        ReadOnlySpan<int> ids = Read(model, s_other).Ids[..60];
        double bits = 0;
        for (int i = 0; i + 1 < ids.Length; i++)
        {
            ReadOnlySpan<float> logits = session.Append(sequence, [ids[i]]);
            double max = logits.ToArray().Max(), sum = logits.ToArray().Sum(x => Math.Exp(x - max));
            bits += (Math.Log(sum) + max - logits[ids[i + 1]]) / Math.Log(2);
        }
        return bits;
    }

    static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b).Sum(p => Math.Pow(p.First - p.Second, 2)) / b.Sum(x => (double)x * x));

    sealed class At(Action<int> then) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => then(value.Step);
    }
}
