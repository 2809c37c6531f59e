using System.Globalization;
using static Dum.Tongue;

namespace Dum.Host.Fit;

/// <summary>Memory that a model takes: weights by format, key-value cache by context and precision, working buffers, driver context.</summary>
public static class FitCalculator
{
    const double Mebi = 1 << 20;
    // llama.cpp rounds a cache up to so many cells.
    const int CachePadding = 256;

    /// <summary>Adds the terms up, each with its arithmetic.</summary>
    public static FitEstimate Estimate(ModelShape shape, FitRequest request)
    {
        var lines = new List<FitLine>();
        double weights = Weights(shape, request, lines);
        double cache = Cache(shape, request, lines);
        double compute = Compute(shape, request, lines);
        if (request.Overhead > 0)
            lines.Add(new(Say("driver", "драйвер"), Say("context of the GPU runtime", "контекст среды видеокарты"), request.Overhead));
        return new FitEstimate(weights, cache, compute, request.Overhead, lines);
    }

    static double Weights(ModelShape shape, FitRequest request, List<FitLine> lines)
    {
        if (request.WeightBytes is { } exact)
        {
            lines.Add(new(Say("weights", "веса"), Say("sum of the file's tensors", "сумма тензоров файла"), exact / Mebi));
            return exact / Mebi;
        }
        WeightFormat f = shape.NativeMxfp4 && request.Weights.Body < 8 ? WeightFormat.Find("MXFP4")! : request.Weights;
        double body = f.BodyBytes(shape), output = shape.EmbeddingParameters * f.Output / 8;
        double embedding = shape.Tied || request.EmbeddingInMemory ? 0 : shape.EmbeddingParameters * f.Embedding / 8;
        double total = (body + output + embedding) / Mebi;
        string arithmetic = $"{Big(shape.BodyParameters)} × {Bits(body * 8 / shape.BodyParameters)}/8 + {Big(shape.EmbeddingParameters)} × {Bits(f.Output)}/8"
            + (embedding > 0 ? $" + {Big(shape.EmbeddingParameters)} × {Bits(f.Embedding)}/8" : "");
        lines.Add(new(Say($"weights {f.Name}", $"веса {f.Name}"), arithmetic, total));
        return total;
    }

    /// <summary>Bytes of key-value cache. Layers with a window keep the window, not the context; MLA keeps its latent, not the heads.</summary>
    public static double CacheBytes(ModelShape shape, FitRequest request) =>
        (GlobalCells(shape, request) * GlobalValues(shape) * (double)GlobalLayers(shape)
            + WindowCells(shape, request) * (double)shape.ValuesPerToken * shape.WindowedLayers) * request.Cache.Bits / 8;

    static int GlobalLayers(ModelShape shape) => Math.Max(0, shape.Layers - shape.CachelessLayers - shape.WindowedLayers);
    static int GlobalValues(ModelShape shape) => shape.GlobalValues > 0 ? shape.GlobalValues : shape.ValuesPerToken;
    static long GlobalCells(ModelShape shape, FitRequest request) => request.Context;
    static long WindowCells(ModelShape shape, FitRequest request) => shape.Window == 0 ? 0
        : Math.Min(request.Context, Padded((long)shape.Window * request.Sequences + request.MicroBatch));

    static long Padded(long cells) => (cells + CachePadding - 1) / CachePadding * CachePadding;

