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
    public void Too_little_room_is_refused()
    {
        Vocabulary words = Vocabulary.FromMerges([]);
        Assert.Throws<ArgumentException>(() => words.Encoder.Encode("abc"u8, new int[2]));
    }

    static byte[] Letters(Random random, int length, int letters)
    {
        var text = new byte[length];
        for (int i = 0; i < length; i++)
            text[i] = (byte)('a' + (random.Next(4) == 0 ? 0 : random.Next(letters)));
        return text;
    }
}
