using System.IO.MemoryMappedFiles;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>A whole file mapped for reading. Thread-safe; nothing may be read after <see cref="Dispose"/>, and nobody may cut the file meanwhile.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _start;
    bool _closed;

    MappedFile(string path, MemoryMappedFile map, long length)
    {
        (Path, Length, _map) = (path, length, map);
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <exception cref="DumException">Missing (exit code 3), empty, not a regular file, or not readable.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw new DumException(Tongue.Say($"{path} does not exist: give a model's file or folder", $"{path} не существует: укажите файл или папку модели")) { ExitCode = 3 };
            if (!FileKind.IsRegular(path))
                throw new DumException(Tongue.Say($"{path} is a pipe or a device: give the name of a file", $"{path} — канал или устройство: укажите имя файла"));
            // The length of what is open: FileInfo would tell that of a link, and model caches are full of links.
            FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            try
            {
                if (stream.Length == 0)
                    throw Checkpoint.Broken(path, "it is empty", "файл пуст");
                return new MappedFile(path, MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false), stream.Length);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DumException(Tongue.Say($"cannot read {path}: {FileFault.Reason(e)}", $"{path} не читается: {FileFault.Reason(e)}"), e);
        }
    }

    /// <summary>Bytes of the file; the caller has checked that they are inside.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
