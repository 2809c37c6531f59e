using Dum.Mind.Words;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

public class VectorTests
{
    static ulong Term(string word)
    {
        var reader = new TermReader(word);
        reader.Next();
        return reader.Stem;
    }

    [Fact]
    public void Words_that_keep_the_same_company_come_near_and_the_same_texts_give_the_same_table()
    {
        using var folder = new ScratchFolder();
        string text = string.Concat(Enumerable.Range(0, 400).Select(i => (i % 4) switch
        {
            0 => "the violin played music in the concert orchestra\n",
            1 => "the clarinet played music in the concert orchestra\n",
            2 => "the tomato grew green in the garden soil\n",
            _ => "the cucumber grew green in the garden soil\n",
        }));
        string file = folder.Write("text.txt", text);
        byte[] Learn()
        {
            var to = new MemoryStream();
            MindMemory.LearnWords([file], 100, 8, to);
            return to.ToArray();
        }
        byte[] table = Learn();
        Assert.Equal(table, Learn());
        WordVectors vectors = WordVectors.Read(table, "table");
        int violin = vectors.Find(Term("violin")), clarinet = vectors.Find(Term("clarinet")), tomato = vectors.Find(Term("tomato"));
        Assert.True(vectors.Cosine(violin, clarinet) > 0.8f);
        Assert.True(vectors.Cosine(violin, tomato) < 0.4f);
        Assert.Equal(-1, vectors.Find(Term("piano")));
        table[^20] ^= 1;
        Assert.Throws<DumException>(() => WordVectors.Read(table, "table"));
    }

    [Theory, Stores]
    public void A_question_finds_what_shares_no_word_with_it_when_something_beside_it_does(string store)
    {
        using var folder = new ScratchFolder();
        string[] said = ["we talked about music for a while", "my violin is old", "my kettle is old", "my ladder is old"];
        using MindMemory memory = folder.Memory(store);
        memory.Import([folder.Write("talk.jsonl", string.Concat(said.Select(s => $"{{\"conversation\":\"a\",\"role\":\"user\",\"text\":\"{s}\"}}\n")))]);
        Assert.NotNull(WordVectors.Default);
        string[] found = [.. memory.Recall("music instrument").Items.Select(i => i.Text)];
        Assert.True(Array.IndexOf(found, said[1]) < Array.IndexOf(found, said[2]) && Array.IndexOf(found, said[1]) < Array.IndexOf(found, said[3]), string.Join(" | ", found));
    }
}
