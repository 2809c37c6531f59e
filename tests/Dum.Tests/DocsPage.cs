using System.Text.RegularExpressions;
using Xunit;

namespace Dum.Tests;

/// <summary>A page of the documentation whose examples are run by a test.</summary>
static class DocsPage
{
    /// <summary>Every line of the page's C#, comments behind it aside, stands in the test's own source.</summary>
    /// <param name="root">Of the repository.</param>
    /// <param name="page">Below docs.</param>
    /// <param name="test">Below tests.</param>
    public static void ShowsWhatRuns(string root, string page, string test)
    {
        string code = Squeeze(File.ReadAllText(Path.Combine(root, "tests", test)));
        MatchCollection blocks = Regex.Matches(File.ReadAllText(Path.Combine(root, "docs", page)), "```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.NotEmpty(blocks);
        foreach (Match block in blocks)
            foreach (string line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Assert.Contains(Squeeze(line.Split("  //")[0]), code, StringComparison.Ordinal);
    }

    static string Squeeze(string code) => Regex.Replace(code, @"\s+", " ").Trim();
}
