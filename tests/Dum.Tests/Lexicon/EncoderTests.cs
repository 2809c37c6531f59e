using System.Buffers;
using System.Text;
using Dum.Lexicon;
using Xunit;

namespace Dum.Tests.Lexicon;

public class EncoderTests
{
    [Fact]
    public void Equals_naive_merging_on_texts_over_few_letters()
    {
        var random = new Random(1);
        for (int round = 0; round < 60; round++)
        {
            int letters = 1 + round % 5;
            Vocabulary words = NaiveBpe.Train(Letters(random, 600, letters), 5 + round);
            for (int i = 0; i < 60; i++)
            {
                byte[] text = Letters(random, random.Next(0, 60), letters + 1);
                Assert.Equal(NaiveBpe.Encode(words, text), words.Encoder.Encode(text));
            }
        }
    }

    [Fact]
    public void Equals_naive_merging_when_the_merges_are_arbitrary()
    {
        var random = new Random(2);
        for (int round = 0; round < 300; round++)
        {
            var merges = new List<(int, int)>();
            for (int i = 0; i < 40; i++)
                merges.Add((Pick(i), Pick(i)));
            Vocabulary words;
            try
            {
                words = Vocabulary.FromMerges([.. merges]);
            }
            catch (DumException)
            {
                continue; // an entry grew too long
            }
            for (int i = 0; i < 40; i++)
            {
                byte[] text = Letters(random, random.Next(0, 40), 3);
                Assert.Equal(NaiveBpe.Encode(words, text), words.Encoder.Encode(text));
            }
        }

        int Pick(int made) => random.Next(3) == 0 && made > 0 ? 256 + random.Next(made) : 'a' + random.Next(3);
    }

    [Fact]
    public void Equals_naive_merging_on_Russian_and_English_text()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
            "The cat sat on the mat, and the cat was fat. Кот сидел на ковре, и кот был толстый. ", 8)));
        Vocabulary words = NaiveBpe.Train(text, 200);
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            int from = random.Next(text.Length), to = random.Next(from, text.Length);
            ReadOnlySpan<byte> part = text.AsSpan(from, Math.Min(to - from, 150));
            Assert.Equal(NaiveBpe.Encode(words, part), words.Encoder.Encode(part));
        }
    }

    [Fact]
    public void A_stream_in_pieces_gives_the_ids_of_the_whole()
    {
        var random = new Random(4);
        byte[] text = Letters(random, 5000, 6);
        Vocabulary words = NaiveBpe.Train(text.AsSpan(0, 800), 30);
        var ids = new List<int>();
        var room = new int[7000];
        int start = 0, end = 0;
        while (true)
        {
            end = Math.Min(text.Length, end + random.Next(1, 400));
            OperationStatus status = words.Encoder.Encode(text.AsSpan(start, end - start), room, out int consumed, out int written, end == text.Length);
            ids.AddRange(room[..written]);
            start += consumed;
            if (end == text.Length)
            {
                Assert.Equal(OperationStatus.Done, status);
                break;
            }
        }
        Assert.Equal(words.Encoder.Encode(text), ids);
    }

    [Fact]
    public void Long_stretches_without_a_cut_are_encoded_exactly()
    {
        Vocabulary words = NaiveBpe.Train(Letters(new Random(5), 500, 2), 40);
        byte[] text = Letters(new Random(6), 3000, 2);
        Assert.Equal(NaiveBpe.Encode(words, text), words.Encoder.Encode(text));
        byte[] one = [.. Enumerable.Repeat((byte)'a', 1 << 20)];
        Assert.Equal(one.Length, words.Encoder.Encode(one).Sum(id => words[id].Length));
    }

    [Fact]
    public void A_vocabulary_of_two_stages_equals_naive_merging()
    {
        Vocabulary words = TwoStages();
        Assert.True(words.Encoder.IsStaged);
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(4000));
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] part = text.AsSpan(random.Next(text.Length - 400), random.Next(400)).ToArray();
            // Words that are no entries, and letters where none belong.
            for (int k = random.Next(12); k > 0 && part.Length > 0; k--)
                part[random.Next(part.Length)] = (byte)random.Next(256);
            Assert.Equal(NaiveBpe.Encode(words, part), words.Encoder.Encode(part));
        }
    }

    [Fact]
    public void A_vocabulary_of_two_stages_takes_long_words_and_long_stretches()
    {
        Vocabulary words = TwoStages();
        var random = new Random(8);
        foreach (int length in (int[])[60, 62, 63, 64, 65, 66, 127, 128, 129, 130, 500])
        {
            // One word of so many letters, and so many words without a cut.
            byte[] word = Encoding.UTF8.GetBytes(" of the " + string.Concat(Enumerable.Range(0, length).Select(_ => "thenigr"[random.Next(7)])) + " of the river");
            Assert.Equal(NaiveBpe.Encode(words, word), words.Encoder.Encode(word));
            byte[] stretch = Encoding.UTF8.GetBytes("a. the" + string.Concat(Enumerable.Range(0, length).Select(_ => " " + SmallText.English[random.Next(SmallText.English.Length)])) + ". It was");
            Assert.Equal(NaiveBpe.Encode(words, stretch), words.Encoder.Encode(stretch));
        }
    }

    [Fact]
    public void A_vocabulary_of_two_stages_takes_a_stream_in_pieces()
    {
        Vocabulary words = TwoStages();
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(3000) + string.Concat(Enumerable.Repeat(" of the old", 200)) + ". And");
        int[] whole = words.Encoder.Encode(text);
        var random = new Random(9);
        for (int round = 0; round < 10; round++)
        {
            var ids = new List<int>();
            var room = new int[200];
            int start = 0, end = 0;
            while (start < text.Length)
            {
                // Room that is now and then too little, and text that ends anywhere.
                end = Math.Min(text.Length, Math.Max(end, start) + random.Next(1, 300));
                OperationStatus status = words.Encoder.Encode(text.AsSpan(start, end - start), room, out int consumed, out int written, end == text.Length);
                ids.AddRange(room[..written]);
                start += consumed;
                if (status == OperationStatus.DestinationTooSmall && written == 0)
                    room = new int[room.Length * 2];
            }
            Assert.Equal(whole, ids);
        }
    }

    [Fact]
    public void Too_little_room_is_refused()
    {
        Vocabulary words = Vocabulary.FromMerges([]);
        Assert.Throws<ArgumentException>(() => words.Encoder.Encode("abc"u8, new int[2]));
    }

    static Vocabulary TwoStages()
    {
        byte[] text = Encoding.UTF8.GetBytes(SmallText.Write(6000));
        var source = new LexiconSource("text", () => new MemoryStream(text), Length: text.Length);
        return Vocabulary.FromMerges(LexiconTrainer.Train([source], new LexiconTrainingOptions { Size = 600, Threads = 1 }, null, CancellationToken.None));
    }

    static byte[] Letters(Random random, int length, int letters)
    {
        var text = new byte[length];
        for (int i = 0; i < length; i++)
            text[i] = (byte)('a' + (random.Next(4) == 0 ? 0 : random.Next(letters)));
        return text;
    }
}
