using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dum.Host.Fit;

/// <summary>One model's fit as JSON.</summary>
public static class FitJson
{
    /// <summary>One indented object.</summary>
    public static string Render(ModelFile model, FitRequest request, FitEstimate fit, Device device) => JsonSerializer.Serialize(
        new FitDocument(
            "dum-fit 1", model.Shape.Name, model.Shape.Parameters, request.Context, request.WeightBytes is null ? request.Weights.Name : model.Format, request.Cache.Name,
            Math.Round(fit.Total, 1), Math.Round(fit.Weights, 1), Math.Round(fit.Cache, 1), Math.Round(fit.Compute, 1), fit.Overhead,
            device.Name, Math.Round(device.Budget, 1), fit.Total <= device.Budget, FitCalculator.LargestContext(model.Shape, device.Fill(request), device.Budget),
            device.Writing(model.Shape, fit), device.Reading(model.Shape),
            [.. fit.Lines.Select(l => new FitDocument.LinePart(l.Part, l.Arithmetic, Math.Round(l.Mebibytes, 2)))]),
        FitJsonContext.Default.FitDocument);
}

sealed record FitDocument(
    string Format, string Model, long Parameters, int Context, string Weights, string Cache,
    double Mebibytes, double WeightMebibytes, double CacheMebibytes, double ComputeMebibytes, double OverheadMebibytes,
    string Device, double UsableMebibytes, bool Fits, int LargestContext, double? TokensPerSecondWritten, double? TokensPerSecondRead,
    IReadOnlyList<FitDocument.LinePart> Lines)
{
    public sealed record LinePart(string Part, string Arithmetic, double Mebibytes);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FitDocument))]
sealed partial class FitJsonContext : JsonSerializerContext;
