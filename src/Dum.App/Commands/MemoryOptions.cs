using System.CommandLine;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary>Where the memory is, a folder or a connection string: an option, DUM_MEMORY, or the folder <c>memory</c> here.</summary>
static class MemoryOptions
{
    public static Option<string> Folder() => new("--memory", "-m")
    {
        Description = Say("the folder of the memory, or postgres://… (default: $DUM_MEMORY, else ./memory)", "папка памяти или postgres://… (по умолчанию $DUM_MEMORY, иначе ./memory)"),
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DUM_MEMORY") is { Length: > 0 } folder ? folder : "memory",
    };
}
