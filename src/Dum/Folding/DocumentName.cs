namespace Dum.Folding;

/// <summary>Names in a folded file: relative, forward slashes, no way out of the folder they unfold into.</summary>
static class DocumentName
{
    /// <summary>Null when the name is good, else what is wrong with it.</summary>
    public static string? Fault(string name)
    {
        if (name.Length == 0)
            return null; // standard input
        if (System.Text.Encoding.UTF8.GetByteCount(name) > FoldedDocument.MostName)
            return Tongue.Say("it is longer than 4096 bytes", "оно длиннее 4096 байт");
        if (name.Contains('\0'))
            return Tongue.Say("it holds a character that no file name may hold", "в нём знак, которого не бывает в именах файлов");
        if (name.StartsWith('/') || (name.Length > 1 && char.IsAsciiLetter(name[0]) && name[1] == ':'))
            return Tongue.Say("it is absolute", "оно абсолютное");
        foreach (string part in name.Split('/'))
            if (part is "" or "." or "..")
                return Tongue.Say("it leads out of its folder", "оно ведёт за пределы папки");
        return null;
    }

    public static void Require(string name)
    {
        if (Fault(name) is { } fault)
            throw new DumException(Tongue.Say($"the document name '{name}' cannot be used: {fault}", $"имя документа «{name}» не годится: {fault}"));
    }
}
