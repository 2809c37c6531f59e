using System.Text;
using Dum.Checkpoints;
using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Dum.Scenes;
using Dum.Tests.Folding;
using Dum.Tests.Lexicon;
using Dum.Tests.Models;
using Dum.Training;

namespace Dum.Tests.Hypersymbols;

/// <summary>An untrained scene model in a folder, a text, and an atlas over it: made once, read by all tests.</summary>
static class SmallSceneModel
{
    static readonly AtlasOptions s_options = new() { Codes = 40, Threads = 2 };
    static readonly Lazy<string> s_folder = new(() => Save(3));
    static readonly Lazy<LanguageModel> s_model = new(() => LanguageModel.Open(s_folder.Value));
    static readonly Lazy<Atlas> s_atlas = new(() => Make(s_options));

    /// <summary>Below 8 KB: one stretch, of which nothing is held back.</summary>
    public static byte[] Text { get; } = Encoding.UTF8.GetBytes(SmallText.Write(1050));

    public static LanguageModel Model => s_model.Value;

    public static Atlas Atlas => s_atlas.Value;

    public static Atlas Make(AtlasOptions options) => AtlasMaker.Make(Model, [LexiconSource.FromBytes("small.txt", Text)], options, null, default);

    /// <summary>A model of its own seed in a new folder below the system's temporary one.</summary>
    public static string Save(ulong seed)
    {
        LexiconFile lexicon = TestLexicon.Small;
        int vocabulary = lexicon.Vocabulary.Count + 1;
        var local = new ModelShape { Layers = 1, Width = 32, Heads = 4, KeyValueHeads = 2, HeadSize = 8, FeedForward = 44, Vocabulary = vocabulary, Context = 128, Window = 9, TiedHead = true };
        var shape = new SceneShape { Encoder = local, Global = local with { Width = 48, HeadSize = 12, Window = 0 }, Decoder = local };
        using var model = new SceneModel(shape, new SceneSplitter(lexicon.Vocabulary), 1, 16, 8, training: false);
        model.Initialise(seed);
        Shapes.Wake(model, seed);
        string folder = Directory.CreateTempSubdirectory("dum-atlas-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        ModelFolder.SaveModel(folder, model, lexicon, lexicon.Vocabulary.Count);
        return folder;
    }
}
