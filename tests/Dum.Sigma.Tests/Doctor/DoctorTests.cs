using Dum.Models;
using Dum.Sigma.Doctor;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.Doctor;

/// <summary>Recordings of runs of the model that ships with the product.</summary>
public sealed class DoctorTests : IDisposable
{
    const string Text = "It was late, and the rain had not stopped since the morning. Nobody in the house spoke. Поздно вечером дождь всё ещё шёл, и в доме никто не говорил ни слова; кошка спала. ";

    static readonly RunScript s_ladder = new() { Sequences = 10, Batch = 4, Prompt = 5, Steps = 3, Ladder = true };

    readonly ScratchFolder _scratch = new();
    readonly LanguageModel _model = LanguageModel.Open(LanguageModel.DefaultName);
    readonly int[] _ids;

    public DoctorTests() => _ids = _model.Tokenizer.Encode(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Text, 12))));

    /// <summary>The law of the engine, by the instrument that would see it broken.</summary>
    [Fact]
    public void Batch_threads_and_cache_do_not_change_a_bit()
    {
        var script = new RunScript { Sequences = 8, Prompt = 9, Steps = 4 };
        string root = RecordedRun.Hash(_model, _ids, script).Root;
        foreach (int batch in (int[])[2, 3, 8])
            foreach (int threads in (int[])[1, 2])
                foreach (bool warm in (bool[])[false, true])
                    Assert.Equal(root, RecordedRun.Hash(_model, _ids, script with { Batch = batch, Threads = threads, Warm = warm }).Root);
    }

    [Fact]
    public void Every_kind_of_fault_is_named_exactly()
    {
        var trial = new FaultTrial(_model, _ids, s_ladder, _scratch.Path);
        FaultOutcome[] outcomes = [.. Enumerable.Range(0, 16).Select(trial.Run).OfType<FaultOutcome>()];
        Assert.True(outcomes.Length >= 14, "faults that change nothing prove nothing");
        Assert.All(outcomes, o => Assert.True(o.Named, o.ToString()));
    }

    [Theory]
    [InlineData(FaultKind.Ulp, DivergenceNature.OneUlp)]
    [InlineData(FaultKind.Order, DivergenceNature.Order)]
    [InlineData(FaultKind.Format, DivergenceNature.Format)]
    public void The_row_says_what_kind_of_fault_it_is(FaultKind kind, DivergenceNature nature)
    {
        using Recording sound = Record("a", s_ladder, null), faulty = Record("b", s_ladder, new Fault(kind, "decoder.layers.1.mlp.down_proj", 5, 1, 77));
        Divergence found = RunComparison.Of(sound, faulty).Divergence!;
        Assert.Equal("decoder.layers.1.mlp.down_proj", found.Operation);
        Assert.Equal(1, found.Layer);
        Assert.Equal(nature, found.Nature);
        Assert.NotEqual(found.First.Value, found.Second.Value);
    }

    /// <summary>Where every hash differs, the fingerprint still tells in what format the numbers were kept.</summary>
    [Fact]
    public void Fingerprints_tell_the_format()
    {
        using Recording sound = Record("a", s_ladder, null), faulty = Record("b", s_ladder, new Fault(FaultKind.Format, "decoder.layers.0.mlp.gate_up_proj", 1));
        ComparisonResult result = RunComparison.Of(sound, faulty);
        Assert.Equal(("decoder.layers.0.mlp.gate_up_proj", 23, 7), Assert.Single(result.Prints));
        ResidualPrint print = sound.Prints["decoder.layers.0.mlp.gate_up_proj"];
        Assert.InRange(print.MeanSquare, 0.07, 0.1); // uniform residuals: 1/12
    }

    /// <summary>Batches of one beside batches of four with a product that depends on how many rows it gets.</summary>
    [Fact]
    public void The_batch_boundary_is_found_between_different_batches()
    {
        RunScript steps = s_ladder with { Prompt = 1, Steps = 4 };
        using Recording single = Record("a", steps with { Batch = 1 }, null), batched = Record("b", steps, new Fault(FaultKind.Batch, "head", 3));
        ComparisonResult result = RunComparison.Of(single, batched);
        Assert.Contains(("batch", "1", "4"), result.Settings);
        Assert.Equal("head", result.Divergence!.Operation);
        Assert.Equal(new BatchBoundary(Second: true, Agree: 2, Part: 3), result.Divergence.Boundary);
        Assert.Equal((1, 3), (result.Divergence.First.Rows, result.Divergence.Second.Rows));
    }

    /// <summary>Another process without vector instructions, another batch: the recordings are the same, and the command says so.</summary>
    [Fact]
    public void Recordings_of_two_processes_compare()
    {
        File.WriteAllText(_scratch["text.txt"], string.Concat(Enumerable.Repeat(Text, 12)));
        string[] run = ["sigma", "record", "default", "text.txt", "--sequences", "3", "--prompt", "6", "--steps", "3"];
        DumProcess.Result a = DumProcess.Run(_scratch.Path, [.. run, "-o", "a"]);
        DumProcess.Result b = DumProcess.Run(_scratch.Path, [.. run, "-o", "b", "--batch", "3", "--threads", "2"], null, ("DUM_PATH", "plain"));
        DumProcess.Result c = DumProcess.Run(_scratch.Path, [.. run, "-o", "c", "--fault", "ulp:head:2"]);
        Assert.True(a.Code == 0 && b.Code == 0 && c.Code == 0, a.Error + b.Error + c.Error);
        Assert.Equal(a.Text, b.Text);
        DumProcess.Result same = DumProcess.Run(_scratch.Path, ["sigma", "compare", "a", "b"]), parted = DumProcess.Run(_scratch.Path, ["sigma", "compare", "a", "c"]);
        Assert.Equal(0, same.Code);
        Assert.Contains("THE SAME", same.Text, StringComparison.Ordinal);
        Assert.Equal(1, parted.Code);
        Assert.Contains("operation  head", parted.Text, StringComparison.Ordinal);
        Assert.Contains("record both with --values", parted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_recordings_get_one_line()
    {
        Record("a", s_ladder with { Sequences = 2 }, null).Dispose();
        byte[] whole = File.ReadAllBytes(_scratch["a"]);
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            byte[] torn = whole[..(i % 3 == 0 ? random.Next(whole.Length) : whole.Length)];
            if (torn.Length == whole.Length)
                torn[random.Next(torn.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_scratch["torn"], torn);
            Assert.Throws<DumException>(() => Recording.Open(_scratch["torn"]));
        }
        Assert.Equal(2, Assert.Throws<DumException>(() => Recording.Open(_scratch["missing"])).ExitCode);
    }

    [Fact]
    public void Scripts_that_do_not_fit_are_refused()
    {
        Assert.Throws<DumException>(() => RecordedRun.Hash(_model, _ids, new RunScript { Batch = 0 }));
        Assert.Throws<DumException>(() => RecordedRun.Hash(_model, _ids, new RunScript { Prompt = 100_000 }));
        Assert.Contains("longer", Assert.Throws<DumException>(() => RecordedRun.Hash(_model, _ids.AsSpan(0, 20), new RunScript())).Message, StringComparison.Ordinal);
    }

    /// <summary>One changed bit anywhere in a row changes its hash.</summary>
    [Fact]
    public unsafe void Hashes_see_every_bit()
    {
        foreach (int count in (int[])[1, 7, 31, 32, 33, 100])
        {
            var row = new float[count];
            for (int i = 0; i < count; i++)
                row[i] = MathF.Sin(i);
            fixed (float* x = row)
            {
                var seen = new HashSet<ulong> { RowHash.Of(x, count) };
                for (int bit = 0; bit < count * 32; bit++)
                {
                    ((uint*)x)[bit / 32] ^= 1u << (bit % 32);
                    Assert.True(seen.Add(RowHash.Of(x, count)));
                    ((uint*)x)[bit / 32] ^= 1u << (bit % 32);
                }
            }
        }
    }

    public void Dispose()
    {
        _model.Dispose();
        _scratch.Dispose();
    }

    Recording Record(string name, RunScript script, Fault? fault)
    {
        using (FileStream stream = File.Create(_scratch[name]))
            RecordedRun.Write(_model, _ids, script, stream, values: true, fault);
        return Recording.Open(_scratch[name]);
    }
}
