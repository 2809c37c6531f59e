using System.Data.Common;
using Dum.Files;
using Microsoft.Data.Sqlite;

namespace Dum.Mind.Store;

/// <summary>A memory in one SQLite file of a folder.</summary>
sealed class SqliteDb : Db
{
    const string FileName = "memory.db", LockName = "memory.lock";

    /// <summary>SQLite's own codes.</summary>
    const int BusyCode = 5, LockedCode = 6, ReadOnlyCode = 8, CorruptCode = 11, FullCode = 13, CannotOpenCode = 14, NotADatabaseCode = 26;

    readonly string _folder;

    static SqliteDb() => SQLitePCL.Batteries_V2.Init();

    SqliteDb(string folder, SqliteOpenMode mode) : base(new SqliteConnection(new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, FileName),
        Mode = mode,
        Pooling = false,
        DefaultTimeout = 10,
    }.ToString())) => _folder = folder;

    public override string Name => _folder;

    public override bool IsEmpty => Number("SELECT count(*) FROM sqlite_master") == 0;

    public override long Bytes => Number("SELECT page_count*page_size FROM pragma_page_count(), pragma_page_size()");

    /// <exception cref="DumException">There is none and none is to be made (exit code 3), or the folder cannot be used.</exception>
    public static SqliteDb Open(string folder, bool create)
    {
        Look(folder, create);
        try
        {
            if (create)
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make {folder}: {FileFault.Reason(e)}", $"не создать {folder}: {FileFault.Reason(e)}"), e);
        }
        var db = new SqliteDb(folder, create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
        try
        {
            return db.Guard(() =>
            {
                db.Connection.Open();
                db.Run("PRAGMA synchronous=FULL");
                db.Run("PRAGMA secure_delete=ON");
                db.Run("PRAGMA cache_size=-32000");
                return db;
            });
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Opens a database that may be damaged, to read it and never to write.</summary>
    /// <exception cref="DumException">There is none (exit code 3).</exception>
    public static SqliteDb OpenToRead(string folder)
    {
        Look(folder, create: false);
        var db = new SqliteDb(folder, SqliteOpenMode.ReadOnly);
        try
        {
            return db.Guard(() =>
            {
                db.Connection.Open();
                return db;
            });
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Deletes a memory that was not finished: its files, and the folder if nothing else is in it.</summary>
    /// <exception cref="DumException">Another program is writing to it.</exception>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        using (LockOf(folder))
            foreach (string name in (string[])[FileName, FileName + "-wal", FileName + "-shm", FileName + "-journal"])
                File.Delete(Path.Combine(folder, name));
        File.Delete(Path.Combine(folder, LockName));
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    /// <summary>What stands in the way of opening, seen from outside.</summary>
    static void Look(string folder, bool create)
    {
        if (File.Exists(folder))
            throw new DumException(Path.GetFileName(folder) == FileName
                ? Tongue.Say($"{folder} is the file of a memory: give its folder: {Path.GetDirectoryName(Path.GetFullPath(folder))}", $"{folder} — файл памяти: укажите его папку: {Path.GetDirectoryName(Path.GetFullPath(folder))}")
                : Tongue.Say($"{folder} is a file: give the folder of a memory", $"{folder} — файл: укажите папку памяти"));
        if (Directory.Exists(Path.Combine(folder, FileName)))
            throw new DumException(Tongue.Say($"{Path.Combine(folder, FileName)} is a folder where the file of a memory should be: move it away, or give another folder", $"{Path.Combine(folder, FileName)} — папка там, где должен быть файл памяти: уберите её или укажите другую папку"));
        if (!File.Exists(Path.Combine(folder, FileName)) && !create)
            throw new DumException(Tongue.Say($"there is no memory in {folder}: make one with 'dum import PATH --memory {folder}'", $"в {folder} нет памяти: создайте её: 'dum import ПУТЬ --memory {folder}'")) { ExitCode = 3 };
    }

    public override string? Fault() => One("PRAGMA quick_check(1)") is string said and not "ok" ? said.ReplaceLineEndings(" ") : null;

    // Written into the file itself: only once it is known to be ours.
    // Larger pages waste less behind sheets of a few kilobytes; a database that is there keeps its own.
    public override void Prepare()
    {
        Run("PRAGMA page_size=16384");
        Run("PRAGMA journal_mode=WAL");
    }

    public override bool HasTable(string name) => Number("SELECT count(*) FROM sqlite_master WHERE name=@a", name) > 0;

    public override string Translate(string create) => create;

    // Not only a transaction: an import counts its numbers on from what it found, over many transactions.
    public override IDisposable Write() => LockOf(_folder);

    static FileStream LockOf(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DumException(Tongue.Say($"cannot write into {folder}: {FileFault.Reason(e)}", $"не записать в {folder}: {FileFault.Reason(e)}"), e);
        }
        catch (IOException e)
        {
            throw new DumException(File.Exists(Path.Combine(folder, LockName)) ? Busy : Tongue.Say($"cannot write into {folder}: {FileFault.Reason(e)}", $"не записать в {folder}: {FileFault.Reason(e)}"), e);
        }
    }

    protected override void Begin() => Run("BEGIN IMMEDIATE");

    public override void Purge()
    {
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
        Run("VACUUM");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    protected override string Explain(DbException e) => (e as SqliteException)?.SqliteErrorCode switch
    {
        BusyCode or LockedCode => Busy,
        NotADatabaseCode => Tongue.Say($"{Path.Combine(_folder, FileName)} is no database: give another folder, or restore it from a copy", $"{Path.Combine(_folder, FileName)} — не база данных: укажите другую папку или восстановите её из копии"),
        CorruptCode => Tongue.Say($"the memory in {_folder} is damaged: ", $"память в {_folder} повреждена: ") + Damage.Advice(_folder),
        ReadOnlyCode or CannotOpenCode => Tongue.Say($"the memory in {_folder} cannot be opened for writing: look at the rights of the folder and its files", $"память в {_folder} не открыть для записи: проверьте права на папку и её файлы"),
        FullCode => DiskFull,
        _ => Unusable(e.Message),
    };
}