    static double Cache(ModelShape shape, FitRequest request, List<FitLine> lines)
    {
        double perNumber = request.Cache.Bits / 8;
        string kind = shape.LatentRank > 0 ? Say("latent", "латент") : Say("key-value cache", "кэш ключей и значений");
        if (GlobalLayers(shape) is > 0 and var layers)
        {
            double size = GlobalCells(shape, request) * (double)GlobalValues(shape) * layers * perNumber / Mebi;
            string values = shape.LatentRank > 0 ? $"({shape.LatentRank} + {shape.LatentRope})"
                : shape.GlobalValues > 0 ? Count(shape.GlobalValues) : $"{shape.KvHeads} × {(shape.ValueHead > 0 ? $"({shape.Head} + {shape.ValueHead})" : $"2 × {shape.Head}")}";
            lines.Add(new($"{kind} {request.Cache.Name}", Say(
                $"{layers} layers × {Count(request.Context)} tokens × {values} × {Bits(perNumber)} B",
                $"{layers} слоёв × {Count(request.Context)} токенов × {values} × {Bits(perNumber)} Б"), size));
        }
        if (shape.WindowedLayers > 0)
        {
            long cells = WindowCells(shape, request);
            double size = cells * (double)shape.ValuesPerToken * shape.WindowedLayers * perNumber / Mebi;
            lines.Add(new(Say($"windows {request.Cache.Name}", $"окна {request.Cache.Name}"), Say(
                $"{shape.WindowedLayers} layers × {Count(cells)} cells (window {Count(shape.Window)}) × {Count(shape.ValuesPerToken)} × {Bits(perNumber)} B",
                $"{shape.WindowedLayers} слоёв × {Count(cells)} ячеек (окно {Count(shape.Window)}) × {Count(shape.ValuesPerToken)} × {Bits(perNumber)} Б"), size));
        }
        return CacheBytes(shape, request) / Mebi;
    }

    // The largest of the buffers that live at one time decides; measured logs of llama.cpp fit this within a few MiB.
    static double Compute(ModelShape shape, FitRequest request, List<FitLine> lines)
    {
        double batch = Math.Min(request.MicroBatch, request.Context), stream = batch * shape.Hidden * 4;
        double rows = request.AllLogits ? batch : Math.Min(batch, request.Sequences);
        double logits = rows * shape.Vocabulary * 4 + stream;
        double width = shape.Experts > 0 ? (double)shape.ExpertFeedForward * Math.Max(1, shape.ExpertsUsed) : shape.FeedForward;
        double feedForward = batch * width * 4 * 2 + 2 * stream;
        double scores = request.FlashAttention ? 0 : batch * request.Context * shape.Heads * 4.0 + batch * request.Context * 4.0 + 4 * stream;
        double most = Math.Max(logits, Math.Max(feedForward, scores)) / Mebi;
        string arithmetic = most * Mebi == logits ? Say(
                $"({rows} × {Count(shape.Vocabulary)} logits + {batch} × {Count(shape.Hidden)}) × 4 B", $"({rows} × {Count(shape.Vocabulary)} логитов + {batch} × {Count(shape.Hidden)}) × 4 Б")
            : most * Mebi == scores ? Say(
                $"{batch} positions × {Count(request.Context)} tokens × {shape.Heads} heads × 4 B, mask and streams", $"{batch} позиций × {Count(request.Context)} токенов × {shape.Heads} голов × 4 Б, маска и потоки")
            : Say($"{batch} positions × feed-forward of {Count((long)width)} × 2 × 4 B", $"{batch} позиций × прямой слой {Count((long)width)} × 2 × 4 Б");
        lines.Add(new(Say("working buffers", "рабочие буферы"), arithmetic, most));
        return most;
    }

    /// <summary>Largest context, up to the trained one, whose sum stays within <paramref name="budget"/> MiB; 0 when not even 512 tokens do.</summary>
    public static int LargestContext(ModelShape shape, FitRequest request, double budget)
    {
        int low = 0, high = (shape.Context > 0 ? shape.Context : 131072) / CachePadding;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Estimate(shape, request with { Context = middle * CachePadding }).Total <= budget)
                low = middle;
            else
                high = middle - 1;
        }
        return low * CachePadding >= 512 ? low * CachePadding : 0;
    }

    internal static string Big(long parameters) => (parameters / 1e9).ToString(parameters >= 10_000_000_000 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + Say(" G", " млрд");
    internal static string Bits(double bits) => bits.ToString("0.###", CultureInfo.InvariantCulture);
    internal static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
