using Dum.Models;
using Dum.Numerics.Kernels;
using Dum.Sigma.Quantisation;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.Quantisation;

/// <summary>The whole way, with the model that ships with the product and a text that is not about quality.</summary>
public class ModelTests
{
    const string Text = "It was late, and the rain had not stopped since the morning. Nobody in the house spoke. Поздно вечером дождь всё ещё шёл, и в доме никто не говорил ни слова; кошка спала. He opened the letter again, read it slowly, and put it into the fire. ";

    static readonly QuantisationOptions s_quick = new() { Mixed = false, Sweeps = 1, Method = QuantisationMethod.Gptq, Damping = 0.1 };

    static byte[] Bytes => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Text, 20)));

    /// <summary>What is in memory after quantisation is what the product reads from the folder, in its own int4 and int8 kernels' format.</summary>
    [Theory]
    [InlineData(3, WeightFormat.I4)]
    [InlineData(8, WeightFormat.I8)]
    public void The_folder_holds_the_codes_exactly(int bits, WeightFormat format)
    {
        using var scratch = new ScratchFolder();
        using var quantiser = new ModelQuantiser(LanguageModel.DefaultName);
        IReadOnlyList<QuantisedLayer> layers = quantiser.Run(quantiser.Encode(Bytes)[..256], s_quick with { Bits = bits });
        QuantisedModelFile.Write(LanguageModel.DefaultName, scratch["small"], quantiser, onGrid: true);
        using LanguageModel small = LanguageModel.Open(scratch["small"]);
        Assert.All(small.Matrices.Values, m => Assert.Equal(format, m.Format));
        foreach ((string name, PackedWeights matrix) in small.Matrices)
            for (int r = 0; r < matrix.Outputs; r += 37)
            {
                float[] read = new float[matrix.Inputs], kept = new float[matrix.Inputs];
                matrix.GetRow(r, read);
                quantiser.Model.Matrices[name].GetRow(r, kept);
                Assert.Equal(kept, read);
            }
        Assert.All(layers, l => Assert.Equal(bits + 0.5, l.StoredBits / ((double)l.Rows * l.Columns), 1e-9));
        Assert.All(layers, l => Assert.InRange(l.Reached, 0, 1));
        DumProcess.Result said = DumProcess.Run(scratch.Path, ["generate", "small", "--prompt", "It was", "--max-tokens", "4"]);
        Assert.True(said.Code == 0, said.Error);
    }

    [Fact]
    public void A_budget_is_kept_on_disk_too_and_a_run_can_be_repeated()
    {
        using var scratch = new ScratchFolder();
        using var quantiser = new ModelQuantiser(LanguageModel.DefaultName);
        int[] ids = quantiser.Encode(Bytes)[..256];
        QuantisationOptions mixed = s_quick with { Mixed = true, Bits = 3, Method = QuantisationMethod.Diffuse, Sweeps = 0 };
        IReadOnlyList<QuantisedLayer> first = quantiser.Run(ids, mixed);
        float[] once = First(quantiser);
        QuantisedModelFile.Write(LanguageModel.DefaultName, scratch["mixed"], quantiser, onGrid: true);
        long size = new FileInfo(Path.Combine(scratch["mixed"], "model.safetensors")).Length;
        using (LanguageModel mixedModel = LanguageModel.Open(scratch["mixed"]))
        {
            var read = new float[once.Length];
            mixedModel.Matrices["scene.fold"].GetRow(0, read);
            Assert.Equal(once, read);
        }
        // Every bit that was counted is on disk, and little else: norms and the header.
        Assert.InRange(size - (first.Sum(l => l.StoredBits) / 8), 0, 30_000);
        IReadOnlyList<QuantisedLayer> again = quantiser.Run(ids, mixed);
        Assert.Equal(first, again);
        Assert.Equal(once, First(quantiser));
        Assert.True(first.Select(l => l.Bits).Distinct().Count() > 1);
        Assert.InRange(first.Sum(l => l.StoredBits), 0, (long)(3.5 * quantiser.Weights));
        quantiser.Restore();
        using LanguageModel untouched = LanguageModel.Open(LanguageModel.DefaultName, WeightFormat.F32);
        var row = new float[untouched.Matrices["scene.fold"].Inputs];
        untouched.Matrices["scene.fold"].GetRow(0, row);
        Assert.Equal(row, First(quantiser));
    }

    [Fact]
    public void Bad_input_gets_one_line()
    {
        using var quantiser = new ModelQuantiser(LanguageModel.DefaultName);
        Assert.Throws<DumException>(() => quantiser.Run(new int[10], s_quick));
        Assert.Throws<DumException>(() => quantiser.Run(new int[1000], s_quick with { Bits = 1 }));
        Assert.Throws<DumException>(() => quantiser.Run(new int[1000], s_quick with { Damping = double.NaN }));
        // A correction is paid by taking bits elsewhere, which takes a budget that has some.
        Assert.Throws<DumException>(() => quantiser.Run(new int[1000], s_quick with { Rank = 2 }));
        Assert.Throws<DumException>(() => quantiser.Run(new int[1000], s_quick with { Mixed = true, Bits = 2, Rank = 2 }));
        Assert.Equal(3, Assert.Throws<DumException>(() => new ModelQuantiser("no such model")).ExitCode);
    }

    static float[] First(ModelQuantiser quantiser)
    {
        PackedWeights fold = quantiser.Model.Matrices["scene.fold"];
        var row = new float[fold.Inputs];
        fold.GetRow(0, row);
        return row;
    }
}
