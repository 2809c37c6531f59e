using System.Text.Json.Serialization;

namespace Dum.Lexicon;

/// <summary>How a lexicon was made; kept in its file for people to read.</summary>
/// <param name="Rule">The rules it was trained with, in words.</param>
/// <param name="TrainedBytes">Bytes of text it was trained on.</param>
/// <param name="Sources">Names of the texts.</param>
public sealed record LexiconFacts(string Rule, long TrainedBytes, IReadOnlyList<string> Sources);

[JsonSerializable(typeof(LexiconFacts))]
sealed partial class LexiconJson : JsonSerializerContext;
