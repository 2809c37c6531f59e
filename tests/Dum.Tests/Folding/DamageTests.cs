using System.Text;
using Dum.Folding;
using Xunit;

namespace Dum.Tests.Folding;

public class DamageTests
{
    static readonly byte[][] s_texts =
    [
        Encoding.UTF8.GetBytes(Samples.Text(new Random(11), 700)),
        Encoding.UTF8.GetBytes(Samples.Text(new Random(12), 9000)),
        [],
        Samples.Fuzzed(8 * 77),
    ];

    [Fact]
    public void A_flipped_bit_anywhere_is_found_and_harms_one_document_at_most()
    {
        byte[] whole = FoldTests.Fold(s_texts).ToArray();
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] torn = (byte[])whole.Clone();
            torn[at] ^= (byte)(1 << (at % 8));
            using var stream = new MemoryStream(torn);
            var reader = new FoldReader(stream, "test", TestLexicon.Small);
            int lost = s_texts.Length - reader.Documents.Count, named = reader.Damages.Count;
            foreach (FoldedDocument document in reader.Documents)
                try
                {
                    Assert.Equal(s_texts[int.Parse(document.Name, System.Globalization.CultureInfo.InvariantCulture)], FoldTests.Unfold(reader, document));
                }
                catch (DumException e)
                {
                    Assert.Contains($"'{document.Name}'", e.Message, StringComparison.Ordinal);
                    lost++;
                    named++;
                }
            Assert.True(named > 0, $"the bit at byte {at} of {whole.Length} went unseen");
            Assert.True(lost <= 1, $"the bit at byte {at} cost {lost} documents");
        }
    }

    [Fact]
    public void A_torn_file_still_gives_the_documents_before_the_tear()
    {
        byte[] whole = FoldTests.Fold(s_texts).ToArray();
        int last = 0;
        for (int length = 0; length < whole.Length; length += 13)
        {
            using var stream = new MemoryStream(whole[..length]);
            if (length < 40)
            {
                Assert.Throws<DumException>(() => new FoldReader(stream, "test", TestLexicon.Small));
                continue;
            }
            var reader = new FoldReader(stream, "test", TestLexicon.Small);
            Assert.NotEmpty(reader.Damages);
            Assert.True(reader.Documents.Count >= last);
            last = reader.Documents.Count;
            foreach (FoldedDocument document in reader.Documents)
                Assert.Equal(s_texts[int.Parse(document.Name, System.Globalization.CultureInfo.InvariantCulture)], FoldTests.Unfold(reader, document));
        }
        Assert.Equal(s_texts.Length, last);
    }

    [Fact]
    public void Foreign_files_are_refused_in_one_line()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            using var stream = new MemoryStream(Samples.Fuzzed(seed));
            DumException e = Assert.Throws<DumException>(() => new FoldReader(stream, "test", TestLexicon.Small));
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Fact]
    public void Scrambled_files_never_do_worse_than_a_clear_refusal()
    {
        byte[] whole = FoldTests.Fold(s_texts).ToArray();
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] torn = (byte[])whole.Clone();
            for (int i = random.Next(1, 12); i > 0; i--)
                torn[random.Next(torn.Length)] = (byte)random.Next(256);
            using var stream = new MemoryStream(torn);
            try
            {
                var reader = new FoldReader(stream, "test", TestLexicon.Small);
                foreach (FoldedDocument document in reader.Documents)
                    Assert.Equal(s_texts[int.Parse(document.Name, System.Globalization.CultureInfo.InvariantCulture)], FoldTests.Unfold(reader, document));
            }
            catch (DumException)
            {
                // Refused in words: that is the promise.
            }
        }
    }
}
