using Dum.Hypersymbols;
using Xunit;

namespace Dum.Tests.Hypersymbols;

public class SceneNamesTests
{
    [Fact]
    public void A_group_is_named_by_what_sets_it_apart()
    {
        var names = new SceneNames(3);
        for (int i = 0; i < 60; i++)
        {
            names.Add(0, SceneWords.Of("The ship sailed the sea, "));
            names.Add(1, SceneWords.Of("The king and the castle. "));
            names.Add(2, SceneWords.Of("Дождь и снег над рекой; the rain. "));
        }
        (string English, string Russian)[] all = names.All(_ => "scene", [0, 1, 2]);
        Assert.Equal(["sailed", "sea", "ship"], all[0].English.Split(" · ").Order());
        Assert.Equal("", all[0].Russian);
        Assert.Contains("castle", all[1].English, StringComparison.Ordinal);
        Assert.Contains("rain", all[2].English, StringComparison.Ordinal);
        Assert.Contains("дождь", all[2].Russian, StringComparison.Ordinal);
        Assert.DoesNotContain("the", all.SelectMany(n => n.English.Split(" · ")));
    }

    [Fact]
    public void Groups_alike_get_names_of_their_own()
    {
        var names = new SceneNames(4);
        for (int group = 0; group < 4; group++)
            names.Add(group, ["same", "words"]);
        (string, string)[] all = names.All(group => group < 2 ? "as one" : "как другая", [0, 1, 2, 3]);
        Assert.Equal(4, all.Distinct().Count());
        Assert.All(all, n => Assert.NotEqual(("", ""), n));
    }

    [Fact]
    public void Words_are_runs_of_letters_and_numbers_are_one()
    {
        Assert.Equal(["don't", "well-known", "в", "0–9", "году", "↵", "?"], SceneWords.Of(" Don't well-known, в 1999 году\n?"));
    }
}
