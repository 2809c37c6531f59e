namespace Dum.Host.Fit;

/// <summary>Where a model would run: how much memory is free there and how fast it is.</summary>
/// <param name="Name">For a reader.</param>
/// <param name="Budget">MiB that a model may take.</param>
/// <param name="Total">MiB in all.</param>
/// <param name="Bandwidth">GB/s; null when unknown.</param>
/// <param name="Flops">GFLOP/s of matrix products; null when unknown.</param>
/// <param name="Measured">True when the two rates were measured here; false when they come from a data sheet.</param>
/// <param name="IsGpu">A graphics card, with its runtime's own overhead.</param>
public sealed record Device(string Name, double Budget, double Total, double? Bandwidth, double? Flops, bool Measured, bool IsGpu)
{
    /// <summary>MiB of the runtime's context on a card, and MiB that are better left free.</summary>
    public const double GpuOverhead = 200, Margin = 512;

    /// <summary>The share of a peak rate that well-written kernels reach: of measured bandwidth, of data-sheet bandwidth, of the arithmetic rate.</summary>
    const double OfMeasured = 0.85, OfSheet = 0.65, OfFlops = 0.4;

    /// <summary>The best card that answers, else the processor. Memory of several cards is not added up: one model would have to be split.</summary>
    public static Device Choose(HostCheck check, HostSpeed? speed)
    {
        NvidiaGpu? nvidia = check.Capabilities.First(c => c.Id == "nvidia").State is Readiness.Ready or Readiness.Limited
            ? check.Nvidia.Gpus.Where(g => g is { Free: not null, Total: not null, Mig: false }).MaxBy(g => g.Free) : null;
        if (nvidia is not null)
            return Card(nvidia.Name, nvidia.Free!.Value, nvidia.Total!.Value);
        AmdGpu? amd = check.Capabilities.First(c => c.Id == "amd").State is Readiness.Ready or Readiness.Limited
            ? check.Amd.Gpus.Where(g => g.Memory > 1L << 30 && !AmdRules.Integrated(g, RuleTables.Standard)).MaxBy(g => g.Memory) : null;
        if (amd is not null)
            return Card(amd.Gfx, amd.Memory!.Value >> 20, amd.Memory.Value >> 20);
        double usable = check.Compute.Usable ?? 0;
        return new Device(check.Compute.Model.Length > 0 ? check.Compute.Model : Tongue.Say("processor", "процессор"),
            Math.Max(0, usable - Margin), check.Compute.Total ?? usable, speed?.Bandwidth, speed?.Flops, true, false);

        static Device Card(string name, long free, long total)
        {
            (double Bandwidth, double Flops)? sheet = RuleTables.Standard.Speed(name);
            return new Device(name, Math.Max(0, free - Margin), total, sheet?.Bandwidth, sheet?.Flops * 1000, false, true);
        }
    }

    /// <summary>The request as this device would run it.</summary>
    public FitRequest Fill(FitRequest request) => IsGpu
        ? request with { Overhead = GpuOverhead, EmbeddingInMemory = true }
        : request with { Overhead = 0, EmbeddingInMemory = false };

    /// <summary>Tokens a second while writing: every active weight, and the cache of half the context, is read once a token.</summary>
    public double? Writing(ModelShape shape, FitEstimate fit)
    {
        double active = Math.Min(1, shape.ActiveParameters / (double)shape.Parameters);
        double gigabytes = (fit.Weights * active + fit.Cache / 2) * 1048576 / 1e9;
        return Bandwidth * (Measured ? OfMeasured : OfSheet) / gigabytes;
    }

    /// <summary>Tokens a second while reading a prompt: two operations for each active weight.</summary>
    public double? Reading(ModelShape shape) => Flops * OfFlops / (2.0 * shape.ActiveParameters / 1e9);
}
