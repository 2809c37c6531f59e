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

    SqliteDb(string folder, bool create) : base(new SqliteConnection(new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, FileName),
        Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
        Pooling = false,
        DefaultTimeout = 10,
    }.ToString())) => _folder = folder;

    public override string Name => _folder;

    public override bool IsEmpty => Number("SELECT count(*) FROM sqlite_master") == 0;

    public override long Bytes => Number("SELECT page_count*page_size FROM pragma_page_count(), pragma_page_size()");

    /// <exception cref="DumException">There is none and none is to be made (exit code 3), or the folder cannot be used.</exception>
    public static SqliteDb Open(string folder, bool create)
    {
        if (File.Exists(folder))
            throw new DumException(Tongue.Say($"{folder} is a file: give the folder of a memory", $"{folder} — файл: укажите папку памяти"));
        if (!File.Exists(Path.Combine(folder, FileName)) && !create)
            throw new DumException(Tongue.Say($"there is no memory in {folder}: make one with 'dum import PATH --memory {folder}'", $"в {folder} нет памяти: создайте её: 'dum import ПУТЬ --memory {folder}'")) { ExitCode = 3 };
        try
        {
            if (create)
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make {folder}: {SafeFile.Reason(e)}", $"не создать {folder}: {SafeFile.Reason(e)}"), e);
        }
        var db = new SqliteDb(folder, create);
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

    // Written into the file itself: only once it is known to be ours.
    public override void Prepare() => Run("PRAGMA journal_mode=WAL");

    public override bool HasTable(string name) => Number("SELECT count(*) FROM sqlite_master WHERE name=@a", name) > 0;

    public override string Translate(string create) => create;

    // Not only a transaction: an import counts its numbers on from what it found, over many transactions.
    public override IDisposable Write()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DumException(Tongue.Say($"cannot write into {_folder}: {SafeFile.Reason(e)}", $"не записать в {_folder}: {SafeFile.Reason(e)}"), e);
        }
        catch (IOException e)
        {
            throw new DumException(File.Exists(Path.Combine(_folder, LockName)) ? Busy : Tongue.Say($"cannot write into {_folder}: {SafeFile.Reason(e)}", $"не записать в {_folder}: {SafeFile.Reason(e)}"), e);
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
        CorruptCode or NotADatabaseCode => Tongue.Say("this is no memory, or it is damaged: give another folder, or restore it from a copy", "это не память, или она повреждена: укажите другую папку или восстановите её из копии"),
        ReadOnlyCode or CannotOpenCode => Tongue.Say($"the memory in {_folder} cannot be opened for writing: look at the rights of the folder and its files", $"память в {_folder} не открыть для записи: проверьте права на папку и её файлы"),
        FullCode => DiskFull,
        _ => Unusable(e.Message),
    };
}
