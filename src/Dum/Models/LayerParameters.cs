using Dum.Plans;

namespace Dum.Models;

/// <summary>What one layer learns. Query, key and value share a matrix, and so do gate and up: one product instead of three or two.</summary>
sealed class LayerParameters
{
    public required Parameter InputGain { get; init; }
    public required Parameter Qkv { get; init; }
    public required Parameter? QkvBias { get; init; }
    public required Parameter? QueryGain { get; init; }
    public required Parameter? KeyGain { get; init; }
    public required Parameter Output { get; init; }
    public required Parameter FeedGain { get; init; }
    public required Parameter GateUp { get; init; }
    public required Parameter Down { get; init; }
}
