using System.Text;
using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using Xunit;

namespace Dum.Tests.Training;

/// <summary>Scene models through the door of training, on text made here.</summary>
public sealed class SceneTrainingTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-scenes-").FullName;
    static readonly byte[] s_text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 6000).Select(i => $"{(i % 7 == 0 ? "Кот" : "The cat")} {i * i % 13} sat, on mat {i % 5}. {(i % 40 == 39 ? "\n<|endoftext|>\n" : "")}")));
    static readonly Lazy<LexiconFile> s_lexicon = new(() => LexiconMaker.Make([LexiconSource.FromBytes("text", s_text)], new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, CancellationToken.None));
    static readonly TrainingOptions s_options = new() { Preset = "scene-tiny", Steps = 12, BatchTokens = 512, MicroTokens = 256, Context = 64, Threads = 2 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_that_was_stopped_ends_in_the_same_bits()
    {
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        Train(whole, s_options);
        Assert.Throws<OperationCanceledException>(() => Train(parts, s_options, stopAt: 5));
        Train(parts, s_options with { Threads = 1 });
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    /// <summary>The folder, opened as a user does, gives every unit the probability that training's measurement gave it.</summary>
    [Fact]
    public void What_it_learned_is_in_the_folder()
    {
        string folder = Path.Combine(_folder, "m");
        TrainingResult result = Train(folder, s_options with { Steps = 60 });
        Assert.InRange(result.Scores[0].BitsPerByte, 0.05, 0.9);
        Assert.NotNull(result.Worth);
        byte[] sentence = "The cat 4 sat, on mat 2. The cat 3 sat, on mat 3. "u8.ToArray();
        using LanguageModel model = LanguageModel.Open(folder);
        Assert.True(model.ThinksInScenes);
        using LanguageSession session = model.NewSession(1);
        int[] ids = [s_lexicon.Value.Vocabulary.Count, .. model.Tokenizer.Encode(sentence)];
        int sequence = session.Open();
        double bits = 0;
        for (int i = 0; i + 1 < ids.Length; i++)
            bits += Surprise(session.Append(sequence, [ids[i]]), ids[i + 1]);
        Assert.InRange(bits / sentence.Length, 0.01, 1.5);
    }

    [Fact]
    public void Another_lexicon_beside_the_model_is_refused()
    {
        string folder = Path.Combine(_folder, "m");
        Train(folder, s_options with { Steps = 1 });
        LexiconMaker.Make([LexiconSource.FromBytes("text", s_text[1000..])], new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, CancellationToken.None).Save(Path.Combine(folder, LanguageModel.LexiconName));
        Assert.Contains(s_lexicon.Value.Id, Assert.Throws<DumException>(() => LanguageModel.Open(folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, LanguageModel.LexiconName));
        Assert.Throws<DumException>(() => LanguageModel.Open(folder));
    }

    [Fact]
    public void A_damaged_folder_is_one_clear_line()
    {
        string folder = Path.Combine(_folder, "m");
        Train(folder, s_options with { Steps = 1 });
        var random = new Random(5);
        foreach (string name in new[] { "config.json", "model.safetensors" })
        {
            string path = Path.Combine(folder, name);
            byte[] good = File.ReadAllBytes(path);
            for (int i = 0; i < 40; i++)
            {
                byte[] bad = i < 15 ? good[..random.Next(good.Length)] : [.. good];
                if (i >= 15)
                    bad[random.Next(Math.Min(bad.Length, 1500))] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bad);
                try
                {
                    LanguageModel.Open(folder).Dispose();
                }
                catch (DumException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            }
            File.WriteAllBytes(path, good);
        }
    }

    [Theory]
    [InlineData("window=9")]
    [InlineData("most=4,least=2,clause=3")]
    [InlineData("scene=5")]
    [InlineData("encoder.layers=2,decoder.layers=1,global.layers=1,global.width=48,local.feed=64")]
    public void Sizes_of_a_preset_can_be_replaced(string sizes) =>
        Assert.Equal(2, Train(Path.Combine(_folder, "m"), s_options with { Steps = 2, Sizes = sizes }).Facts.Step);

    [Theory]
    [InlineData("window")]
    [InlineData("window=-3")]
    [InlineData("depth=3")]
    [InlineData("local.width=40")]
    [InlineData("global.heads=7")]
    [InlineData("window=0")]
    [InlineData("most=2")]
    public void Sizes_that_make_no_model_are_refused(string sizes) =>
        Assert.DoesNotContain('\n', Assert.Throws<DumException>(() => Train(Path.Combine(_folder, "m"), s_options with { Sizes = sizes })).Message);

    static TrainingResult Train(string folder, TrainingOptions options, int stopAt = 0)
    {
        using var stop = new CancellationTokenSource();
        Shard text = Shard.Read([LexiconSource.FromBytes("text", s_text)], s_lexicon.Value.Vocabulary, null, CancellationToken.None);
        using var trainer = new Trainer(folder, s_lexicon.Value, text, options);
        return trainer.Run([("text", text)], new Stop(stop, stopAt), stop.Token);
    }

    static double Surprise(ReadOnlySpan<float> logits, int id)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit);
        return Math.Log2(sum) - (logits[id] / Math.Log(2));
    }

    sealed class Stop(CancellationTokenSource source, int at) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value)
        {
            if (value.Step == at)
                source.Cancel();
        }
    }
}
