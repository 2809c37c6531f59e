using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dum.Files;
using static Dum.Tongue;

namespace Dum.App.Views.Report;

/// <summary>The frame of a page that draws its data with a script: self-contained, nothing is loaded from anywhere, and no script but its own runs.</summary>
static class ScriptedPage
{
    /// <summary>Writes a page to a file, or nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Plain text.</param>
    /// <param name="name">The resources <c>name.css</c> and <c>name.js</c>.</param>
    /// <param name="body">HTML above the script.</param>
    /// <param name="data">Writes the members of the object that the script reads from the element <c>data</c>.</param>
    public static void Save(string path, string title, string name, string body, Action<Utf8JsonWriter> data) => SafeFile.Write(path, stream =>
    {
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        Write(to, title, name, body, data);
    });

    /// <inheritdoc cref="Save"/>
    public static void Write(TextWriter to, string title, string name, string body, Action<Utf8JsonWriter> data)
    {
        string script = Resource(name + ".js"), hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        to.Write($"""
            <!doctype html>
            <html lang="{Say("en", "ru")}">
            <head>
            <meta charset="utf-8">
            <meta name="generator" content="40kDUM">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Plain(title)} · 40kDUM</title>
            <style>
            {Resource(name + ".css")}</style>
            </head>
            <body>
            {body}
            <script type="application/json" id="data">
            """);
        using var stream = new MemoryStream();
        // The strict encoder: a text can neither close the element nor turn the direction of writing.
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            data(json);
            json.WriteEndObject();
        }
        to.Write(Encoding.UTF8.GetString(stream.ToArray()));
        to.Write($"</script>\n<script>{script}</script>\n</body>\n</html>\n");
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ScriptedPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
