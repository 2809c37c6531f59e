using System.Text;
using Dum.Lexicon;
using Xunit;

namespace Dum.Tests.Lexicon;

/// <summary>What the trainer promises, checked on a small bilingual text made here.</summary>
public class LexiconTrainerTests
{
    static readonly LexiconTrainingOptions s_small = new() { Size = 900, Threads = 1, MinPairCount = 2 };
    static readonly byte[] s_text = Encoding.UTF8.GetBytes(SmallText.Write(6000));

    [Fact]
    public void Merges_name_earlier_entries_and_fill_the_size()
    {
        var merges = Train(s_small, s_text);

        Assert.Equal(s_small.Size, merges.Length + 256);
        for (int i = 0; i < merges.Length; i++)
            Assert.True(merges[i].Left < 256 + i && merges[i].Right < 256 + i);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Threads_do_not_change_the_result(int threads)
    {
        // More than one chunk, so that several threads have work.
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(90_000));
        var sources = new[] { LexiconSource.FromBytes("a", text), LexiconSource.FromBytes("b", s_text, 2.5) };
        LexiconTrainingOptions options = s_small with { MaterialBytes = text.Length / 3, ChunkBytes = 50_000, DistinctWords = 1000 };

        var one = LexiconTrainer.Train(sources, options, null, default);
        var more = LexiconTrainer.Train(sources, options with { Threads = threads }, null, default);

        Assert.Equal(one, more);
    }

    [Fact]
    public void No_entry_is_double_and_every_entry_encodes_to_itself()
    {
        var merges = Train(s_small, s_text);
        var entries = PlainLexicon.Entries(merges);

        Assert.Equal(entries.Count, entries.Select(Convert.ToHexString).Distinct().Count());
        for (int id = 0; id < entries.Count; id++)
            Assert.Equal([id], PlainLexicon.Encode(merges, entries[id]));
    }

    [Fact]
    public void Any_bytes_encode_and_come_back()
    {
        var merges = Train(s_small, s_text);
        var entries = PlainLexicon.Entries(merges);
        var bytes = new byte[2000];
        new Random(7).NextBytes(bytes);

        Assert.Equal(bytes, PlainLexicon.Encode(merges, bytes).SelectMany(id => entries[id]));
    }

    [Fact]
    public void Superwords_make_text_shorter_than_words_alone()
    {
        int words = PlainLexicon.Encode(Train(s_small with { SuperwordShare = 0 }, s_text), s_text.AsSpan(0, 3000)).Count;
        int superwords = PlainLexicon.Encode(Train(s_small, s_text), s_text.AsSpan(0, 3000)).Count;

        Assert.True(superwords < words * 0.9, $"{superwords} against {words}");
    }

    [Fact]
    public void Half_of_the_material_is_as_good_as_all_of_it()
    {
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(60_000));
        var merges = Train(s_small with { MaterialBytes = text.Length / 2 }, text);

        Assert.Equal(s_small.Size, merges.Length + 256);
        Assert.Contains(PlainLexicon.Entries(merges), e => Encoding.UTF8.GetString(e).Trim().Contains(' '));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("\n\n\n")]
    [InlineData("ab ab ab ab")]
    [InlineData("<|endoftext|>\n<|endoftext|>\n")]
    public void Little_text_gives_few_entries(string text)
    {
        var merges = Train(s_small, Encoding.UTF8.GetBytes(text));

        Assert.True(merges.Length < 20);
    }

    [Fact]
    public void Without_sources_or_room_there_are_no_merges()
    {
        Assert.Empty(LexiconTrainer.Train([], s_small, null, default));
        Assert.Empty(Train(s_small with { Size = 256 }, s_text));
    }

    [Fact]
    public void Separators_of_documents_are_not_text()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("some words here\n<|endoftext|>\nand some more\r\n<|endoftext|>\r\n", 200)));
        var entries = PlainLexicon.Entries(Train(s_small, text));

        Assert.DoesNotContain(entries, e => Encoding.UTF8.GetString(e).Contains("end", StringComparison.Ordinal));
    }

    [Fact]
    public void A_heavier_source_takes_more_entries()
    {
        byte[] english = Encoding.UTF8.GetBytes(SmallText.Write(3000, SmallText.English));
        byte[] russian = Encoding.UTF8.GetBytes(SmallText.Write(3000, SmallText.Russian));
        int Cyrillic(double weight) => PlainLexicon.Entries(LexiconTrainer.Train(
            [LexiconSource.FromBytes("en", english), LexiconSource.FromBytes("ru", russian, weight)], s_small with { Size = 420 }, null, default)).Count(e => e[^1] >= 0x80 && e.Length > 2);

        Assert.True(Cyrillic(4) > Cyrillic(0.25) + 10);
    }

    [Fact]
    public void A_cancelled_training_stops()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Watcher(p =>
        {
            if (p.Phase == "joining words")
                cancel.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => LexiconTrainer.Train([LexiconSource.FromBytes("text", s_text)], s_small, progress, cancel.Token));
    }

    [Fact]
    public void Progress_names_every_phase_and_ends_each()
    {
        var seen = new List<TrainingProgress>();
        LexiconTrainer.Train([LexiconSource.FromBytes("text", s_text)], s_small, new Watcher(seen.Add), default);

        Assert.Equal(["counting words", "building words", "laying out text", "joining words"], seen.Select(p => p.Phase).Distinct());
        Assert.All(seen, p => Assert.InRange(p.Fraction, 0, 1));
        Assert.Equal(1, seen[^1].Fraction);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(int.MaxValue)]
    public void An_impossible_size_is_refused_in_words(int size) =>
        Assert.Throws<DumException>(() => Train(s_small with { Size = size }, s_text));

    static (int Left, int Right)[] Train(LexiconTrainingOptions options, byte[] text) =>
        LexiconTrainer.Train([LexiconSource.FromBytes("text", text)], options, null, default);

    sealed class Watcher(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
