using System.Runtime.InteropServices;

namespace Dum.Files;

/// <summary>What kind of thing stands under a path. .NET does not tell a pipe or a device from a file, and opening one can wait forever.</summary>
public static class FileKind
{
    const int TypeMask = 0xF000, RegularType = 0x8000;

    /// <summary>True for an ordinary file (links followed); true as well where nobody can tell.</summary>
    public static unsafe bool IsRegular(string path)
    {
        if (OperatingSystem.IsWindows())
            return true;
        // The runtime's own shim over stat(2): flags (int), then mode (int); the rest of the record is not looked at.
        int* status = stackalloc int[64];
        try
        {
            return Stat(path, status) != 0 || (status[1] & TypeMask) == RegularType;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return true;
        }
    }

    /// <summary>Refuses what is not an ordinary file, before it is read without end.</summary>
    /// <exception cref="DumException">A pipe or a device stands under the name.</exception>
    public static void Require(string path)
    {
        if (File.Exists(path) && !IsRegular(path))
            throw new DumException(Tongue.Say($"{path} is a pipe or a device: give the name of a file", $"{path} — канал или устройство: укажите имя файла"));
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    static extern unsafe int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int* status);
}
