using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Dum.Mind.Store;

/// <summary>A memory in one schema of a PostgreSQL database. The same tables, the same index; the server keeps the files.</summary>
sealed class PostgresDb : Db
{
    /// <summary>The schema when the connection string names none: table names such as <c>source</c> shall meet nobody else's.</summary>
    const string DefaultSchema = "dum_memory";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly string _schema, _where;

    PostgresDb(NpgsqlConnectionStringBuilder options) : base(new NpgsqlConnection(options.ToString()))
    {
        _schema = options.SearchPath!;
        _where = $"{options.Host}/{options.Database} ({_schema})";
    }

    public override string Name => _where;

    public override bool IsEmpty => Number("SELECT count(*) FROM information_schema.tables WHERE table_schema=@a", _schema) == 0;

    public override long Bytes => Number("SELECT coalesce(sum(pg_total_relation_size(c.oid)),0) FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace WHERE n.nspname=@a AND c.relkind='r'", _schema);

    /// <summary>Whether a place given for a memory is a connection string rather than a folder.</summary>
    public static bool Is(string place) =>
        place.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || place.Split(';').Any(part => part.TrimStart().StartsWith("host=", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="DumException">The server cannot be reached, or there is no memory and none is to be made (exit code 3).</exception>
    public static PostgresDb Open(string place, bool create)
    {
        NpgsqlConnectionStringBuilder options = Parse(place);
        var db = new PostgresDb(options);
        try
        {
            return db.Guard(() =>
            {
                db.Connection.Open();
                bool exists = db.Number("SELECT count(*) FROM information_schema.schemata WHERE schema_name=@a", db._schema) > 0;
                if (!exists && !create)
                    throw new DumException(Tongue.Say($"there is no memory in {db.Name}: make one with 'dum import PATH --memory …'", $"в {db.Name} нет памяти: создайте её: 'dum import ПУТЬ --memory …'")) { ExitCode = 3 };
                if (!exists)
                    db.Run($"CREATE SCHEMA IF NOT EXISTS \"{db._schema}\"");
                return db;
            });
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    static NpgsqlConnectionStringBuilder Parse(string place)
    {
        try
        {
            var options = place.Contains("://", StringComparison.Ordinal) ? FromUri(new Uri(place)) : new NpgsqlConnectionStringBuilder(place);
            string schema = options.SearchPath is { Length: > 0 } named ? named : DefaultSchema;
            if (!schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
                throw new FormatException(Tongue.Say("the schema may have a–z, 0–9 and _", "в имени схемы могут быть a–z, 0–9 и _"));
            options.SearchPath = schema;
            options.Pooling = false;
            options.MaxAutoPrepare = 64;
            options.AutoPrepareMinUsages = 2;
            options.IncludeErrorDetail = false;
            return options;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new DumException(Tongue.Say($"this connection string is not understood ({e.Message}): give postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME, or Host=…;Database=…", $"строка подключения не понята ({e.Message}): укажите postgres://ИМЯ:ПАРОЛЬ@УЗЕЛ:ПОРТ/БАЗА?schema=СХЕМА или Host=…;Database=…"), e);
        }
    }

    static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        string[] user = uri.UserInfo.Split(':', 2);
        var options = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(uri.Host), Port = uri.Port > 0 ? uri.Port : 5432 };
        if (user[0].Length > 0)
            options.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            options.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1)
            options.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] one = pair.Split('=', 2);
            string name = Uri.UnescapeDataString(one[0]), value = one.Length > 1 ? Uri.UnescapeDataString(one[1]) : "";
            // libpq's names beside Npgsql's own
            options[name switch { "schema" => "Search Path", "sslmode" => "SSL Mode", "application_name" => "Application Name", "connect_timeout" => "Timeout", _ => name }] = name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return options;
    }

    public override bool HasTable(string name) => Number("SELECT count(*) FROM information_schema.tables WHERE table_schema=@a AND table_name=@b", _schema, name) > 0;

    public override string Translate(string create) => create.Replace(" BLOB", " BYTEA", StringComparison.Ordinal).Replace(" WITHOUT ROWID", "", StringComparison.Ordinal);

    // The session holds the lock: it ends with the connection, whatever becomes of this program.
    public override IDisposable Write() => Guard(() => One("SELECT pg_try_advisory_lock(hashtext('dum memory'), hashtext(@a))", _schema) is true ? new WriteLock(this) : throw new DumException(Busy));

    protected override void Begin() => Run("BEGIN");

    public override void Purge()
    {
        AwaitOlder();
        foreach (string table in Rows("SELECT table_name FROM information_schema.tables WHERE table_schema=@a", r => r.GetString(0), _schema))
            Run($"VACUUM FULL \"{_schema}\".\"{table}\"");
    }

    /// <summary>Rows that an older transaction of this database can still see outlive a vacuum: waits for those, within bounds.</summary>
    void AwaitOlder()
    {
        string now = (Number("SELECT txid_current()") & uint.MaxValue).ToString(CultureInfo.InvariantCulture);
        const string Older = "SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND pid<>pg_backend_pid() AND backend_type='client backend' AND age(backend_xmin)>=age(CAST(@a AS xid))";
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_patience && Number(Older, now) > 0;)
            Thread.Sleep(20);
    }

    protected override string Explain(DbException e) => (e as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected => Busy,
        PostgresErrorCodes.DiskFull => DiskFull,
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Tongue.Say($"{Name}: the server does not accept this user and password", $"{Name}: сервер не принимает имя или пароль"),
        PostgresErrorCodes.InvalidCatalogName => Tongue.Say($"{Name}: there is no such database: make it with 'createdb'", $"{Name}: такой базы нет: создайте её: 'createdb'"),
        PostgresErrorCodes.InsufficientPrivilege => Tongue.Say($"{Name}: this user may not do that there: GRANT CREATE ON DATABASE, or name a schema of his own", $"{Name}: у пользователя нет на это прав: GRANT CREATE ON DATABASE или своя схема"),
        { } => Unusable($"{Name}: {((PostgresException)e).MessageText}"),
        null => Unusable($"{Name}: {e.Message}"),
    };

    sealed class WriteLock(PostgresDb db) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                db.One("SELECT pg_advisory_unlock(hashtext('dum memory'), hashtext(@a))", db._schema);
            }
            catch (DbException)
            {
                // the connection is gone, and the lock with it
            }
        }
    }
}
