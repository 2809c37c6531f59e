using System.Globalization;
using System.Text;
using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics.Kernels;
using Xunit;

namespace Dum.Tests.Models;

/// <summary>Models that others trained, against what others say they give.</summary>
public class CheckpointModelTests
{
    [SharedDataFact]
    public void The_golden_story_comes_out()
    {
        string folder = Path.Combine(SharedData.Folder!, "models");
        using ModelFile file = ModelFile.Open(Path.Combine(folder, "stories260K.bin"));
        using TokenWeights weights = TokenWeights.Load(file);
        using var session = new TokenSession(weights, 2);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "stories260K_expected_t0_n200.txt")),
            Continued(session, ModelTokenizer.Load(Path.Combine(folder, "tok512.bin")), "", new SamplingOptions { Temperature = 0 }, 200));
    }

    [SharedDataFact]
    public void Logits_of_a_gguf_file_are_those_of_llama_cpp()
    {
        using ModelFile file = ModelFile.Open(Path.Combine(SharedData.Folder!, "models", "llama-2-tiny-random.gguf"));
        using TokenWeights weights = TokenWeights.Load(file);
        using var session = new TokenSession(weights, 1);
        int sequence = session.Open();
        int rows = 0;
        foreach (string line in File.ReadLines(Path.Combine(HouseTests.Root, "tests/Dum.Tests/Models/data/tiny-random.logits.txt")).Where(l => l[0] != '#'))
        {
            string[] parts = line.Split(':');
            int[] head = [.. parts[0].Split(' ').Select(int.Parse)];
            ReadOnlySpan<float> logits = session.Append(sequence, [head[1]]);
            Assert.Equal(head[2], Sampler.Best(logits));
            foreach (string pair in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] p = pair.Split('=');
                // The peer rounds activations to 16 bits before its products: against doubles it is off by up to 7e-5.
                Assert.Equal(float.Parse(p[1], CultureInfo.InvariantCulture), logits[int.Parse(p[0], CultureInfo.InvariantCulture)], 1e-4f);
            }
            rows++;
        }
        Assert.Equal(3, rows);
    }

    [SharedDataTheory]
    [InlineData(WeightFormat.BF16, 0.01)]
    [InlineData(WeightFormat.I8, 0.03)]
    [InlineData(WeightFormat.I4, 0.35)]
    public void Rounded_weights_stay_near(WeightFormat format, double most)
    {
        using ModelFile file = ModelFile.Open(Path.Combine(SharedData.Folder!, "models", "stories260K.bin"));
        using TokenWeights exact = TokenWeights.Load(file), rounded = TokenWeights.Load(file, format);
        using TokenSession a = new(exact, 1), b = new(rounded, 1);
        int[] story = [1, 403, 407, 261, 378];
        float[] x = a.Append(a.Open(), story).ToArray(), y = b.Append(b.Open(), story).ToArray();
        double off = 0, size = 0;
        for (int i = 0; i < x.Length; i++)
        {
            off += Math.Pow(x[i] - y[i], 2);
            size += Math.Pow(x[i], 2);
        }
        Assert.InRange(Math.Sqrt(off / size), 1e-6, most);
    }

    [SharedDataTheory]
    [InlineData(CacheFormat.BF16, 0.01)]
    [InlineData(CacheFormat.I8, 0.05)]
    public void A_rounded_cache_stays_near(CacheFormat format, double most)
    {
        using ModelFile file = ModelFile.Open(Path.Combine(SharedData.Folder!, "models", "stories260K.bin"));
        using TokenWeights weights = TokenWeights.Load(file);
        using TokenSession a = new(weights, 1), b = new(weights, 1, format);
        int[] story = [1, 403, 407, 261, 378, 298, 317, 359, 411, 302];
        float[] x = a.Append(a.Open(), story).ToArray(), y = b.Append(b.Open(), story).ToArray();
        double off = 0, size = 0;
        for (int i = 0; i < x.Length; i++)
        {
            off += Math.Pow(x[i] - y[i], 2);
            size += Math.Pow(x[i], 2);
        }
        Assert.InRange(Math.Sqrt(off / size), 1e-7, most);
    }

    [SharedDataFact]
    public void Sampling_is_replayed_by_its_seed_and_stops_where_told()
    {
        string folder = Path.Combine(SharedData.Folder!, "models");
        using ModelFile file = ModelFile.Open(Path.Combine(folder, "stories260K.bin"));
        using TokenWeights weights = TokenWeights.Load(file);
        using var session = new TokenSession(weights, 1);
        ModelTokenizer tokenizer = ModelTokenizer.Load(Path.Combine(folder, "tok512.bin"));
        var options = new SamplingOptions { Temperature = 1, Seed = 5 };
        string first = Continued(session, tokenizer, "Once upon", options, 60), again = Continued(session, tokenizer, "Once upon", options, 60);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Continued(session, tokenizer, "Once upon", options with { Seed = 6 }, 60));
        string stopped = Continued(session, tokenizer, "Once upon", options, 60, ".");
        Assert.Equal(first[..first.IndexOf('.', StringComparison.Ordinal)], stopped);
    }

    static string Continued(TokenSession session, ModelTokenizer tokenizer, string prompt, SamplingOptions options, int tokens, params string[] stops)
    {
        using var text = new MemoryStream();
        new TextGenerator(session, tokenizer).Continue(Encoding.UTF8.GetBytes(prompt), options, tokens, [.. stops.Select(Encoding.UTF8.GetBytes)], b => text.Write(b.Span), CancellationToken.None);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
