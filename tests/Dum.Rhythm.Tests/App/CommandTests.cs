using System.Globalization;
using System.Text;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.App;

/// <summary><c>dum rhythm</c> as a person runs it.</summary>
public class CommandTests
{
    static string Sine(int count, string header = "value") => header + "\n" + string.Join('\n', Enumerable.Range(0, count).Select(t => Math.Sin(0.3 * t).ToString(CultureInfo.InvariantCulture))) + "\n";

    static DumProcess.Result Run(ScratchFolder folder, string input, params string[] arguments) => DumProcess.Run(folder.Path, ["rhythm", .. arguments], Encoding.UTF8.GetBytes(input));

    [Fact]
    public void One_line_in_one_line_out()
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = Run(folder, Sine(400), "forecast", "--horizon", "5");
        string[] lines = result.Text.TrimEnd().Split('\n');

        Assert.Equal(0, result.Code);
        Assert.Equal("value,value.low,value.high", lines[0]);
        Assert.Equal(401, lines.Length);
        Assert.Equal(Math.Sin(0.3 * 404), double.Parse(lines[^1].Split(',')[0], CultureInfo.InvariantCulture), 0.03);
        Assert.Contains("of that of 'nothing changes'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Processors_with_and_without_vectors_say_the_same()
    {
        using var folder = new ScratchFolder();
        string[] arguments = ["rhythm", "forecast"];
        byte[] input = Encoding.UTF8.GetBytes(Sine(200));
        DumProcess.Result wide = DumProcess.Run(folder.Path, arguments, input), none = DumProcess.Run(folder.Path, arguments, input, ("DOTNET_EnableHWIntrinsic", "0"));

        Assert.Equal(wide.Text, none.Text);
    }

    [Fact]
    public void State_goes_on_where_it_stopped()
    {
        using var folder = new ScratchFolder();
        string[] all = Sine(300).TrimEnd().Split('\n');
        string whole = Run(folder, string.Join('\n', all), "forecast").Text;
        string first = Run(folder, string.Join('\n', all[..151]), "forecast", "--state", "s").Text;
        string second = Run(folder, "value\n" + string.Join('\n', all[151..]), "forecast", "--state", "s").Text;

        Assert.Equal(whole, first + second[(second.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(2, Run(folder, Sine(3), "forecast", "--state", "s", "--horizon", "9").Code);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("a,b\nx,y\n", 2)]
    [InlineData("a\n1\n2\n", 0)]
    [InlineData("1\n\n2\n,\nNaN\n1e400\nrubbish\n3\n", 0)]
    public void Bad_input_gets_one_line_and_never_nan(string input, int code)
    {
        using var folder = new ScratchFolder();
        foreach (string verb in (string[])["forecast", "anomaly"])
        {
            DumProcess.Result result = Run(folder, input, verb);
            Assert.Equal(code, result.Code);
            Assert.DoesNotContain("NaN", result.Text, StringComparison.Ordinal);
            Assert.Single(result.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void Columns_are_named_numbered_or_refused()
    {
        using var folder = new ScratchFolder();
        string input = "time;load;note;heat\n" + string.Join('\n', Enumerable.Range(0, 30).Select(t => $"2026-01-01 00:{t:00}:00;{t % 5};n;{t % 3}"));
        Assert.StartsWith("load,load.low,load.high,heat,", Run(folder, input, "forecast", "--time", "time").Text, StringComparison.Ordinal);
        Assert.StartsWith("heat,heat.low", Run(folder, input, "forecast", "--columns", "4").Text, StringComparison.Ordinal);
        DumProcess.Result wrong = Run(folder, input, "forecast", "--columns", "wind");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("it has time, load, note, heat", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Commas_before_decimals_and_quoted_cells_are_read()
    {
        using var folder = new ScratchFolder();
        Assert.StartsWith("a,a.low,a.high,b,b.low,b.high\n1.5,,,2,,\n1.75,,,-3000,,\n", Run(folder, "a;b\n1,5;2\n1,75;-3e3\n", "forecast").Text, StringComparison.Ordinal);
        DumProcess.Result quoted = Run(folder, "\"load; of \"\"x, y\"\"\",heat\n\"1\",2\n3,\"4\"\n", "forecast", "--columns", "1");
        Assert.StartsWith("\"load; of \"\"x, y\"\"\",", quoted.Text, StringComparison.Ordinal);
        Assert.Contains("\n1,,\n3,,\n", quoted.Text, StringComparison.Ordinal);
        Assert.StartsWith("2 records;", quoted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_stream_ends_when_nobody_reads_on()
    {
        // Pipes of Windows break otherwise, and the command leaves that to the console's stream there.
        if (OperatingSystem.IsWindows())
            return;
        foreach (string verb in (string[])["forecast", "anomaly"])
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), "rhythm", verb])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.WriteLine("1");
            process.StandardInput.Flush();
            Assert.NotNull(process.StandardOutput.ReadLine());
            process.StandardOutput.Close();
            // More than any pipe holds: writing it fails only when the command has ended.
            byte[] more = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1\n", 20_000)));
            Assert.Throws<IOException>(() =>
            {
                for (int i = 0; i < 100; i++)
                    process.StandardInput.BaseStream.Write(more);
            });
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public void A_state_that_could_not_be_saved_is_refused_before_any_work()
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = Run(folder, Sine(20), "forecast", "--state", "no/such/state");
        Assert.Equal(2, result.Code);
        Assert.Equal("", result.Text);
    }

    [Fact]
    public void A_line_that_never_ends_is_left_out()
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = Run(folder, "1\n" + new string('7', 5_000_000) + "\n2\n", "forecast");
        Assert.Equal(0, result.Code);
        Assert.Contains("1 lines left out", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strange_record_is_shown_with_its_reason()
    {
        using var folder = new ScratchFolder();
        string[] lines = Sine(600).TrimEnd().Split('\n');
        lines[500] = "9";
        DumProcess.Result result = Run(folder, string.Join('\n', lines), "anomaly", "--above", "0.5");
        Assert.Contains(result.Text.Split('\n'), l => l.StartsWith("500,0.9", StringComparison.Ordinal) && l.Contains(",value", StringComparison.Ordinal));
    }

    [Fact]
    public void Rhythms_are_taught_recalled_and_forgotten()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["beats"], "clave: x..x..x...x.x...\nwaltz: x..x..x..x..\nwave, 0, 1, 2, 3, 2, 1, 0, -1, -2, -3, -2, -1\n");
        DumProcess.Result taught = Run(folder, "x..x..x...??x...\n0, 1, ?, 3, 2, 1, 0\n", "recall", "--teach", "beats", "--memory", "m");
        string[] said = taught.Text.TrimEnd().Split('\n');

        Assert.Equal(0, taught.Code);
        Assert.StartsWith("clave,", said[1], StringComparison.Ordinal);
        Assert.StartsWith("wave,", said[2], StringComparison.Ordinal);
        Assert.Contains("waltz", Run(folder, "", "recall", "--memory", "m", "--list").Text, StringComparison.Ordinal);
        Assert.Equal(0, Run(folder, "", "recall", "--memory", "m", "--forget", "waltz").Code);
        Assert.DoesNotContain("waltz", Run(folder, "", "recall", "--memory", "m", "--list").Text, StringComparison.Ordinal);
        Assert.Equal(2, Run(folder, "what is this", "recall", "--memory", "m").Code);
    }

    [Fact]
    public void Sequences_are_named_from_a_file()
    {
        using var folder = new ScratchFolder();
        string Lines(int from) => string.Join('\n', Enumerable.Range(from, 20).Select(i => (i % 2 == 0 ? "up," : "down,") + string.Join(',', Enumerable.Range(0, 15).Select(t => (i % 2 == 0 ? t : -t) + (i % 7)))));
        File.WriteAllText(folder["train"], Lines(0));
        File.WriteAllText(folder["test"], Lines(20));
        DumProcess.Result result = Run(folder, "", "classify", "test", "--train", "train");

        Assert.Equal(0, result.Code);
        Assert.Contains("of 20 whose label was given 0 wrongly", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, Run(folder, "", "classify", "none", "--train", "train").Code);
    }

    [Fact]
    public void An_answer_explains_itself_place_by_place()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["beats"], "clave: x..x..x...x.x...\nwaltz: x..x..x..x..x..x\n");
        string[] said = Run(folder, "x..x..x..xx.x...\n", "recall", "--teach", "beats", "--explain", "--report", "r.html").Text.TrimEnd().Split('\n');

        Assert.StartsWith("clave,", said[1], StringComparison.Ordinal);
        string places = said[2]["# places   ".Length..];
        Assert.Equal(16, places.Length);
        // One stroke is wrong; every other place agrees better than it.
        Assert.Equal(9, places.IndexOf(places.Min()));
        Assert.Equal(1, places.Count(c => c == places.Min()));
        Assert.StartsWith("# beside   waltz 0.", said[3], StringComparison.Ordinal);
        Assert.Contains("\"name\":\"waltz\"", File.ReadAllText(folder["r.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_hold_their_data_and_load_nothing()
    {
        using var folder = new ScratchFolder();
        string[] lines = Sine(3000).TrimEnd().Split('\n');
        lines[2500] = "<b>7</b>";
        lines[2600] = "9";
        string input = string.Join('\n', lines);
        foreach (string verb in (string[])["anomaly", "forecast"])
        {
            Assert.Equal(0, Run(folder, input, verb, "--report", verb + ".html").Code);
            string page = File.ReadAllText(folder[verb + ".html"]);
            Assert.Contains("\"spectrum\":[[", page, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
            Assert.Contains("What resonates", page, StringComparison.Ordinal);
            Assert.Contains("Что резонирует", page, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
            Assert.Equal(2, Run(folder, input, verb, "--report", "no/such/folder.html").Code);
        }
        string anomalies = File.ReadAllText(folder["anomaly.html"]);
        Assert.Contains("<td class=\"n\">2\u202f600</td>", anomalies, StringComparison.Ordinal);
        // Stretches are merged when there are too many, so that the page stays small.
        Assert.Contains("\"per\":4", anomalies, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_bad_input_everywhere()
    {
        using var folder = new ScratchFolder();
        foreach (string[] arguments in (string[][])[["forecast", "none"], ["anomaly", "none"], ["bytes", "none"], ["recall", "none", "--teach", "none"], ["classify", "none", "--train", "none"]])
            Assert.Equal(2, Run(folder, "", arguments).Code);
    }

    [Fact]
    public void The_doors_of_fold_and_unfold_know_the_byte_predictor()
    {
        using var folder = new ScratchFolder();
        byte[] text = Encoding.UTF8.GetBytes(Sine(400));
        File.WriteAllBytes(folder["a.txt"], text);
        DumProcess.Result Dum(params string[] arguments) => DumProcess.Run(folder.Path, arguments);

        Assert.Equal(0, Dum("fold", "a.txt", "--rhythm").Code);
        Assert.Contains($"{text.Length} bytes  a.txt", Dum("unfold", "a.txt.dumbyte", "--list").Text, StringComparison.Ordinal);
        Assert.Equal(0, Dum("unfold", "a.txt.dumbyte", "--check").Code);
        Assert.Equal(text, Dum("unfold", "a.txt.dumbyte", "-o", "-").Output);
        Assert.Equal(text, DumProcess.Run(folder.Path, ["unfold", "-"], File.ReadAllBytes(folder["a.txt.dumbyte"])).Output);
        Assert.Equal(0, Dum("unfold", "a.txt.dumbyte", "-o", "there").Code);
        Assert.Equal(text, File.ReadAllBytes(folder["there/a.txt"]));
        // Nothing is replaced unasked, and what belongs to scenes is refused.
        Assert.Equal(2, Dum("unfold", "a.txt.dumbyte").Code);
        Assert.Equal(2, Dum("fold", "a.txt", "--rhythm").Code);
        Assert.Equal(2, Dum("fold", "a.txt", "--rhythm", "--append", "--force").Code);
        Assert.Equal(2, Dum("unfold", "a.txt.dumbyte", "--scene", "0").Code);
        byte[] torn = File.ReadAllBytes(folder["a.txt.dumbyte"]);
        torn[torn.Length / 2] ^= 1;
        File.WriteAllBytes(folder["torn.dumbyte"], torn);
        Assert.Equal(2, Dum("unfold", "torn.dumbyte").Code);
        Assert.False(File.Exists(folder["torn"]));
    }

    [Theory]
    [InlineData("a,b\n1,inf\n", "a,a.low,a.high,b,b.low,b.high", "gaps")]
    [InlineData("a,b\n1,n/a\n", "a,a.low,a.high,b,b.low,b.high", "gaps")]
    [InlineData("# sensor 5\na;b\n1,5;2,5\n", "a,a.low,a.high,b,b.low,b.high", "records")]
    [InlineData("a,b\n1,word\n", "a,a.low,a.high", "left out: b")]
    public void Gaps_and_remarks_at_the_start_change_no_columns_in_silence(string start, string header, string told)
    {
        using var folder = new ScratchFolder();
        string separator = start.Contains(';', StringComparison.Ordinal) ? ";" : ",";
        DumProcess.Result result = Run(folder, start + string.Concat(Enumerable.Range(0, 50).Select(t => $"{t % 5}{separator}{t % 3}\n")), "forecast");
        Assert.Equal(0, result.Code);
        Assert.Equal(header, result.Text.Split('\n')[0]);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cues_and_sequences_that_are_none_get_an_empty_answer_and_the_others_theirs()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["beats"], "rock: x...x...x.x.x...\nwaltz: x..x..x..x..x..x\n");
        DumProcess.Result recall = Run(folder, "x...x...x.x.????\nx..?..zz\n????\nx..x..x..x..????\n", "recall", "--teach", "beats");
        Assert.Equal(0, recall.Code);
        string[] answers = recall.Text.TrimEnd().Split('\n')[1..];
        Assert.Equal(["rock", "", "", "waltz"], answers.Select(a => a.Split(',')[0]));
        Assert.Contains("2 lines were no cues", recall.Error, StringComparison.Ordinal);

        string Wave(double step) => string.Join(',', Enumerable.Range(0, 60).Select(t => Math.Sin(step * t).ToString("0.000", CultureInfo.InvariantCulture)));
        File.WriteAllLines(folder["known"], Enumerable.Range(0, 8).SelectMany(i => new[] { "slow," + Wave(0.2 + (0.002 * i)), "fast," + Wave(0.9 + (0.002 * i)) }));
        DumProcess.Result named = Run(folder, $"?,{Wave(0.21)}\n?,1,rubbish,3\n?,{Wave(0.91)}\n", "classify", "-", "--train", "known");
        Assert.Equal(0, named.Code);
        Assert.Equal(["slow", "", "fast"], named.Text.TrimEnd().Split('\n')[1..].Select(a => a.Split(',')[0]));
        Assert.Contains("1 lines were no sequences", named.Error, StringComparison.Ordinal);
    }

    /// <summary>Each of several processes that teach one memory at once adds its rhythm, or says that it could not.</summary>
    [Fact]
    public async Task Nothing_taught_at_once_is_lost_in_silence()
    {
        using var folder = new ScratchFolder();
        string[] beats = ["x...x...x.x.x...", "x..x..x..x..x..x", "xx..xx..xx..xx..", "x.x.x.x.x.x.x.x."];
        for (int i = 0; i < beats.Length; i++)
            File.WriteAllText(folder[$"t{i}"], $"r{i}: {beats[i]}\n");
        DumProcess.Result[] taught = await Task.WhenAll(Enumerable.Range(0, beats.Length).Select(i => Task.Run(() => Run(folder, "", "recall", "--teach", $"t{i}", "--memory", "m", "--list"))));
        string[] kept = [.. Run(folder, "", "recall", "--memory", "m", "--list").Text.TrimEnd().Split('\n')[1..].Select(l => l.Split(',')[0]).Order(StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(0, beats.Length).Where(i => taught[i].Code == 0).Select(i => $"r{i}"), kept);
        Assert.All(taught.Where(t => t.Code != 0), t => Assert.Contains("in use by another dum", t.Error, StringComparison.Ordinal));
        Assert.Equal(3, Run(folder, "x", "recall", "--memory", "none").Code);
    }

    [Fact]
    public void A_detector_goes_on_tomorrow_with_the_scores_it_would_have_had()
    {
        using var folder = new ScratchFolder();
        string[] all = ["at,v,w", .. Enumerable.Range(0, 700).Select(t => string.Create(CultureInfo.InvariantCulture, $"2026-01-01 {t / 60 % 24:00}:{t % 60:00}:00,{Math.Sin(0.3 * t) + (t % 97 == 0 ? 3 : 0)},{t % 13}"))];
        string Scores(string text) => string.Join('\n', text.TrimEnd().Split('\n')[1..].Select(l => l[(l.IndexOf(',', StringComparison.Ordinal) + 1)..]));
        string whole = Scores(Run(folder, string.Join('\n', all), "anomaly", "--time", "at").Text);
        string first = Scores(Run(folder, string.Join('\n', all[..401]), "anomaly", "--time", "at", "--state", "s").Text);
        string second = Scores(Run(folder, string.Join('\n', (string[])[all[0], .. all[401..]]), "anomaly", "--time", "at", "--state", "s").Text);
        Assert.Equal(whole, first + "\n" + second);

        byte[] state = File.ReadAllBytes(folder["s"]);
        Assert.Equal(2, Run(folder, "a\n1\n", "anomaly", "--state", "s").Code);
        var random = new Random(4);
        for (int i = 0; i < 8; i++)
        {
            byte[] bad = [.. state];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder["s"], bad);
            Assert.Equal(2, Run(folder, string.Join('\n', all[..10]), "anomaly", "--time", "at", "--state", "s").Code);
        }
    }

    [Theory]
    [InlineData("1\r2\r3\r", "1\n2\n3\n")]
    [InlineData("1\r\n2\r\n3\r\n", "1\n2\n3\n")]
    [InlineData("\n\n# a remark\n\n1\n\n2\n3\n", "1\n2\n3\n")]
    [InlineData("NaN\n1\n2\n", "\n1\n2\n")]
    public void Ends_of_lines_blank_lines_and_gaps_at_the_start_are_what_they_are(string input, string values)
    {
        using var folder = new ScratchFolder();
        DumProcess.Result result = Run(folder, input, "forecast");
        Assert.Equal(0, result.Code);
        Assert.Equal(values, string.Concat(result.Text.TrimEnd('\n').Split('\n')[1..].Select(l => l.Split(',')[0] + "\n")));
    }

    [Fact]
    public void A_lock_takes_nobodys_file_and_follows_links()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["s.lock"], "mine");
        Assert.Equal(0, Run(folder, Sine(50), "forecast", "--state", "s").Code);
        Assert.Equal("mine", File.ReadAllText(folder["s.lock"]));
        Assert.Equal(["s", "s.lock"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.CreateSymbolicLink(folder["link"], folder["s"]);
        using (Dum.Files.FileLock.Of(folder["s"]))
            Assert.Contains("in use by another dum", Run(folder, Sine(50), "forecast", "--state", "link").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_behind_the_end_of_a_folded_file_is_told()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["a.txt"], "The rain fell.");
        Assert.Equal(0, DumProcess.Run(folder.Path, ["fold", "a.txt", "--rhythm"]).Code);
        File.AppendAllText(folder["a.txt.dumbyte"], "abc");
        Assert.Equal(2, DumProcess.Run(folder.Path, ["unfold", "a.txt.dumbyte", "-o", "out"]).Code);
    }
}
