using System.Text.Json;
using System.Text.Json.Serialization;
using Dum.Folding;
using Dum.Folding.Deep;
using Dum.Lexicon;

namespace Dum.App.Views;

/// <summary>What a fold came to; what people and programs are shown.</summary>
sealed record FoldSummary
{
    public required string Output { get; init; }
    public required int Documents { get; init; }
    public required long Bytes { get; init; }
    public required long Hyperwords { get; init; }
    public required long Scenes { get; init; }
    public required long Episodes { get; init; }

    /// <summary>Of the whole folded file; with <c>--append</c> that is more than these documents.</summary>
    public required long FoldedBytes { get; init; }
    public required bool Appended { get; init; }
    public required bool Verified { get; init; }
    public required double Seconds { get; init; }
    public required int Threads { get; init; }
    public required string Lexicon { get; init; }

    /// <summary>The language model that drove the coder, and what it alone would have made of the text; null without one.</summary>
    public string? Model { get; init; }
    public double? ModelBitsPerByte { get; init; }

    /// <summary>Bytes that the model coded; the rest was stored because nothing makes it smaller.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>Whether the model hardly predicts this text.</summary>
    public bool? ModelIsStrange { get; init; }
    public IReadOnlyList<TokenCount> Tokens { get; init; } = [];
    public IReadOnlyList<PeerSize> Peers { get; init; } = [];
    public string? Report { get; init; }

    /// <summary>The single document's hash, when there is just one.</summary>
    public string? Sha256 { get; init; }

    public static FoldSummary Of(string output, List<FoldedDocument> documents, long size, bool appended, double seconds, FoldOptions options, LexiconFile lexicon, DeepScore? score = null) => new()
    {
        Output = output,
        Documents = documents.Count,
        Bytes = documents.Sum(d => d.Bytes),
        Hyperwords = documents.Sum(d => d.Hyperwords),
        Scenes = documents.Sum(d => d.Scenes),
        Episodes = documents.Sum(d => d.Episodes),
        FoldedBytes = size,
        Appended = appended,
        Verified = options.Verify,
        Seconds = seconds,
        Threads = options.Threads,
        Lexicon = lexicon.Id,
        Model = options.Model?.Name,
        ModelBytes = score?.Bytes,
        ModelBitsPerByte = score is null or { Bytes: 0 } ? null : Math.Round(score.BitsPerByte, 4),
        ModelIsStrange = score is null or { Bytes: 0 } ? null : score.IsStrange,
        Sha256 = documents.Count == 1 ? documents[0].Sha256 : null,
    };

    public string ToJson() => JsonSerializer.Serialize(this, FoldJson.Default.FoldSummary);
}

/// <summary>The same text in another tokenizer's tokens.</summary>
sealed record TokenCount(string Name, int Entries, long Tokens);

/// <summary>What another compressor makes of the same bytes.</summary>
sealed record PeerSize(string Name, long Bytes, double Seconds);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FoldSummary))]
[JsonSerializable(typeof(List<DocumentRow>))]
sealed partial class FoldJson : JsonSerializerContext;

/// <summary>A document as <c>dum unfold --list --json</c> shows it.</summary>
sealed record DocumentRow(string Name, string Kind, DateTimeOffset Modified, long Bytes, long Hyperwords, long Scenes, long Episodes, int Blocks, string Sha256);
