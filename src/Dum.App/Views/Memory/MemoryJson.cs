using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dum.Mind.Import;
using Dum.Mind.Recall;

namespace Dum.App.Views.Memory;

/// <summary>The same things for programs.</summary>
static class MemoryJson
{
    static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(ImportReport report) => JsonSerializer.Serialize(report, s_options);

    public static string Of(Recollection found) => JsonSerializer.Serialize(found, s_options);

    public static string Of(Overview look) => JsonSerializer.Serialize(look, s_options);

    public static string Of(Expanded found) => JsonSerializer.Serialize(new { found.Title, found.Format, found.Source, found.Gist, found.Turns, found.Sha256, found.ForgottenTurns, found.ForgottenBytes }, s_options);

    public static string Conversation(ConversationRow row, Expanded whole) =>
        JsonSerializer.Serialize(new { row.Id, row.Title, row.Format, row.Began, whole.Source, whole.Sha256, whole.Turns }, s_options) + "\n";
}
