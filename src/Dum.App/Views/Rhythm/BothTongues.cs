using Dum.App.Views.Report;

namespace Dum.App.Views.Rhythm;

/// <summary>A scripted page of rhythm in both languages at once, of which two buttons show one.</summary>
static class BothTongues
{
    /// <summary>The body of a page.</summary>
    /// <param name="main">HTML, its sentences in both languages by <see cref="Html.Say"/>.</param>
    public static string Body(string main) => $"""
        <input class="tongue" type="radio" name="tongue" id="en"{(Tongue.IsRussian ? "" : " checked")} aria-label="English"><input class="tongue" type="radio" name="tongue" id="ru"{(Tongue.IsRussian ? " checked" : "")} aria-label="Русский"><label for="en">English</label> <label for="ru">Русский</label>
        <main>
        {main}
        <footer><code>{Html.Text(CommandLine.Typed())}</code></footer>
        </main>
        """;
}
