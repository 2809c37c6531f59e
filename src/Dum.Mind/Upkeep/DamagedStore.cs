using System.Data.Common;
using Dum.Mind.Store;

namespace Dum.Mind.Upkeep;

/// <summary>A damaged memory, read row by row: what cannot be read is passed by. Nothing is written to it.</summary>
sealed class DamagedStore : IDisposable
{
    /// <summary>Rows asked for at once.</summary>
    const int Batch = 64;

    /// <summary>So many rows in a row that cannot be read are tried one by one; then the steps grow.</summary>
    const int Patience = 4096;

    readonly SqliteDb _db;

    DamagedStore(SqliteDb db) => _db = db;

    /// <exception cref="DumException">There is no such memory, or not even its list of tables can be read.</exception>
    public static DamagedStore Open(string folder)
    {
        if (PostgresDb.Is(folder))
            throw new DumException(Tongue.Say("a memory on a server is repaired by the server's own tools", "память на сервере чинят средствами сервера"));
        SqliteDb db = SqliteDb.OpenToRead(folder);
        try
        {
            if (!db.Guard(() => db.HasTable("fact") && db.HasTable("piece")))
                throw new DumException(Tongue.Say($"the database in {folder} is not a memory of dum", $"база в {folder} — не память dum"));
            return new DamagedStore(db);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a table that can be read, in the order they were written.</summary>
    /// <param name="table">Its name; a table that is not there has no rows.</param>
    /// <param name="columns">What to read of each.</param>
    /// <param name="read">Reads one.</param>
    public IEnumerable<T> Rows<T>(string table, string columns, Func<DbDataReader, T> read)
    {
        if (!Try(() => _db.HasTable(table)))
            yield break;
        long last = 0, end = Try(() => (long?)_db.Number($"SELECT max(rowid) FROM {table}")) ?? long.MaxValue;
        for (int failed = 0; last < end && failed < 2 * Patience;)
        {
            List<(long Row, T Value)>? rows = Read(table, columns, read, last, Batch) ?? Read(table, columns, read, last, 1);
            if (rows is null)
            {
                last += failed++ < Patience ? 1 : 1L << Math.Min(30, (failed - Patience) / 64);
                continue;
            }
            if (rows.Count == 0)
                yield break;
            foreach ((long row, T value) in rows)
            {
                yield return value;
                last = row;
            }
            failed = 0;
        }
    }

    /// <summary>The bytes of one column of one row; null when they cannot be read.</summary>
    public byte[]? Blob(string table, string column, long row) => Try(() => _db.One($"SELECT {column} FROM {table} WHERE rowid=@a", row) as byte[]);

    List<(long, T)>? Read<T>(string table, string columns, Func<DbDataReader, T> read, long after, int most) =>
        Try(() => _db.Rows($"SELECT {columns}, rowid FROM {table} WHERE rowid>@a ORDER BY rowid LIMIT @b", r => (r.GetInt64(r.FieldCount - 1), read(r)), after, most));

    static T? Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is DbException or InvalidCastException or OverflowException)
        {
            return default;
        }
    }

    public void Dispose() => _db.Dispose();
}
