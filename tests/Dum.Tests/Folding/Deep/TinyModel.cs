using System.Text;
using Dum.Folding.Deep;
using Dum.Lexicon;
using Dum.Training;

namespace Dum.Tests.Folding.Deep;

/// <summary>A model of 0.2 million weights, trained in the test run on text made here; its folder is gone with the process.</summary>
static class TinyModel
{
    static readonly Lazy<string> s_folder = new(() => Train(60, 1));
    static readonly Lazy<string> s_other = new(() => Train(2, 2));

    /// <summary>The model's folder.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>Another model over the same lexicon.</summary>
    public static string Other => s_other.Value;

    /// <summary>Text of the kind that it was trained on.</summary>
    public static byte[] Text(int from, int sentences) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(from, sentences).Select(i =>
        $"{(i % 7 == 0 ? "Кот" : "The cat")} {i * i % 13} sat on mat {(i * 31) % 17}. {(i % 40 == 39 ? "\n" : "")}")));

    public static DeepModel Open(int threads = 2) => DeepModel.Open(Folder, threads);

    static string Train(int steps, ulong seed)
    {
        string folder = Directory.CreateTempSubdirectory("dum-deep-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        byte[] text = Text(0, 6000);
        LexiconFile lexicon = LexiconMaker.Make([LexiconSource.FromBytes("text", text)], new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, CancellationToken.None);
        Shard shard = Shard.Read([LexiconSource.FromBytes("text", text)], lexicon.Vocabulary, null, CancellationToken.None);
        string model = Path.Combine(folder, "tiny" + seed);
        using var trainer = new Trainer(model, lexicon, shard, new TrainingOptions { Preset = "tiny", Steps = steps, BatchTokens = 512, MicroTokens = 256, Context = 64, Threads = 2, Seed = seed });
        trainer.Run([], null, CancellationToken.None);
        return model;
    }
}
