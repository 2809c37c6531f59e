using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;

namespace Dum.Bench;

/// <summary>What hypersymbols are worth: spaces and quantisers compared, bits gained by a predicted code, and the shift that steering makes.</summary>
static class AtlasBench
{
    public const string Usage = "MODEL TEXT… --part codes|gain|steer [--held TEXT]… [--atlas FILE] [--scenes N] [--codes N] [--steps N] [--tokens N] [--save]";

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
            case "gain":
                GainBench.Run(model, Needed(), texts, held, options, arguments.Number("--steps", 120), report);
                break;
            case "steer":
                SteerBench.Run(model, Needed(), held.Count > 0 ? held : texts, arguments.Number("--tokens", 64), report);
                break;
            default:
                throw new DumException("atlas: --part is codes, gain or steer");
        }
        return report.Finish();

        Hypersymbols.Atlas Needed() => Hypersymbols.Atlas.Load(arguments.One("--atlas") ?? throw new DumException("atlas: give --atlas FILE"), model);
    }
}
