using System.Text;
using Dum.Lexicon;

namespace Dum.Tests.Folding;

/// <summary>A small lexicon trained in the test run, so that no test depends on what ships.</summary>
static class TestLexicon
{
    static readonly Lazy<LexiconFile> s_small = new(() => Make(1, 600));

    public static LexiconFile Small => s_small.Value;

    public static LexiconFile Make(int seed, int size)
    {
        byte[] text = Encoding.UTF8.GetBytes(Samples.Text(new Random(seed), 60_000));
        return LexiconMaker.Make([LexiconSource.FromBytes("sample", text)], new LexiconTrainingOptions { Size = size, MinPairCount = 2 }, null, default);
    }
}
