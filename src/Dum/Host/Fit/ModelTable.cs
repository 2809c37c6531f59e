namespace Dum.Host.Fit;

/// <summary>The well-known models of Data/models.txt.</summary>
public static class ModelTable
{
    static readonly RuleTables s_rows = new(RuleTables.Resource("models.txt"));

    /// <summary>All of them, smaller ones first.</summary>
    public static IReadOnlyList<ModelShape> All { get; } = [.. s_rows.Rows("model").Select(r => ModelShape.Parse(r[0], r[1])).OrderBy(m => m.Parameters)];

    internal static IReadOnlyList<string[]> Rows => s_rows.Rows("model");

    /// <summary>The model whose name is meant: letters and digits count, spaces and case do not. Null when none or several match.</summary>
    public static ModelShape? Find(string name)
    {
        string wanted = Plain(name);
        ModelShape[] same = [.. All.Where(m => Plain(m.Name) == wanted)];
        ModelShape[] near = same.Length > 0 || wanted.Length < 3 ? same : [.. All.Where(m => Plain(m.Name).Contains(wanted, StringComparison.Ordinal))];
        return near.Length == 1 ? near[0] : null;
    }

    static string Plain(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
