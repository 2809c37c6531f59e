namespace Dum.Mind.Recall;

/// <summary>How much of a budget a text takes: a token is taken as four characters, as the published measurements do.</summary>
static class Tokens
{
    public static int Of(string text) => (text.Length + 3) / 4;
}
