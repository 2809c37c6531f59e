using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Dum.Mind.Store;

/// <summary>One open database: commands by their text, prepared once. Not thread-safe.</summary>
sealed class Db : IDisposable
{
    /// <summary>SQLite's own codes for busy, locked, full, foreign or damaged files.</summary>
    const int Busy = 5, Locked = 6, Corrupt = 11, Full = 13, NotADatabase = 26;

    readonly DbConnection _connection;
    readonly Dictionary<string, DbCommand> _commands = [];

    static Db() => SQLitePCL.Batteries_V2.Init();

    public Db(string path, bool readOnly)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 10 }.ToString());
        Guard(() =>
        {
            _connection.Open();
            Run("PRAGMA journal_mode=WAL");
            Run("PRAGMA synchronous=FULL");
            Run("PRAGMA secure_delete=ON");
            Run("PRAGMA cache_size=-32000");
            return 0;
        });
    }

    /// <summary>Runs <paramref name="work"/> as a whole or not at all.</summary>
    public void Transaction(Action work) => Guard(() =>
    {
        Run("BEGIN IMMEDIATE");
        try
        {
            work();
            Run("COMMIT");
        }
        catch
        {
            try
            {
                Run("ROLLBACK");
            }
            catch (DbException)
            {
                // the database has rolled back by itself
            }
            throw;
        }
        return 0;
    });

    public int Run(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteNonQuery();

    public object? One(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteScalar() is var v and not DBNull ? v : null;

    public long Number(string sql, params ReadOnlySpan<object?> values) => Convert.ToInt64(One(sql, values) ?? 0L, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The rows of a question, read to the end at once.</summary>
    public List<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using DbDataReader reader = Command(sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    DbCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = "@" + (char)('a' + i);
                command.Parameters.Add(parameter);
            }
            _commands[sql] = command;
        }
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    /// <summary>What the database says, in a sentence a user can act on.</summary>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw new DumException(e.SqliteErrorCode switch
            {
                Busy or Locked => Tongue.Say("another program is writing to this memory: wait for it, then try again", "в эту память пишет другая программа: дождитесь её и повторите"),
                Corrupt or NotADatabase => Tongue.Say("this is no memory, or it is damaged: give another folder, or restore it from a copy", "это не память, или она повреждена: укажите другую папку или восстановите её из копии"),
                Full => Tongue.Say("the disk is full; nothing of the last step was stored", "диск полон; последний шаг не сохранён"),
                _ => Tongue.Say($"the memory cannot be used: {e.Message}", $"памятью нельзя воспользоваться: {e.Message}"),
            }, e);
        }
    }

    public void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }
}
