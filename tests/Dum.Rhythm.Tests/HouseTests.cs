using System.Text.RegularExpressions;
using Xunit;

namespace Dum.Rhythm.Tests;

/// <summary>Which folder of the rhythm engine may use which.</summary>
public class HouseTests
{
    static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Rings"] = [],
        ["Learning"] = ["Rings"],
        ["Memory"] = ["Rings"],
        ["Bytes"] = [],
        ["Series"] = ["Rings", "Learning"],
        ["Map"] = ["Rings", "Learning", "Memory", "Bytes", "Series"],
    };

    [Fact]
    public void References_between_folders_are_those_of_the_house()
    {
        string root = Path.Combine(Root(), "src", "Dum.Rhythm");
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (parts.Length < 2)
                continue;
            Assert.True(s_mayUse.TryGetValue(parts[0], out string[]? allowed), $"{parts[0]} has no place in the house yet: add it to this test");
            foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using Dum\.Rhythm\.(\w+)", RegexOptions.Multiline))
                Assert.True(use.Groups[1].Value == parts[0] || allowed.Contains(use.Groups[1].Value), $"{Path.GetFileName(file)} in {parts[0]} uses {use.Groups[1].Value}");
        }
    }

    [Fact]
    public void The_core_does_not_know_the_rhythm()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root(), "src", "Dum"), "*.cs", SearchOption.AllDirectories))
            Assert.DoesNotContain("using Dum.Rhythm", File.ReadAllText(file), StringComparison.Ordinal);
    }

    internal static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "40kDUM.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside a clone of the repository");
    }
}
