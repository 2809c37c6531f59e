namespace Dum;

/// <summary>
/// The language the product speaks to its user: Russian or English.
/// <c>DUM_LANG</c> decides (<c>ru</c> or <c>en</c>), else the usual <c>LC_ALL</c>, <c>LC_MESSAGES</c>, <c>LANG</c>; English when none says Russian.
/// </summary>
public static class Tongue
{
    /// <summary>True when the user reads Russian.</summary>
    public static bool IsRussian { get; set; } = FromEnvironment();

    /// <summary>Picks the sentence in the user's language.</summary>
    public static string Say(string english, string russian) => IsRussian ? russian : english;

    static bool FromEnvironment()
    {
        foreach (string name in (ReadOnlySpan<string>)["DUM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"])
        {
            string? value = Environment.GetEnvironmentVariable(name);
            if (!string.IsNullOrEmpty(value))
                return value.StartsWith("ru", StringComparison.OrdinalIgnoreCase);
        }
        return false;
    }
}
