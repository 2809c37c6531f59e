using Dum.Checkpoints;

namespace Dum.Tests.Checkpoints;

/// <summary>Models of a few thousand weights, and a folder that is gone after the test.</summary>
static class SmallModels
{
    public static ModelShape Llama { get; } = new()
    {
        Layers = 2,
        Width = 64,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        FeedForward = 96,
        Vocabulary = 300,
        Context = 128,
    };

    /// <summary>Weights that differ from each other and fit every format without losing what tells them apart.</summary>
    public static List<WeightSource> Weights(ModelShape shape)
    {
        var random = new Random(7);
        return [.. TensorSpec.Of(shape).Select(spec =>
        {
            var weights = new float[spec.Count];
            for (int i = 0; i < weights.Length; i++)
                weights[i] = (float)(random.NextDouble() - 0.5);
            return WeightSource.From(spec, weights);
        })];
    }

    public static float[] Read(WeightSource source)
    {
        var all = new float[source.Spec.Count];
        source.Read(0, source.Spec.Rows, all);
        return all;
    }

    public static float[] Read(StoredTensor tensor)
    {
        var all = new float[tensor.Rows * tensor.Columns];
        tensor.ReadRows(0, tensor.Rows, all);
        return all;
    }

    public static void InFolder(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("dum").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
