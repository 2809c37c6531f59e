using System.Globalization;
using System.Reflection;

namespace Dum.Host;

/// <summary>
/// The rows of <c>Data/host-rules.txt</c> and <c>Data/host-problems.txt</c>: what drivers, cards, wheels and fixes are like.
/// They are data so that a person can read, doubt and correct them.
/// </summary>
sealed class RuleTables
{
    readonly Dictionary<string, List<string[]>> _tables = [];

    public static RuleTables Standard { get; } = new(Resource("host-rules.txt") + "\n" + Resource("host-problems.txt"));

    public RuleTables(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] columns = Array.ConvertAll(line.Split(" | "), c => c.Replace(@"\|", "|", StringComparison.Ordinal));
            if (!_tables.TryGetValue(columns[0], out List<string[]>? rows))
                _tables[columns[0]] = rows = [];
            rows.Add(columns[1..]);
        }
    }

    public static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Dum.Host.Data." + name)
            ?? throw new InvalidOperationException("no resource " + name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public IReadOnlyList<string[]> Rows(string table) => _tables.TryGetValue(table, out List<string[]>? rows) ? rows : [];

    public string[]? Find(string table, string key) => Rows(table).FirstOrDefault(row => row[0] == key);

    /// <summary>The row with the highest key at or below a compute capability: the tables give where each family begins.</summary>
    public string[] Arch(DottedVersion capability) =>
        Rows("arch").LastOrDefault(row => DottedVersion.From(row[0]) <= capability) ?? Rows("arch")[0];

    /// <summary>Compute capability of an NVIDIA card by its PCI device id; what is known while no driver speaks.</summary>
    public DottedVersion CapabilityOf(int device) =>
        DottedVersion.From(Rows("pci").Last(row => int.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= device)[1])!.Value;

    /// <summary>Newest CUDA that a driver runs, by the strict minimum of each toolkit; null when it is older than all we know.</summary>
    public string? NewestCuda(DottedVersion driver) =>
        Rows("cuda").LastOrDefault(row => DottedVersion.From(row[1]) <= driver)?[0];

    /// <summary>The row of a CUDA version, or of the newest one of the same major version that is not newer.</summary>
    public string[]? Cuda(DottedVersion toolkit) =>
        Rows("cuda").LastOrDefault(row => DottedVersion.From(row[0]) is { } v && v.Major == toolkit.Major && v <= toolkit with { Patch = int.MaxValue })
        ?? Rows("cuda").FirstOrDefault(row => DottedVersion.From(row[0])?.Major == toolkit.Major);

    /// <summary>Data-sheet memory bandwidth (GB/s) and 16-bit matrix rate (TFLOP/s); null for a card that is not in the table.</summary>
    public (double Bandwidth, double Flops)? Speed(string name)
    {
        // The whole name: an L40 is no L4, and a 4090 for a laptop is no 4090.
        string model = Model(name);
        return Rows("bandwidth").FirstOrDefault(row => Model(row[0]).Equals(model, StringComparison.OrdinalIgnoreCase)) is { } found
            ? (Number(found[1]), Number(found[2])) : null;
    }

    // Makers and families stand before the model in some drivers and not in others.
    static string Model(string name) => name.Replace("NVIDIA ", "", StringComparison.Ordinal).Replace("GeForce ", "", StringComparison.Ordinal).Replace("Tesla ", "", StringComparison.Ordinal).Trim();

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
