using System.Text;
using Dum.Ledger;
using Dum.Lexicon;
using Dum.Scenes;
using Xunit;

namespace Dum.Tests.Ledger;

/// <summary>The ledger on text made here: what it counts is known, and every claim gets its row.</summary>
public sealed class ClaimLedgerTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dum-ledger-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Sentences_and_clauses_are_those_that_punctuation_ends()
    {
        LedgerText text = Text("One, two; three. Four! Он сказал: «да…» Пять?\n\nSix 3.14 seven");
        TextCounts counts = text.Count(LexiconFile.Default.Vocabulary, SceneRule.Default, null);
        // One, two; three. | Four! | Он сказал: «да…» Пять? | Six 3.14 seven: the ellipsis stands before a closing quote of two bytes.
        Assert.Equal(5, counts.Sentences);
        Assert.Equal(8, counts.Clauses);
        Assert.Equal(text.Bytes, counts.Bytes);
    }

    [Fact]
    public void Separators_are_no_text()
    {
        string path = Path.Combine(_folder, "t.txt");
        File.WriteAllText(path, new string('a', 6000) + "\n<|endoftext|>\n" + new string('b', 6000));
        LedgerText text = LedgerText.Read(path);
        Assert.Equal(2, text.Documents.Count);
        Assert.Equal(12_001, text.Bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Too_little_text_is_refused(int bytes)
    {
        string path = Path.Combine(_folder, "t.txt");
        File.WriteAllBytes(path, new byte[bytes]);
        Assert.Contains(path, Assert.Throws<DumException>(() => LedgerText.Read(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Student's interval of 1, 2, 3: mean 2, 4.303·1/√3 on both sides.</summary>
    [Fact]
    public void Intervals_are_Students()
    {
        Interval interval = Interval.Of([1, 2, 3]);
        Assert.Equal(2, interval.Mean, 12);
        Assert.Equal(2.4843, interval.Half, 4);
        Assert.Equal(0, Interval.Of([5]).Half);
    }

    [Fact]
    public void Every_claim_gets_a_row_and_a_killed_ledger_goes_on_to_the_same_models()
    {
        LedgerText text = Text(string.Concat(Enumerable.Range(0, 9000).Select(i => $"{(i % 3 == 0 ? "Дождь шёл" : "The rain fell")}, for {i * i % 11} days of {i % 17}. ")));
        var options = new LedgerOptions { Minutes = 1e-4, Seeds = 1, Preset = "tiny", Threads = 2, Work = _folder, Conversation = 320, Model = Hypersymbols.SmallSceneModel.Model.Path, Material = Text(string.Concat(Enumerable.Range(0, 1500).Select(i => $"Item {i % 7}: sold {i % 13} pairs; "))) };
        IReadOnlyList<LedgerRow> rows = new ClaimLedger([text], null, options).Measure(null, CancellationToken.None);
        string[] expected = ["units-per-idea", "units-per-10m", "exact-60k", "model-worth", "gap-equal-time", "gap-equal-bytes", "scene-worth", "parameter-equivalence", "training-cost", "adapter-material", "attention-cost", "flops", "prefill-time", "cache-per-byte", "memory-250k", "cards-saved", "decode-batch-1"];
        Assert.Empty(expected.Except(rows.Select(r => r.Id)));
        Assert.All(rows, row => Assert.True(row.Claim.Length > 0 && row.Definition.Length > 0 && row.Value.Length > 0 && row.Equal.Length > 0, row.Id));
        // One seed has no interval, so it proves nothing.
        Assert.All(rows.Where(r => r.Id is "gap-equal-time" or "gap-equal-bytes" or "scene-worth" or "parameter-equivalence" or "training-cost" or "adapter-material"), row => Assert.NotEqual(Verdict.Reached, row.Verdict));
        LedgerRow exact = rows.Single(r => r.Id == "exact-60k");
        Assert.NotEqual(Verdict.Not, exact.Verdict);
        byte[] model = File.ReadAllBytes(Path.Combine(_folder, "scene-time-1", "model.safetensors"));
        new ClaimLedger([text], null, options).Measure(null, CancellationToken.None);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(_folder, "scene-time-1", "model.safetensors")));
        // Another size in the same folder would take up models that are not its own.
        Assert.Contains("--work", Assert.Throws<DumException>(() => new ClaimLedger([text], null, options with { Preset = "3m" }).Measure(null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_too_short_to_measure_on_is_refused_before_anything_is_trained()
    {
        LedgerText text = Text(string.Concat(Enumerable.Range(0, 1000).Select(i => $"The rain fell for {i % 17} days. ")));
        Assert.Throws<DumException>(() => new ClaimLedger([text], null, new LedgerOptions { Minutes = 1e-4, Preset = "tiny", Work = _folder }).Measure(null, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    static LedgerText Text(string text) => new("text", [Encoding.UTF8.GetBytes(text)]);
}
