using System.Text.RegularExpressions;
using Xunit;

namespace Dum.Tests;

/// <summary>The house rules that a compiler does not check.</summary>
public class HouseTests
{
    /// <summary>Which folder of the library may use which; a folder not named here may use none.</summary>
    static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Numerics"] = [],
        ["Files"] = [],
        ["Host"] = ["Numerics", "Files"],
        ["Corpus"] = [],
        ["Coding"] = ["Numerics"],
        ["Lexicon"] = ["Coding", "Corpus", "Files", "Numerics"],
        ["Scenes"] = ["Lexicon"],
        ["Checkpoints"] = ["Numerics", "Files", "Lexicon"],
        ["Plans"] = ["Numerics"],
        ["Models"] = ["Plans", "Checkpoints", "Scenes", "Lexicon", "Files", "Numerics"],
        ["Training"] = ["Models", "Scenes", "Plans", "Checkpoints", "Corpus", "Lexicon", "Files", "Numerics"],
        ["Hypersymbols"] = ["Models", "Scenes", "Checkpoints", "Coding", "Corpus", "Lexicon", "Files", "Numerics"],
        ["Ledger"] = ["Training", "Models", "Checkpoints", "Scenes", "Lexicon", "Corpus", "Files", "Numerics"],
        ["Folding"] = ["Models", "Scenes", "Lexicon", "Coding", "Files", "Numerics"],
    };

    [Fact]
    public void References_between_folders_point_one_way()
    {
        foreach (string file in Sources("src/Dum"))
        {
            string[] parts = Path.GetRelativePath(Path.Combine(Root, "src", "Dum"), file).Split(Path.DirectorySeparatorChar);
            if (parts.Length < 2)
                continue;
            Assert.True(s_mayUse.TryGetValue(parts[0], out string[]? allowed), $"{parts[0]} has no place in the house yet: add it to this test");
            foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using (?:static )?Dum\.(\w+)", RegexOptions.Multiline))
                Assert.True(use.Groups[1].Value == parts[0] || allowed.Contains(use.Groups[1].Value) || use.Groups[1].Value == "Tongue",
                    $"{Path.GetFileName(file)} in {parts[0]} uses {use.Groups[1].Value}");
        }
    }

    [Fact]
    public void The_library_needs_no_package()
    {
        Assert.DoesNotContain("PackageReference", File.ReadAllText(Path.Combine(Root, "src", "Dum", "Dum.csproj")), StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_longer_than_600_lines()
    {
        foreach (string file in Sources("src").Concat(Sources("tests")).Concat(Sources("bench")))
            Assert.True(File.ReadLines(file).Count() <= 600, file);
    }

    static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories);

    internal static string Root { get; } = FindRoot();

    static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "40kDUM.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside a clone of the repository");
    }
}
