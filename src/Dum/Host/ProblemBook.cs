namespace Dum.Host;

/// <summary>Collects problems: takes their words from the tables and the fix that belongs to this system.</summary>
sealed class ProblemBook(RuleTables tables, SystemFacts system)
{
    readonly List<HostProblem> _found = [];

    public RuleTables Tables => tables;

    public bool Has(string id) => _found.Exists(p => p.Id == id);

    /// <summary>True when something already blocks a capability, or leaves it unknown.</summary>
    public bool Blocks(string capability) => _found.Exists(p => p.Severity >= Severity.Unknown && p.Capabilities.Contains(capability));

    /// <summary>Adds a problem once. <paramref name="values"/> fill the %names% of its sentences and commands.</summary>
    public void Add(string id, string? fix = null, params ReadOnlySpan<(string Name, string Value)> values)
    {
        string[] row = tables.Find("problem", id) ?? throw new InvalidOperationException("no row for problem " + id);
        var names = new List<(string, string)>([.. values, ("osmajor", system.OsMajor), ("kernel", system.Kernel), ("distro", DistributionName())]);
        (string fixId, string command, string verify) = Fix(fix ?? id);
        string what = Fill(Tongue.Say(row[4], row[5]), names);
        if (_found.Exists(p => p.Id == id && p.What == what))
            return;
        _found.Add(new HostProblem(id, Severities(row[2]), row[3].Split(' '), what, Fill(Tongue.Say(row[6], row[7]), names),
            fixId, Fill(command, names), Fill(verify, names))
        { Rank = int.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture) });
    }

    string DistributionName() => system.Variables.GetValueOrDefault("WSL_DISTRO_NAME", "Ubuntu");

    static Severity Severities(string word) => word switch
    {
        "block" => Severity.Block,
        "unknown" => Severity.Unknown,
        "limit" => Severity.Limit,
        _ => Severity.Note,
    };

    (string Id, string Command, string Verify) Fix(string id)
    {
        // A row with '=' borrows another recipe and keeps its own way to verify.
        if (tables.Rows("fix").FirstOrDefault(r => r[0] == id && r[1] == "=") is { } borrowed)
            return (borrowed[2], Fix(borrowed[2]).Command, borrowed[3]);
        foreach (string key in system.FixKeys)
        {
            if (tables.Rows("fix").FirstOrDefault(r => r[0] == id && r[1] == key) is { } row)
                return (id, row[2], row[3]);
        }
        throw new InvalidOperationException("no fix for " + id);
    }

    static string Fill(string text, List<(string Name, string Value)> values)
    {
        foreach ((string name, string value) in values)
            text = text.Replace("%" + name + "%", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Worst first: what blocks, then what unblocks most, then the table's own order.</summary>
    public IReadOnlyList<HostProblem> Ordered() =>
        [.. _found.OrderByDescending(p => p.Severity).ThenBy(p => p.Rank).ThenBy(p => p.Id, StringComparer.Ordinal)];
}
