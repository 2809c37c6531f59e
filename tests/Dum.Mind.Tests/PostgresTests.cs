using Dum.Mind.Store;
using Dum.Tests.App;
using Npgsql;
using Xunit;

namespace Dum.Mind.Tests;

public class PostgresTests
{
    [PostgresFact]
    public void The_command_takes_a_connection_string_and_deletion_leaves_nothing_in_the_tables()
    {
        using var folder = new ScratchFolder();
        string place = folder.Place(StoresAttribute.Postgres);
        folder.Write("conversations.json", Samples.ChatGpt(3));
        Assert.Equal(0, DumProcess.Run(folder.Path, ["import", "conversations.json", "--memory", place]).Code);
        Assert.Contains("word2x1s1", DumProcess.Run(folder.Path, ["recall", "word2x1s1", "--memory", place]).Text, StringComparison.Ordinal);
        Assert.Equal(0, DumProcess.Run(folder.Path, ["memory", "forget", "3", "--yes", "--memory", place]).Code);
        Assert.Equal(1, DumProcess.Run(folder.Path, ["recall", "word2x1s1", "--memory", place]).Code);
        using MindMemory memory = MindMemory.Open(place);
        Assert.Equal((2L, 8L), (memory.Look().Conversations, memory.Look().Turns));
        // The title stands in plain letters in the table's own file, as long as it stands there at all.
        Assert.Equal(1, InFile("talk 1"));
        // The server keeps what is deleted as long as somebody else's older look at the database is open, as those of tests beside this one on a busy machine.
        for (int patience = 60; InFile("talk 2") > 0 && patience > 0; patience--)
        {
            Thread.Sleep(1000);
            memory.Store.Db.Purge();
        }
        Assert.Equal(0, InFile("talk 2"));

        long InFile(string title)
        {
            memory.Store.Db.Run("CHECKPOINT");
            return memory.Store.Db.Number("SELECT count(*) FROM (SELECT pg_read_binary_file(pg_relation_filepath('conversation')) f) x WHERE position(convert_to(@a,'UTF8') in f)>0", title);
        }
    }

    [PostgresFact]
    public void Two_writers_do_not_meet_and_a_schema_of_others_is_left_alone()
    {
        using var folder = new ScratchFolder();
        string place = folder.Place(StoresAttribute.Postgres), file = folder.Write("a.md", "# a\n\nwords\n");
        using (MindMemory first = MindMemory.Open(place, create: true), second = MindMemory.Open(place))
        using (first.Store.Db.Write())
            Assert.Throws<DumException>(() => second.Import([file]));
        string other = PostgresServer.NewSchema();
        using (var connection = new NpgsqlConnection(other))
        {
            connection.Open();
            string schema = new NpgsqlConnectionStringBuilder(other).SearchPath!;
            using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}; CREATE TABLE {schema}.source(a INT)", connection);
            command.ExecuteNonQuery();
            Assert.Contains("not a memory", Assert.Throws<DumException>(() => MindMemory.Open(other, create: true)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("postgres://u:secret@127.0.0.1:1/base", 2)]
    [InlineData("postgres://u:secret@127.0.0.1:1/base?schema=Bad-Name", 2)]
    [InlineData("Host=127.0.0.1;Port=1;Password=secret;Nonsense=1", 2)]
    public void A_server_that_is_not_there_gets_one_line_without_the_password(string place, int code)
    {
        DumException e = Assert.Throws<DumException>(() => MindMemory.Open(place));
        Assert.Equal(code, e.ExitCode);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [PostgresFact]
    public void There_is_no_memory_until_something_is_imported() =>
        Assert.Equal(3, Assert.Throws<DumException>(() => MindMemory.Open(PostgresServer.NewSchema())).ExitCode);

    [Theory]
    [InlineData("postgres://a@b/c", true)]
    [InlineData("Host=b;Database=c", true)]
    [InlineData("Database=c; host=b", true)]
    [InlineData("/home/me/ghost=story", false)]
    [InlineData("memory", false)]
    public void A_folder_is_told_from_a_connection_string(string place, bool isServer) => Assert.Equal(isServer, PostgresDb.Is(place));
}
