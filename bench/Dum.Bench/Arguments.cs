using System.Globalization;

namespace Dum.Bench;

/// <summary>What follows the verb: <c>--name value</c>, <c>--flag</c>, and files. A name may be repeated.</summary>
sealed class Arguments
{
    static readonly string[] s_flags = ["--json", "--save"];

    readonly List<(string Name, string Value)> _options = [];
    readonly List<string> _files = [];

    public Arguments(string verb, string[] rest)
    {
        (Verb, Rest) = (verb, rest);
        for (int i = 0; i < rest.Length; i++)
            if (!rest[i].StartsWith("--", StringComparison.Ordinal))
                _files.Add(rest[i]);
            else if (s_flags.Contains(rest[i]))
                _options.Add((rest[i], ""));
            else
                _options.Add((rest[i], ++i < rest.Length ? rest[i] : throw new DumException($"{rest[^1]} needs a value")));
    }

    public string Verb { get; }

    public string[] Rest { get; }

    /// <summary>The command to repeat the run with; files by their bare names, since where they lay says nothing.</summary>
    public string Command => $"dotnet run -c Release --project bench/Dum.Bench -- {Verb} " +
        string.Join(' ', Rest.Select(a => a.StartsWith("--", StringComparison.Ordinal) ? a : Quoted(Path.GetFileName(a.TrimEnd('/')))));

    public bool Has(string name) => _options.Exists(o => o.Name == name);

    public IReadOnlyList<string> All(string name) => [.. _options.Where(o => o.Name == name).Select(o => o.Value)];

    public string? One(string name) => All(name) is [.., var last] ? last : null;

    public int Number(string name, int otherwise) =>
        One(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n
        : throw new DumException($"{name} {text}: give a number above 0");

    /// <summary>The files named, in their order; options that the verb does not know are refused.</summary>
    public IReadOnlyList<string> Files(params string[] known)
    {
        Options(known);
        return _files.Count > 0 ? Existing(_files) : throw new DumException($"{Verb}: name at least one file");
    }

    /// <summary>Refuses options that the verb does not know.</summary>
    public void Options(params string[] known)
    {
        foreach ((string name, _) in _options)
            if (!known.Contains(name) && !s_flags.Contains(name))
                throw new DumException($"{Verb} has no option {name}");
    }

    public static IReadOnlyList<string> Existing(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
            if (!Path.Exists(path))
                throw new DumException($"{path} does not exist");
        return paths;
    }

    static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;
}
