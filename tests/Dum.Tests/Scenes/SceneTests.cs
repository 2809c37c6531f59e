using System.Text;
using Dum.Lexicon;
using Dum.Scenes;
using Dum.Tests.Folding;
using Xunit;

namespace Dum.Tests.Scenes;

public class SceneTests
{
    static readonly Vocabulary s_bytes = Vocabulary.FromMerges([]);

    [Fact]
    public void A_scene_ends_after_a_sentence_of_three_a_clause_of_five_or_at_eight()
    {
        // Over single bytes every byte is a hyperword, so the rule can be followed by eye.
        Assert.Equal(["ab.", "a,b,c,", "abcd,", "a.b!", "abcdefgh", "ij"], Scenes("ab.a,b,c,abcd,a.b!abcdefghij"));
    }

    [Fact]
    public void Fixed_scenes_have_one_length()
    {
        Assert.Equal(["ab,c", "d.ef", "g"], Scenes("ab,cd.efg", SceneRule.Fixed(4)));
    }

    [Fact]
    public void Scenes_lie_side_by_side_and_cover_the_text()
    {
        Vocabulary words = TestLexicon.Small.Vocabulary;
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] text = Samples.Fuzzed(seed);
            int[] ids = words.Encoder.Encode(text);
            List<Scene> scenes = new SceneSplitter(words).Split(ids);
            long at = 0;
            int first = 0, episode = 0;
            foreach (Scene scene in scenes)
            {
                Assert.Equal(at, scene.Byte);
                Assert.Equal(first, scene.First);
                Assert.InRange(scene.Hyperwords, 1, 8);
                Assert.InRange(scene.Episode - episode, 0, 1);
                Assert.Equal(scene.Bytes, words.CountBytes(ids.AsSpan(scene.First, scene.Hyperwords)));
                (at, first, episode) = (at + scene.Bytes, first + scene.Hyperwords, scene.Episode);
            }
            Assert.Equal(text.Length, at);
        }
    }

    [Fact]
    public void Where_a_scene_ends_does_not_depend_on_what_follows()
    {
        Vocabulary words = TestLexicon.Small.Vocabulary;
        int[] ids = words.Encoder.Encode(Encoding.UTF8.GetBytes(Samples.Text(new Random(3), 3000)));
        var splitter = new SceneSplitter(words);
        List<Scene> all = splitter.Split(ids);
        for (int length = 1; length < ids.Length; length += 17)
        {
            List<Scene> part = splitter.Split(ids.AsSpan(0, length));
            Assert.Equal(all.Take(part.Count - 1), part.Take(part.Count - 1));
        }
    }

    [Fact]
    public void An_empty_line_begins_an_episode()
    {
        Vocabulary words = Vocabulary.FromMerges([('\n', '\n')]);
        byte[] text = "one. two.\n\nthree. four."u8.ToArray();
        List<Scene> scenes = new SceneSplitter(words).Split(words.Encoder.Encode(text));
        Assert.Equal("\n\nthree.", Encoding.UTF8.GetString(text.AsSpan((int)scenes.First(s => s.Episode == 1).Byte, 8)));
    }

    [Fact]
    public void Lines_begin_episodes_only_once_there_is_enough()
    {
        List<Scene> scenes = new SceneSplitter(s_bytes).Split(s_bytes.Encoder.Encode(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("once,\n", 20)))));
        Assert.All(scenes.CountBy(s => s.Episode).SkipLast(1), e => Assert.Equal(SceneRule.Default.EpisodeEnough, e.Value));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(9, 8)]
    [InlineData(3, 256)]
    public void A_rule_that_makes_no_sense_is_refused(int least, int most) =>
        Assert.Throws<DumException>(() => new SceneSplitter(s_bytes, new SceneRule { Least = least, ClauseLeast = Math.Max(least, 3), Most = most }));

    static IEnumerable<string> Scenes(string text, SceneRule? rule = null) =>
        new SceneSplitter(s_bytes, rule).Split(s_bytes.Encoder.Encode(Encoding.UTF8.GetBytes(text)))
            .Select(s => text.Substring((int)s.Byte, s.Bytes));
}
