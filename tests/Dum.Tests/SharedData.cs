using System.Collections.Concurrent;
using Dum.Lexicon.Foreign;
using Xunit;

namespace Dum.Tests;

/// <summary>The data folder beside the repository, <c>../shared/data</c>; tests that need it skip where it is missing.</summary>
static class SharedData
{
    public static string? Folder { get; } = Find();

    public static string Tokenizer(string name) => Path.Combine(Folder!, "tokenizers", name);

    /// <summary>A tokenizer of the folder, read once for all tests.</summary>
    public static ForeignTokenizer Load(string name) => s_loaded.GetOrAdd(name, n => ForeignTokenizer.Load(Tokenizer(n)));

    static readonly ConcurrentDictionary<string, ForeignTokenizer> s_loaded = new();

    static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(Path.Combine(data, "tokenizers")))
                return data;
        }
        return null;
    }
}

/// <summary>A test that needs the shared data folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.Folder is null ? "../shared/data is not here" : null;
}

/// <summary>A theory that needs the shared data folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Folder is null ? "../shared/data is not here" : null;
}
