using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Dum.Mind.Store;

/// <summary>One open database, SQLite or PostgreSQL: commands by their text, made once. Not thread-safe.</summary>
abstract class Db(DbConnection connection) : IDisposable
{
    readonly Dictionary<string, DbCommand> _commands = [];

    protected DbConnection Connection => connection;

    /// <summary>How messages name it; never with a password.</summary>
    public abstract string Name { get; }

    /// <summary>True when nobody has put a table into it.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Bytes it takes on disk.</summary>
    public abstract long Bytes { get; }

    /// <summary>What the database finds wrong with its own files; null when nothing.</summary>
    public virtual string? Fault() => null;

    /// <summary>Whether a table of this name is there.</summary>
    public abstract bool HasTable(string name);

    /// <summary>Sets what is written into the database itself, once it is known to be a memory.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The same statement of <see cref="Schema"/> in this database's own words.</summary>
    public abstract string Translate(string create);

    /// <summary>Makes this program the only writer, until the result is disposed or the program ends, however it ends.</summary>
    /// <exception cref="DumException">Another program is writing.</exception>
    public abstract IDisposable Write();

    /// <summary>Writes the tables anew, so that nothing deleted stays in their files.</summary>
    public abstract void Purge();

    /// <summary>What the database says, in a sentence a user can act on.</summary>
    protected abstract string Explain(DbException e);

    /// <summary>Begins a transaction that writes.</summary>
    protected abstract void Begin();

    protected static string Busy => Tongue.Say("another program is writing to this memory: wait for it, then try again", "в эту память пишет другая программа: дождитесь её и повторите");

    protected static string DiskFull => Tongue.Say("the disk is full; nothing of the last step was stored", "диск полон; последний шаг не сохранён");

    protected static string Unusable(string why) => Tongue.Say($"the memory cannot be used: {why}", $"памятью нельзя воспользоваться: {why}");

    /// <summary>Runs <paramref name="work"/> as a whole or not at all.</summary>
    public void Transaction(Action work) => Guard(() =>
    {
        Begin();
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

    public long Number(string sql, params ReadOnlySpan<object?> values) => Convert.ToInt64(One(sql, values) ?? 0L, CultureInfo.InvariantCulture);

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
            command = connection.CreateCommand();
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
            command.Parameters[i].Value = values[i] is string text ? Storable(text) : values[i] ?? DBNull.Value;
        return command;
    }

    /// <summary>Text as every database can hold it: no zero, no half of a surrogate pair. Only titles and keys pass here; turns are kept as bytes.</summary>
    public static string Storable(string text)
    {
        bool isGood = !text.Contains('\0', StringComparison.Ordinal);
        for (int i = 0; i < text.Length && isGood; i++)
            if (char.IsSurrogate(text[i]))
                isGood = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]);
        return isGood ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));
    }

    /// <summary>Runs <paramref name="work"/>; what the database complains of comes out as one line.</summary>
    /// <exception cref="DumException">The database could not do it.</exception>
    public T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DbException e)
        {
            throw new DumException(Explain(e), e);
        }
    }

    public void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }
}
