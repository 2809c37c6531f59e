using System.Text.RegularExpressions;
using Xunit;

namespace Dum.Mind.Tests;

/// <summary>Which folder of the mind may use which.</summary>
public class HouseTests
{
    static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Words"] = [],
        ["Search"] = ["Words"],
        ["Turns"] = [],
        ["Repair"] = ["Turns"],
        ["Store"] = ["Turns", "Search", "Words"],
        ["Import"] = ["Turns", "Repair", "Store"],
        ["Upkeep"] = ["Turns", "Store", "Import"],
        ["Recall"] = ["Turns", "Search", "Store", "Words"],
    };

    [Fact]
    public void References_between_folders_are_those_of_the_house()
    {
        string root = Path.GetDirectoryName(DataFactAttribute.Beside("src", "Dum.Mind", "Dum.Mind.csproj"))!;
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (parts.Length < 2)
                continue;
            Assert.True(s_mayUse.TryGetValue(parts[0], out string[]? allowed), $"{parts[0]} has no place in the house yet: add it to this test");
            foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using Dum\.Mind\.(\w+)", RegexOptions.Multiline))
                Assert.True(use.Groups[1].Value == parts[0] || allowed.Contains(use.Groups[1].Value), $"{Path.GetFileName(file)} in {parts[0]} uses {use.Groups[1].Value}");
        }
    }

    [Fact]
    public void The_core_does_not_know_the_mind()
    {
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(DataFactAttribute.Beside("src", "Dum", "Dum.csproj"))!, "*.cs", SearchOption.AllDirectories))
            Assert.DoesNotContain("using Dum.Mind", File.ReadAllText(file), StringComparison.Ordinal);
    }
}
