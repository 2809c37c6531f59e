using System.Globalization;
using System.Text;
using Dum.Folding;
using Dum.Folding.Deep;
using Dum.Models;
using Xunit;

namespace Dum.Tests.Folding.Deep;

/// <summary>Folding with a language model, through the doors that the fast coder has too.</summary>
public class DeepFoldTests
{
    static readonly int[] s_threads = [1, 2, 4];

    [Fact]
    public void Any_bytes_come_back()
    {
        using DeepModel model = TinyModel.Open();
        byte[] line = [.. Enumerable.Repeat((byte)'a', 40_000)];
        byte[][] inputs = [[], [7], line, TinyModel.Text(9000, 300), .. Enumerable.Range(0, 200).Select(Samples.Fuzzed)];
        using MemoryStream folded = Fold(model, inputs);
        FoldReader reader = Read(model, folded);
        Assert.Empty(reader.Damages);
        Assert.Empty(reader.Check());
        for (int i = 0; i < inputs.Length; i++)
            Assert.Equal(inputs[i], FoldTests.Unfold(reader, reader.Documents[i]));
    }

    [Fact]
    public void A_megabyte_in_one_line_comes_back()
    {
        using DeepModel model = TinyModel.Open();
        byte[] text = [.. Enumerable.Repeat("The cat 3 sat on mat 5. "u8.ToArray(), 44_000).SelectMany(b => b)];
        using MemoryStream folded = Fold(model, [text]);
        Assert.True(folded.Length < 6000, $"a megabyte of one sentence folded to {folded.Length} bytes");
        FoldReader reader = Read(model, folded);
        Assert.Equal(text, FoldTests.Unfold(reader, reader.Documents[0]));
    }

    [Fact]
    public void The_bytes_written_do_not_depend_on_the_number_of_threads()
    {
        byte[][] texts = [TinyModel.Text(7000, 900), Samples.Fuzzed(31)];
        byte[][] folded = [.. s_threads.Select(threads =>
        {
            using DeepModel model = TinyModel.Open(threads);
            using MemoryStream stream = Fold(model, texts);
            return stream.ToArray();
        })];
        Assert.Equal(folded[0], folded[1]);
        Assert.Equal(folded[0], folded[2]);
    }

    [Fact]
    public void The_coded_size_is_the_models_cross_entropy()
    {
        using DeepModel model = TinyModel.Open();
        using LanguageModel language = LanguageModel.Open(TinyModel.Folder);
        using var coder = new DeepCoder(language.NewSession(2), model.Lexicon.Prior) { Alone = true };
        int[] ids = model.Lexicon.Vocabulary.Encoder.Encode(TinyModel.Text(7000, 1500));
        var shape = DeepShape.For(ids.Length, coder.Context);
        byte[] coded = coder.Encode(ids, shape);
        Assert.InRange(coded.Length * 8, coder.Spent.Model * 0.999, (coder.Spent.Model * 1.005) + 16);
        var again = new int[ids.Length];
        coder.Decode(coded, again, shape);
        Assert.Equal(ids, again);
    }

    [Fact]
    public void Statistics_and_model_together_are_smaller_than_either()
    {
        using DeepModel model = TinyModel.Open();
        // New sentences, then the same archive again and again: what a person keeps.
        byte[] page = [.. TinyModel.Text(7000, 60), .. Encoding.UTF8.GetBytes(Samples.Text(new Random(3), 1500))];
        using var folded = new MemoryStream();
        var writer = new FoldWriter(folded, model.Lexicon, new FoldOptions { Model = model });
        for (int i = 0; i < 12; i++)
            writer.Add(new FoldedDocument { Name = $"{i}" }, new MemoryStream(page));
        writer.Finish();
        Assert.Equal(12 * page.Length, writer.Score!.Bytes);
        Assert.True(folded.Length * 8 < writer.Score.ModelBits / 2, $"{folded.Length} bytes, the model alone {writer.Score.ModelBits / 8:0}");
    }

    [Fact]
    public void Small_documents_share_a_group()
    {
        using DeepModel model = TinyModel.Open();
        byte[][] notes = [.. Enumerable.Range(0, 30).Select(i => TinyModel.Text(6000 + (5 * i), 8))];
        using MemoryStream together = Fold(model, notes);
        Assert.Equal(30, Read(model, together).Documents.Count);
        // Each by itself begins without knowing anything; container and hashes cost the same.
        long apart = notes.Sum(n => { using MemoryStream one = Fold(model, [n]); return one.Length - EmptyFile(model); });
        Assert.True(together.Length - EmptyFile(model) < apart, $"{together.Length} together, {apart} apart");
    }

