namespace Dum.App;

/// <summary>Colour where a person looks: only the first word of a line, and only on a terminal without NO_COLOR.</summary>
static class Terminal
{
    const string Red = "31", Yellow = "33", Green = "32", Plain = "0";

    /// <summary>Writes a report; its plain text is the same with and without colour.</summary>
    public static void Write(string report)
    {
        bool colour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        foreach (string line in report.TrimEnd('\n').Split('\n'))
            Console.Out.WriteLine(colour ? Coloured(line) : line);
    }

    static string Coloured(string line)
    {
        string trimmed = line.TrimStart();
        string word = trimmed.Split("  ")[0];
        string? code = word switch
        {
            "blocked" or "BLOCK" or "не работает" or "СТОП" => Red,
            "limited" or "unknown" or "LIMIT" or "UNKNOWN" or "с оговорками" or "неизвестно" or "ПРЕДЕЛ" or "НЕЯСНО" => Yellow,
            "ready" or "готово" => Green,
            _ => null,
        };
        return code is null ? line : string.Concat(line.AsSpan(0, line.Length - trimmed.Length), $"\e[{code}m{word}\e[{Plain}m", trimmed.AsSpan(word.Length));
    }
}
