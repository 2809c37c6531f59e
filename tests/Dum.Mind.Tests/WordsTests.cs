using Dum.Mind.Search;
using Dum.Mind.Words;
using Xunit;

namespace Dum.Mind.Tests;

public class WordsTests
{
    // Expected stems are those of the published Snowball vocabularies.
    [Theory]
    [InlineData("consistency", "consist")]
    [InlineData("knightly", "knight")]
    [InlineData("running", "run")]
    [InlineData("happiness", "happi")]
    [InlineData("generously", "generous")]
    [InlineData("relational", "relat")]
    [InlineData("hopping", "hop")]
    [InlineData("важная", "важн")]
    [InlineData("важнейшими", "важн")]
    [InlineData("вавиловской", "вавиловск")]
    [InlineData("павлович", "павлович")]
    [InlineData("противоестественном", "противоестествен")]
    [InlineData("поражающею", "поража")]
    [InlineData("читавшись", "чита")]
    public void Stems_are_those_of_snowball(string word, string stem)
    {
        char[] room = [.. word, ' ', ' '];
        int length = TermReader.StemLength(room.AsSpan(0, word.Length));
        Assert.Equal(stem, new string(room, 0, length));
    }

    [Theory]
    [InlineData("what did we do last June?", 2024, 6, 1, 30)]
    [InlineData("рецепт прошлым летом", 2024, 6, 1, 92)]
    [InlineData("it was on 7 May 2023", 2023, 5, 7, 1)]
    [InlineData("7 мая 2023 года", 2023, 5, 7, 1)]
    [InlineData("что было вчера", 2025, 3, 14, 1)]
    [InlineData("in 2021 we moved", 2021, 1, 1, 365)]
    public void Times_are_understood(string text, int year, int month, int day, int days)
    {
        var from = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero);
        List<TimeSpanNamed> found = TimeWords.Find(text, new DateTimeOffset(2025, 3, 15, 12, 0, 0, TimeSpan.Zero));
        Assert.Contains(new TimeSpanNamed(from.ToUnixTimeSeconds() / 60, from.AddDays(days).ToUnixTimeSeconds() / 60, 0), found);
    }
}