    [Fact]
    public void Scenes_are_read_and_documents_added()
    {
        using DeepModel model = TinyModel.Open();
        byte[] text = TinyModel.Text(7000, 700);
        using MemoryStream first = Fold(model, [text, "two"u8.ToArray()], new FoldOptions { BlockBytes = 4096 });
        using var second = new MemoryStream();
        FoldWriter writer = FoldWriter.Continue(second, Read(model, first), model.Lexicon, new FoldOptions { Model = model });
        writer.Add(new FoldedDocument { Name = "three" }, new MemoryStream("drei"u8.ToArray()));
        writer.Finish();
        FoldReader reader = Read(model, second);
        Assert.Equal(["0", "1", "three"], reader.Documents.Select(d => d.Name));
        Assert.Equal("drei"u8.ToArray(), FoldTests.Unfold(reader, reader.Documents[2]));
        FoldedDocument document = reader.Documents[0];
        Assert.True(document.Blocks.Count > 3);
        using var all = new MemoryStream();
        for (long scene = 0; scene < document.Scenes; scene += 50)
            reader.UnfoldScenes(document, scene, Math.Min(50, document.Scenes - scene), all);
        Assert.Equal(text, all.ToArray());
    }

    [Fact]
    public void Another_model_or_none_is_refused_in_one_line()
    {
        using DeepModel model = TinyModel.Open(), other = DeepModel.Open(TinyModel.Other, 1);
        using MemoryStream folded = Fold(model, ["text"u8.ToArray()]), fast = new();
        var plain = new FoldWriter(fast, model.Lexicon);
        plain.Finish();
        Assert.NotEqual(model.Id, other.Id);
        string[] lines =
        [
            Refused(() => Read(other, folded).RequireLexicon()),
            Refused(() => new FoldReader(folded, "test", model.Lexicon).RequireLexicon()),
            Refused(() => FoldWriter.Continue(new MemoryStream(), Read(model, folded), model.Lexicon)),
            Refused(() => FoldWriter.Continue(new MemoryStream(), new FoldReader(fast, "test", model.Lexicon), model.Lexicon, new FoldOptions { Model = model })),
        ];
        Assert.All(lines, line => Assert.Contains("--model", line, StringComparison.Ordinal));
        Assert.Contains(model.Id, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_is_found_and_never_gives_other_bytes()
    {
        using DeepModel model = TinyModel.Open();
        byte[][] texts = [TinyModel.Text(7000, 8), TinyModel.Text(8000, 8)];
        using MemoryStream whole = Fold(model, texts);
        byte[] bytes = whole.ToArray();
        for (int at = 0; at < bytes.Length; at += 3)
        {
            byte[] bad = [.. bytes];
            bad[at] ^= (byte)(1 << (at % 8));
            Damaged(model, bad, texts, at.ToString(CultureInfo.InvariantCulture));
        }
        for (int length = 0; length < bytes.Length; length += 29)
            Damaged(model, bytes[..length], texts, $"torn at {length}");
    }

    static void Damaged(DeepModel model, byte[] bad, byte[][] texts, string where)
    {
        bool noticed = false;
        try
        {
            using var stream = new MemoryStream(bad);
            FoldReader reader = Read(model, stream);
            noticed = reader.Damages.Count > 0 || reader.Documents.Count < texts.Length || reader.Check().Count > 0 || reader.ModelName != Path.GetFileName(TinyModel.Folder);
            foreach (FoldedDocument document in reader.Documents)
                try
                {
                    Assert.Equal(texts[int.Parse(document.Name, CultureInfo.InvariantCulture)], FoldTests.Unfold(reader, document));
                }
                catch (DumException)
                {
                    noticed = true;
                }
        }
        catch (DumException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            noticed = true;
        }
        Assert.True(noticed, $"damage went unseen: {where}");
    }

    static long EmptyFile(DeepModel model)
    {
        using MemoryStream empty = Fold(model, []);
        return empty.Length;
    }

    static string Refused(Action act) => Assert.Throws<DumException>(act).Message;

    internal static FoldReader Read(DeepModel model, Stream folded) => new(folded, "test", model.Lexicon, 2, model);

    internal static MemoryStream Fold(DeepModel model, IReadOnlyList<byte[]> documents, FoldOptions? options = null)
    {
        var folded = new MemoryStream();
        var writer = new FoldWriter(folded, model.Lexicon, (options ?? new FoldOptions()) with { Model = model });
        for (int i = 0; i < documents.Count; i++)
            writer.Add(new FoldedDocument { Name = i.ToString(CultureInfo.InvariantCulture) }, new MemoryStream(documents[i]));
        writer.Finish();
        return folded;
    }
}
