using System.Text;
using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Xunit;

namespace Dum.Tests.Hypersymbols;

public class AtlasTests
{
    static readonly Atlas s_atlas = SmallSceneModel.Atlas;
    static readonly LanguageModel s_model = SmallSceneModel.Model;

    [Fact]
    public void Threads_change_no_byte_of_the_file()
    {
        Assert.Equal(Bytes(s_atlas), Bytes(SmallSceneModel.Make(new AtlasOptions { Codes = 40, Threads = 1 })));
    }

    [Fact]
    public void Tags_are_those_the_codes_were_learned_with()
    {
        using var tagger = new SceneTagger(s_atlas, s_model);
        IReadOnlyList<SceneTag> tags = tagger.Tags(s_model.Lexicon!.Vocabulary.Encoder.Encode(SmallSceneModel.Text));
        Assert.Equal(s_atlas.Facts.Scenes, tags.Count);
        foreach (Hypersymbol symbol in s_atlas.Symbols)
            Assert.Equal(symbol.Scenes, tags.Count(t => t.Code == symbol.Code));
        Assert.Equal(SmallSceneModel.Text.Length, tags.Sum(t => t.Scene.Bytes));
    }

    [Fact]
    public void Names_are_unique_and_made_of_the_codes_own_scenes()
    {
        Assert.Equal(s_atlas.Symbols.Count, s_atlas.Symbols.Select(s => s.Name).Distinct().Count());
        using var tagger = new SceneTagger(s_atlas, s_model);
        IReadOnlyList<SceneTag> tags = tagger.Tags(s_model.Lexicon!.Vocabulary.Encoder.Encode(SmallSceneModel.Text));
        foreach (Hypersymbol symbol in s_atlas.Symbols)
        {
            string own = string.Concat(tags.Where(t => t.Code == symbol.Code).Select(t => Encoding.UTF8.GetString(SmallSceneModel.Text, (int)t.Scene.Byte, t.Scene.Bytes))).ToLowerInvariant();
            foreach (string word in (symbol.English + " · " + symbol.Russian).Split(" · ").Where(w => w.Length > 0 && SceneWords.IsWord(w) && !w.Contains(' ', StringComparison.Ordinal)))
                Assert.Contains(word, own, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Strength_over_the_text_counts_every_scene_once()
    {
        Assert.All(s_atlas.Symbols, s => Assert.Equal(s.Scenes, s.Strength.Sum()));
        Assert.Equal(s_atlas.Facts.Scenes, s_atlas.Symbols.Sum(s => s.Scenes));
    }

    [Fact]
    public void Neighbours_are_the_nearest_and_never_oneself()
    {
        IReadOnlyList<(int Code, double Cosine)> near = s_atlas.Neighbours(7, 100);
        Assert.Equal(s_atlas.Symbols.Count - 1, near.Count);
        Assert.DoesNotContain(near, n => n.Code == 7);
        Assert.Equal(near.Select(n => n.Cosine).OrderDescending(), near.Select(n => n.Cosine));
        Assert.All(near, n => Assert.InRange(n.Cosine, -1.001, 1.001));
    }

    [Fact]
    public void A_saved_atlas_is_the_same_atlas()
    {
        string path = Path.GetTempFileName();
        try
        {
            s_atlas.Save(path);
            byte[] first = File.ReadAllBytes(path);
            Atlas read = Atlas.Load(path, s_model);
            Assert.Equal(first, Bytes(read));
            Assert.Equal(s_atlas.Symbols.Select(s => s.Name), read.Symbols.Select(s => s.Name));
            Assert.Equal(s_atlas.Symbols[3].Examples, read.Symbols[3].Examples);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Damaged_and_foreign_files_get_one_line()
    {
        byte[] whole = Bytes(s_atlas);
        string path = Path.GetTempFileName();
        try
        {
            for (int cut = 0; cut < whole.Length; cut += 1 + (whole.Length / 97))
                Refused(whole[..cut]);
            for (int at = 0; at < whole.Length; at += 1 + (whole.Length / 97))
            {
                byte[] torn = [.. whole];
                torn[at] ^= 0x40;
                Refused(torn);
            }
            Refused([.. whole, 0]);
            Refused("not an atlas at all, just a text of some length"u8.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Equal(3, Assert.Throws<DumException>(() => Atlas.Load(path)).ExitCode);

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            var e = Assert.Throws<DumException>(() => Atlas.Load(path));
            Assert.Equal(2, e.ExitCode);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Fact]
    public void An_atlas_of_another_model_is_refused()
    {
        using LanguageModel other = LanguageModel.Open(SmallSceneModel.Save(4));
        string path = Path.GetTempFileName();
        try
        {
            s_atlas.Save(path);
            var e = Assert.Throws<DumException>(() => Atlas.Load(path, other));
            Assert.Contains(s_atlas.Facts.ModelId, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_hypersymbol_is_found_by_number_or_name()
    {
        Assert.Equal(5, s_atlas.Find("5").Code);
        Assert.Equal(5, s_atlas.Find(s_atlas.Symbols[5].Name.ToUpperInvariant()).Code);
        Assert.Throws<DumException>(() => s_atlas.Find("40"));
        Assert.Throws<DumException>(() => s_atlas.Find("no such name anywhere"));
    }

    [Fact]
    public void A_text_too_short_is_refused()
    {
        Assert.Throws<DumException>(() => AtlasMaker.Make(s_model, [LexiconSource.FromBytes("a", "One."u8.ToArray())], new AtlasOptions(), null, default));
        Assert.Throws<DumException>(() => AtlasMaker.Make(s_model, [LexiconSource.FromBytes("a", [])], new AtlasOptions(), null, default));
    }

    static byte[] Bytes(Atlas atlas)
    {
        string path = Path.GetTempFileName();
        try
        {
            atlas.Save(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
