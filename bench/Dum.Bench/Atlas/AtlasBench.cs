using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;

namespace Dum.Bench;

/// <summary>What hypersymbols are worth: spaces and quantisers compared, bits gained by a predicted code, and the shift that steering makes.</summary>
static class AtlasBench
{
    public const string Usage = "MODEL TEXT… --part codes|use|gain|steer [--held TEXT]… [--atlas FILE] [--scenes N] [--codes N] [--steps N] [--tokens N] [--save]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--part", "--held", "--atlas", "--scenes", "--codes", "--steps", "--tokens");
        using LanguageModel model = LanguageModel.Open(files[0]);
        IReadOnlyList<LexiconSource> texts = LexiconFiles.Collect(files.Skip(1)), held = LexiconFiles.Collect(Arguments.Existing(arguments.All("--held")));
        var options = new AtlasOptions { Codes = arguments.Number("--codes", 1000), Scenes = arguments.Number("--scenes", 60_000), Rounds = 20 };
        var report = new Report(arguments);
        switch (arguments.One("--part"))
        {
            case "codes":
                CodeComparison.Run(model, texts, options, report);
                break;
            case "use":
                Use(model, Needed(), texts, options, report);
                break;
            case "gain":
                GainBench.Run(model, Needed(), texts, held, options, arguments.Number("--steps", 120), report);
                break;
            case "steer":
                SteerBench.Run(model, Needed(), held.Count > 0 ? held : texts, arguments.Number("--tokens", 64), report);
                break;
            default:
                throw new DumException("atlas: --part is codes, use, gain or steer");
        }
        return report.Finish();

        Atlas Needed() => Atlas.Load(arguments.One("--atlas") ?? throw new DumException("atlas: give --atlas FILE"), model);
    }

    /// <summary>Which codes of an atlas occur in texts it was not made from.</summary>
    static void Use(LanguageModel model, Atlas atlas, IReadOnlyList<LexiconSource> texts, AtlasOptions options, Report report)
    {
        var table = new Table("Codes in use", ("scenes", "0"), ("codes", "0"), ("used, %", "0.0"), ("perplexity", "0"));
        SceneSample sample = SceneSample.Read(model, texts, options.Scenes, options.Seed, options.Threads, null, default);
        using var pool = new WorkerPool(options.Threads);
        using SceneCodes codes = SceneCodes.Of(sample, atlas, pool);
        CodeUse use = CodeUse.Of(codes.Codes, atlas.Symbols.Count);
        table.Add(use.Scenes, atlas.Symbols.Count, 100.0 * use.Used / atlas.Symbols.Count, use.Perplexity);
        report.Add(table);
    }
}
