using System.Text;
using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Training;
using Xunit;

namespace Dum.Tests.Training;

/// <summary>Training through its public door, on text made here.</summary>
public sealed class TrainerTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-train-").FullName;
    static readonly byte[] s_text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 6000).Select(i => $"{(i % 7 == 0 ? "Кот" : "The cat")} {i * i % 13} sat on mat {i % 5}. {(i % 40 == 39 ? "\n<|endoftext|>\n" : "")}")));
    static readonly Lazy<LexiconFile> s_lexicon = new(() => LexiconMaker.Make([LexiconSource.FromBytes("text", s_text)], new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, CancellationToken.None));
    static readonly TrainingOptions s_options = new() { Preset = "tiny", Steps = 12, BatchTokens = 512, MicroTokens = 256, Context = 64, Threads = 2 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.Muon)]
    public void A_run_that_was_stopped_ends_in_the_same_bits(OptimiserKind optimiser)
    {
        TrainingOptions options = s_options with { Optimiser = optimiser };
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        Train(whole, options);
        // Stopped after five steps, gone on with another number of threads, stopped again.
        Assert.Throws<OperationCanceledException>(() => Train(parts, options, stopAt: 5));
        Assert.Throws<OperationCanceledException>(() => Train(parts, options with { Threads = 1 }, stopAt: 9));
        TrainingResult end = Train(parts, options with { Threads = 3 });
        Assert.Equal(12, end.Facts.Step);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    [Theory]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.Muon)]
    public void It_learns_and_what_it_learned_is_in_the_folder(OptimiserKind optimiser)
    {
        Shard text = Read(s_text);
        using (var trainer = new Trainer(Path.Combine(_folder, "m"), s_lexicon.Value, text, s_options with { Steps = 60, Optimiser = optimiser }))
        {
            TrainingResult result = trainer.Run([("the text", text)], null, CancellationToken.None);
            // 60 steps of 512 units; a uniform guess takes log2(401) / 5 bytes ≈ 1.7 bits.
            Assert.InRange(result.Scores[0].BitsPerByte, 0.05, 0.9);
            Assert.Equal(text.Bytes, result.Scores[0].Bytes);
        }
        // The checkpoint, read as any other checkpoint, gives the same bits per byte through the session.
        using ModelFile file = ModelFile.Open(Path.Combine(_folder, "m"));
        using TokenWeights weights = TokenWeights.Load(file);
        using var session = new TokenSession(weights, 1);
        ModelTokenizer tokenizer = LanguageModel.TokenizerOf(LanguageModel.LexiconOf(Path.Combine(_folder, "m")), file);
        byte[] sentence = "The cat 4 sat on mat 2. "u8.ToArray();
        int[] ids = [s_lexicon.Value.Vocabulary.Count, .. tokenizer.Encode(sentence)];
        int sequence = session.Open();
        double bits = 0;
        for (int i = 0; i + 1 < ids.Length; i++)
            bits += Surprise(session.Append(sequence, [ids[i]]), ids[i + 1]);
        Assert.InRange(bits / sentence.Length, 0.01, 1.5);
    }

    [Fact]
    public void Another_text_or_other_options_are_another_run()
    {
        string folder = Path.Combine(_folder, "m");
        Train(folder, s_options with { Steps = 2 });
        Assert.Throws<DumException>(() => Train(folder, s_options with { Steps = 2, Seed = 9 }));
        Assert.Throws<DumException>(() => new Trainer(folder, s_lexicon.Value, Read([.. s_text, (byte)'!']), s_options with { Steps = 2 }));
        // Told to begin again, it does.
        Assert.Equal(2, Train(folder, s_options with { Steps = 2, Seed = 9, Resume = false }).Facts.Step);
    }

    [Fact]
    public void A_damaged_state_is_one_clear_line_and_stays_as_it_is()
    {
        string folder = Path.Combine(_folder, "m"), state = Path.Combine(folder, "training.safetensors");
        Train(folder, s_options with { Steps = 2 });
        byte[] good = File.ReadAllBytes(state);
        var random = new Random(1);
        for (int i = 0; i < 60; i++)
        {
            byte[] bad = i < 30 ? good[..random.Next(good.Length)] : [.. good];
            if (i >= 30)
                bad[random.Next(2000)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(state, bad);
            try
            {
                using var trainer = new Trainer(folder, s_lexicon.Value, Read(s_text), s_options with { Steps = 2 });
            }
            catch (DumException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            Assert.Equal(bad, File.ReadAllBytes(state));
        }
    }

    [Fact]
    public void One_flipped_bit_among_the_numbers_of_a_state_is_noticed()
    {
        string folder = Path.Combine(_folder, "m"), state = Path.Combine(folder, "training.safetensors");
        Train(folder, s_options with { Steps = 2 });
        byte[] good = File.ReadAllBytes(state);
        int numbers = 8 + BitConverter.ToInt32(good);
        var random = new Random(2);
        for (int i = 0; i < 20; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(numbers, good.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(state, bad);
            DumException e = Assert.Throws<DumException>(() => new Trainer(folder, s_lexicon.Value, Read(s_text), s_options with { Steps = 2 }));
            Assert.Contains("training.safetensors", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_stops_it_and_the_last_good_state_stays()
    {
        string folder = Path.Combine(_folder, "m");
        TrainingOptions options = s_options with { CheckpointSeconds = 0 };
        DumException e = Assert.Throws<DumException>(() => Train(folder, options, poison: true));
        Assert.Contains("model.layers.0.mlp.down_proj", e.Message, StringComparison.Ordinal);
        using var again = new Trainer(folder, s_lexicon.Value, Read(s_text), options);
        // Saved with the measurement of step 3, before the number was spoilt.
        Assert.Equal(3, again.ResumedAt);
    }

    [Fact]
    public void Documents_are_closed_and_bytes_are_those_of_the_text()
    {
        byte[] text = "one two\n<|endoftext|>\nthree\n<|endoftext|>\n"u8.ToArray();
        Shard shard = Read(text);
        int end = s_lexicon.Value.Vocabulary.Count;
        Assert.Equal(end, shard.Ids[0]);
        Assert.Equal(end, shard.Ids[^1]);
        Assert.Equal(3, shard.Ids.ToArray().Count(i => i == end));
        Assert.Equal("one two\nthree\n", Encoding.UTF8.GetString(s_lexicon.Value.Vocabulary.DecodeParallel(shard.Ids.ToArray().Where(i => i != end).ToArray())));
        Assert.Equal(14, shard.Bytes);
    }

    [Fact]
    public void What_is_held_out_is_not_trained_on()
    {
        Shard text = Read(s_text);
        (Shard train, Shard held) = text.Split(s_lexicon.Value.Vocabulary, 4000);
        Assert.Equal(text.Bytes, train.Bytes + held.Bytes);
        Assert.InRange(held.Ids.Length, 100, 8000);
        Assert.Equal(train.End, train.Ids[0]);
        Assert.Equal(held.End, held.Ids[^1]);
        // A single document without an end is parted too.
        (train, held) = Read("one two three four five six seven eight nine ten, and so on for some time more"u8.ToArray()).Split(s_lexicon.Value.Vocabulary, 4000);
        Assert.InRange(held.Bytes, 1, 40);
        Assert.InRange(train.Bytes, 30, 100);
    }

    [Fact]
    public void No_text_is_one_line() =>
        Assert.Throws<DumException>(() => Read([]));

    static Shard Read(byte[] text) => Shard.Read([LexiconSource.FromBytes("text", text)], s_lexicon.Value.Vocabulary, null, CancellationToken.None);

    static TrainingResult Train(string folder, TrainingOptions options, int stopAt = 0, bool poison = false)
    {
        using var trainer = new Trainer(folder, s_lexicon.Value, Read(s_text), options);
        using var cancel = new CancellationTokenSource();
        return trainer.Run([], new At(step =>
        {
            if (step == stopAt)
                cancel.Cancel();
            if (poison && step == 3)
                trainer.Poison();
        }), cancel.Token);
    }

    static double Surprise(ReadOnlySpan<float> logits, int id)
    {
        double max = logits.ToArray().Max(), sum = logits.ToArray().Sum(x => Math.Exp(x - max));
        return (Math.Log(sum) + max - logits[id]) / Math.Log(2);
    }

    sealed class At(Action<int> then) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => then(value.Step);
    }
}
