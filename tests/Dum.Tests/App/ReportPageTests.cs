using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dum.App.Views;
using Dum.App.Views.Report;
using Dum.Folding;
using Dum.Lexicon;
using Dum.Tests.Folding;
using Xunit;

namespace Dum.Tests.App;

public partial class ReportPageTests
{
    const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u202Eevil\u2066 \0 <!-- ]]> &amp; \"'\u2028";

    static readonly LexiconFile s_lexicon = TestLexicon.Small;

    [Fact]
    public void The_shown_data_give_the_text_back()
    {
        byte[] text = Encoding.UTF8.GetBytes("Он сказал, что придёт. She came, and the house was still.\r\n\r\n日本\t\ud83d\ude00\n");
        Assert.Equal(text, ShownBytes(Page(("a.txt", text)), 0));
    }

    [Fact]
    public void A_character_cut_between_hyperwords_reaches_the_page_whole()
    {
        // The lexicon knows none of these characters: each byte is a hyperword of its own.
        byte[] text = "ᚠᚢᚦ"u8.ToArray();
        string page = Page(("a.txt", text));
        Assert.Equal(text, ShownBytes(page, 0));
        Assert.Equal(9, Data(page).GetProperty("documents")[0].GetProperty("units").GetArrayLength());
        Assert.DoesNotContain("\uFFFD", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Binary_bytes_reach_the_page()
    {
        byte[] bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 151 >> 3))];
        string page = Page(("a.bin", bytes));
        Assert.Equal(bytes, ShownBytes(page, 0));
        Assert.DoesNotContain("\uFFFD", page, StringComparison.Ordinal);
        RequireWellFormed(page);
    }

    [Fact]
    public void An_empty_document_has_a_page()
    {
        string page = Page(("empty.txt", []));
        RequireWellFormed(page);
        Assert.Contains("The document is empty.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", Markup(page), StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_and_names_are_inert()
    {
        string text = string.Concat(Enumerable.Repeat(Hostile + "\n", 40));
        string page = Page(("</title><script>alert(3)</script>\u202Etxt.exe", Encoding.UTF8.GetBytes(text)));
        RequireWellFormed(page);
        // The data and the page's own script; nothing that a text brought along.
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Encoding.UTF8.GetBytes(text), ShownBytes(page, 0));
        foreach (char c in "\0\u202E\u2066\u2028")
            Assert.DoesNotContain(c, page);
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        string markup = Markup(Page(("a.txt", "see http://example.org/x and https://example.org\n"u8.ToArray())));
        Assert.DoesNotMatch("(src|href|srcset|poster|action|data)\\s*=\\s*[\"']?[a-z]*:?//", markup);
        Assert.DoesNotContain("<link", markup, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", markup, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", markup, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_languages_are_in_the_page_sentence_for_sentence()
    {
        string page = Page(("a.txt", "Раз, два, три. One, two, three.\n"u8.ToArray()));
        Assert.Contains("hyperwords", page, StringComparison.Ordinal);
        Assert.Contains("гиперслов", page, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(page, "class=\"[a-z ]*\\ben\""), Regex.Count(page, "class=\"[a-z ]*\\bru\""));
    }

    [Fact]
    public void Peers_and_tokenizers_stand_beside_the_fold()
    {
        string page = Page([("a.txt", "text, and text again.\n"u8.ToArray())], s => s with
        {
            Tokens = [new TokenCount("o200k<b>", 200_000, 1234)],
            Peers = [new PeerSize("xz -9e", 5678, 0.1)],
        });
        Assert.Contains("o200k&lt;b&gt; tokens", page, StringComparison.Ordinal);
        Assert.Contains("1\u202f234", page, StringComparison.Ordinal);
        Assert.Contains("5\u202f678", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_shown_at_its_head_and_counted_whole()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("раз, два, три — не считая слов.\n", 10_000)));
        string page = Page([.. Enumerable.Range(0, ShownText.MostDocuments + 2).Select(i => ($"{i}.txt", text))]);
        RequireWellFormed(page);
        Assert.InRange(page.Length, 10_000, 5_000_000);
        byte[] shown = ShownBytes(page, 0);
        Assert.InRange(shown.Length, 10_000, ShownText.MostBytes + 10_000);
        Assert.Equal(text[..shown.Length], shown);
        Assert.Equal(ShownText.MostDocuments, Data(page).GetProperty("documents").GetArrayLength());
        Assert.Contains($"the first {ShownText.MostDocuments} of {ShownText.MostDocuments + 2} documents", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.dum")]
    [InlineData("in.txt")]
    [InlineData("letters.txt")]
    [InlineData("no/such/folder/r.html")]
    [InlineData(".")]
    public void A_path_where_a_report_would_do_harm_is_refused(string report)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string At(string name) => Path.Combine(folder, name);
        File.WriteAllText(At("in.txt"), "text");
        File.WriteAllText(At("letters.txt"), "not a report");
        var e = Assert.Throws<DumException>(() => Dum.App.OutputPath.Page(At(report), [At("out.dum"), At("in.txt")]));
        Assert.Equal(2, e.ExitCode);
        Assert.Equal(At("r.html"), Dum.App.OutputPath.Page(At("r.html"), [At("out.dum"), At("in.txt")]));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("dum fold a.txt --report r.html", "fold", "a.txt", "--report", "r.html")]
    [InlineData("dum fold 'my file.txt' ''", "fold", "my file.txt", "")]
    public void The_command_can_be_typed_again(string expected, params string[] arguments) =>
        Assert.Equal(expected, CommandLine.Of(arguments));

    static string Page(params (string Name, byte[] Bytes)[] documents) => Page(documents, s => s);

    static string Page((string Name, byte[] Bytes)[] documents, Func<FoldSummary, FoldSummary> change)
    {
        var options = new FoldOptions { Threads = 1 };
        var facts = new ReportFacts(s_lexicon, options);
        foreach ((string name, byte[] bytes) in documents)
            facts.Add(name, new MemoryStream(bytes));
        facts.Finish();
        List<FoldedDocument> folded = [.. facts.Documents.Select(d => new FoldedDocument
        {
            Name = d.Name,
            Bytes = d.Bytes,
            Hyperwords = facts.HyperwordBytes.Count,
            Scenes = facts.SceneBytes.Count,
            Episodes = facts.EpisodeScenes.Count,
            Sha256 = d.Sha256,
        })];
        FoldSummary summary = FoldSummary.Of("out.dum", folded, 99, false, 0.5, options, s_lexicon);
        using var to = new StringWriter();
        ReportPage.Write(to, change(summary), facts, "dum fold a.txt");
        return to.ToString();
    }

    static JsonElement Data(string page)
    {
        Match match = DataElement().Match(page);
        return JsonDocument.Parse(match.Groups[1].Value).RootElement;
    }

    // What the script does: the text is the bytes of its units, one after another.
    static byte[] ShownBytes(string page, int document)
    {
        JsonElement data = Data(page);
        byte[] all = data.GetProperty("bytes").GetBytesFromBase64();
        int[] lengths = [.. data.GetProperty("lengths").EnumerateArray().Select(e => e.GetInt32())];
        var starts = new int[lengths.Length + 1];
        for (int i = 0; i < lengths.Length; i++)
            starts[i + 1] = starts[i] + lengths[i];
        JsonElement shown = data.GetProperty("documents")[document];
        int units = shown.GetProperty("units").GetArrayLength();
        Assert.Equal(units, shown.GetProperty("scenes").EnumerateArray().Sum(e => e.GetInt32()));
        Assert.Equal(shown.GetProperty("scenes").GetArrayLength(), shown.GetProperty("episodes").EnumerateArray().Sum(e => e.GetInt32()));
        return [.. shown.GetProperty("units").EnumerateArray().SelectMany(e => all[starts[e.GetInt32()]..starts[e.GetInt32() + 1]])];
    }

    // Every element that is opened is closed in order, every attribute is quoted, and no bare < is left.
    static void RequireWellFormed(string page)
    {
        string[] alone = ["meta", "input"];
        string markup = Markup(page);
        var open = new Stack<string>();
        Assert.DoesNotContain('<', Tag().Replace(markup.Replace("<!doctype html>", "", StringComparison.Ordinal), ""));
        foreach (Match tag in Tag().Matches(markup))
        {
            string name = tag.Groups[2].Value;
            if (tag.Groups[1].Length > 0)
                Assert.Equal(open.Pop(), name);
            else if (tag.Groups[3].Length == 0 && !alone.Contains(name))
                open.Push(name);
        }
        Assert.Empty(open);
        Assert.NotEmpty(WebUtility.HtmlDecode(markup));
    }

    static string Markup(string page) => RawElement().Replace(page, "<$1></$1>");

    [GeneratedRegex("<(/?)([a-z0-9]+)(?:\\s+[a-zA-Z-]+(?:=\"[^\"<]*\")?)*\\s*(/?)>")]
    private static partial Regex Tag();

    [GeneratedRegex("<(script|style)[^>]*>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex RawElement();

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataElement();
}
