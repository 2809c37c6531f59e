using System.Reflection;
using Dum.Tests.App;
using Xunit;
using Xunit.Sdk;

namespace Dum.Mind.Tests;

/// <summary>Runs a test once over SQLite, and once over PostgreSQL where there is a server.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class StoresAttribute : DataAttribute
{
    public const string Sqlite = "sqlite", Postgres = "postgres";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => PostgresServer.IsHere ? [[Sqlite], [Postgres]] : [[Sqlite]];
}

/// <summary>A test of PostgreSQL alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.IsHere ? null : "no PostgreSQL here: install it, or set DUM_TEST_POSTGRES to a connection string";
}

/// <summary>Where the memory of a test is kept.</summary>
static class Stores
{
    /// <summary>Opens an empty memory in a store of that kind.</summary>
    public static MindMemory Memory(this ScratchFolder folder, string store) => MindMemory.Open(folder.Place(store), create: true);

    /// <summary>What <c>--memory</c> takes: always the same for one folder.</summary>
    public static string Place(this ScratchFolder folder, string store)
    {
        if (store == StoresAttribute.Sqlite)
            return folder["memory"];
        if (!File.Exists(folder["schema"]))
            File.WriteAllText(folder["schema"], PostgresServer.NewSchema());
        return File.ReadAllText(folder["schema"]);
    }
}
