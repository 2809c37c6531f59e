using System.Text;
using System.Text.Json;
using Dum.Mind.Repair;
using Xunit;

namespace Dum.Mind.Tests;

public class MojibakeTests
{
    const string Text = "Привет — «как дела»? I don’t know… ✅ ok, naïve café → done. Ещё раз: да.";

    [Theory]
    [InlineData(10000)]
    [InlineData(437)]
    [InlineData(850)]
    [InlineData(1251)]
    [InlineData(866)]
    [InlineData(1252)]
    [InlineData(20866)]
    public void A_text_read_wrongly_comes_back_and_the_undo_is_exact(int codePage)
    {
        Encoding wrong = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        string spoiled = wrong.GetString(Encoding.UTF8.GetBytes(Text));
        RepairedText repaired = Mojibake.Repair(spoiled);
        Assert.Equal(Text, repaired.Text);
        Assert.Equal(spoiled, repaired.Undo());
        RepairedText twice = Mojibake.Repair(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(Encoding.UTF8.GetBytes(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(Encoding.UTF8.GetBytes(Text)))));
        Assert.Equal(Text, twice.Text);
    }

    [Theory]
    [InlineData("Работа рабочего района, который рад: «раб», 'вольница' — АБВ.")]
    [InlineData("2√π и ∆° … «¬» are meant; Ünïcödé, façade, ÄÖÜ äöü ß")]
    [InlineData("Ca 100 °C, 5 £, ½ × ¼ ± 3 µm; été à Nîmes; Αθήνα — Ωμέγα")]
    [InlineData("日本語のテキスト、 한국어 ✓ ❤️ 👍")]
    [InlineData("┌──┐ │░▒│ ╨╤ └──┘")]
    [InlineData("С… Р» — РСФСР и СССР")]
    public void Good_text_is_left_alone(string text) => Assert.Equal(text, Mojibake.Repair(text).Text);

    [DataFact]
    public void The_fixtures_are_repaired_in_the_company_of_one_another()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(DataFactAttribute.Path("fixtures", "mojibake_cases.json")!));
        foreach (string codec in (string[])["macroman", "cp437", "cp850", "cp1252_sloppy", "latin1", "macroman_apple_logo_dropped"])
        {
            string[] bad = [.. cases.RootElement.EnumerateArray().Select(c => c.GetProperty(codec).GetString()!)], good = [.. cases.RootElement.EnumerateArray().Select(c => c.GetProperty("good").GetString()!)];
            int right = bad.Where((b, i) => Mojibake.Repair(b, bad).Text == good[i]).Count();
            Assert.True(right >= 0.97 * bad.Length, $"{codec}: {right} of {bad.Length}");
            Assert.All(good, g => Assert.Equal(g, Mojibake.Repair(g).Text));
        }
    }
}

/// <summary>A test that needs the shared data folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute() => Skip = Path("fixtures", "mojibake_cases.json") is null ? "../shared/data is not here" : null;

    /// <summary>A file of the repository.</summary>
    public static string Beside(params string[] parts)
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "40kDUM.slnx")))
            folder = folder.Parent!;
        return System.IO.Path.Combine([folder.FullName, .. parts]);
    }

    public static string? Path(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.Path.Combine([folder.FullName, "shared", "data", .. parts]) is var path && File.Exists(path))
                return path;
        return null;
    }
}
