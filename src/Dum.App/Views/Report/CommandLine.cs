namespace Dum.App.Views.Report;

/// <summary>The command as a person would type it again.</summary>
static class CommandLine
{
    public static string Typed() => Of(Environment.GetCommandLineArgs().Skip(1));

    public static string Of(IEnumerable<string> arguments) => string.Join(' ', arguments.Prepend("dum").Select(Quote));

    static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./=:,+@%\\".Contains(c, StringComparison.Ordinal))
            ? argument
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
