namespace Dum.Files;

/// <summary>Holds a name for one process at a time, by a file that the system lets go of when the process ends, however it ends.</summary>
public sealed class FileLock : IDisposable
{
    /// <summary>How long another process is waited for: long enough for one that only saves.</summary>
    const int Patience = 2000, Nap = 20;

    readonly FileStream _held;

    FileLock(FileStream held) => _held = held;

    /// <summary>Takes a name, or null where another process keeps it or nothing can be written there.</summary>
    /// <param name="path">Of the lock file; made and deleted again.</param>
    /// <param name="wait">Whether to wait up to two seconds for another process.</param>
    public static FileLock? Try(string path, bool wait)
    {
        for (long until = Environment.TickCount64 + (wait ? Patience : 0); ; Thread.Sleep(Nap))
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (e is not IOException || Environment.TickCount64 >= until)
                    return null;
            }
    }

    /// <summary>Takes a file that is read, changed and saved again, so that no other process saves between.</summary>
    /// <param name="path">Of the file, or of a link to it; the lock lies beside it under a hidden name of its own.</param>
    /// <exception cref="DumException">Another process works with it, or its folder cannot be written.</exception>
    public static FileLock Of(string path)
    {
        string target = SafeFile.Target(path);
        return Try(Path.Combine(Path.GetDirectoryName(target) ?? ".", $".{Path.GetFileName(target)}.dum-lock"), wait: true) ?? throw new DumException(Tongue.Say(
            $"{path} is in use by another dum, or its folder cannot be written: wait, or give another file", $"с {path} работает другой dum, или в папку нельзя писать: подождите или укажите другой файл"));
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
