using System.Text;
using Dum.Lexicon;
using Xunit;

namespace Dum.Tests.Lexicon;

public sealed class LexiconFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-lexicon-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_and_folders_come_in_ordinal_order()
    {
        Write("b/2.txt", "two");
        Write("b/10.txt", "ten");
        Write("B/x.txt", "x");
        Write("a.txt", "a");

        Assert.Equal(["a.txt", "B/x.txt", "b/10.txt", "b/2.txt"], Names(LexiconFiles.Collect([Path.Combine(_folder, "a.txt"), _folder])));
    }

    [Fact]
    public void A_loop_of_folders_ends_and_a_file_counts_once()
    {
        Write("in/text.txt", "text");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "in", "loop"), _folder);
        File.CreateSymbolicLink(Path.Combine(_folder, "z.txt"), Path.Combine(_folder, "in", "text.txt"));

        Assert.Equal(["in/text.txt"], Names(LexiconFiles.Collect([_folder])));
    }

    [Fact]
    public void Binary_files_are_left_out_with_a_notice()
    {
        File.WriteAllBytes(Path.Combine(_folder, "x.bin"), [1, 0, 2, 0]);
        var notices = new List<string>();

        Assert.Empty(LexiconFiles.Collect([_folder], new Notices(notices)));
        Assert.Contains("x.bin", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void A_byte_order_mark_tells_the_encoding_and_is_not_text(string encoding)
    {
        File.WriteAllText(Path.Combine(_folder, "t.txt"), "привет, world", Encoding.GetEncoding(encoding));

        Assert.Equal("привет, world", Read(Assert.Single(LexiconFiles.Collect([_folder]))));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_pass()
    {
        byte[] legacy = [0xEF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, (byte)' ', 0xC0];
        File.WriteAllBytes(Path.Combine(_folder, "cp1251.txt"), [.. Enumerable.Repeat(legacy, 50).SelectMany(b => b)]);
        var merges = LexiconTrainer.Train(LexiconFiles.Collect([_folder]), new LexiconTrainingOptions { Size = 400, Threads = 1 }, null, default);

        Assert.Equal(legacy, PlainLexicon.Encode(merges, legacy).SelectMany(id => PlainLexicon.Entries(merges)[id]));
    }

    [Fact]
    public void What_is_missing_is_said_in_words() =>
        Assert.Contains("nowhere", Assert.Throws<DumException>(() => LexiconFiles.Collect([Path.Combine(_folder, "nowhere")])).Message, StringComparison.Ordinal);

    void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    IEnumerable<string> Names(IEnumerable<LexiconSource> sources) =>
        sources.Select(s => Path.GetRelativePath(_folder, s.Name).Replace('\\', '/'));

    static string Read(LexiconSource source)
    {
        using var reader = new StreamReader(source.Open(), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }

    sealed class Notices(List<string> details) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => details.Add(value.Detail);
    }
}
