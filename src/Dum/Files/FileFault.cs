namespace Dum.Files;

/// <summary>What the system says of a file that cannot be used, in the person's language and without the paths it adds.</summary>
public static class FileFault
{
    const int NoSpace = 28, ReadOnly = 30, WindowsNoSpace = unchecked((int)0x80070070);

    /// <summary>The error for a file that cannot be read.</summary>
    /// <param name="path">As the person named it.</param>
    /// <param name="e">What the system said.</param>
    public static DumException Reading(string path, Exception e) => new(Tongue.Say($"cannot read {path}: {Reason(e)}", $"не прочитать {path}: {Reason(e)}"), e);

    /// <summary>The reason alone.</summary>
    public static string Reason(Exception e) => e switch
    {
        FileNotFoundException => Tongue.Say("there is no such file", "такого файла нет"),
        DirectoryNotFoundException => Tongue.Say("there is no such folder", "такой папки нет"),
        PathTooLongException => Tongue.Say("the name is too long", "имя слишком длинное"),
        UnauthorizedAccessException => Tongue.Say("access is denied, or it is a folder", "нет доступа, или это папка"),
        EndOfStreamException => Tongue.Say("it ends too early", "он кончается слишком рано"),
        { HResult: NoSpace or WindowsNoSpace } => Tongue.Say("the disk is full", "диск переполнен"),
        { HResult: ReadOnly } => Tongue.Say("the file system may only be read", "файловая система только для чтения"),
        _ => Words(e.Message),
    };

    static string Words(string text)
    {
        int quote = text.IndexOf(" '", StringComparison.Ordinal);
        return (quote > 0 ? text[..quote] : text).TrimEnd('.', ' ', ':');
    }
}
