using System.Diagnostics;
using Dum.Lexicon;

namespace Dum.Bench;

/// <summary>How long a person waits for the first output of <c>dum fold</c> on a small file.</summary>
static class StartBench
{
    public const string Usage = "[--passes N] [--json] [--save]     (dum must be built: dotnet build -c Release)";

    const int TextBytes = 10_000;

    public static int Run(Arguments arguments)
    {
        string dum = Path.Combine(Report.Root, "artifacts", "bin", "Dum.App", "release", OperatingSystem.IsWindows() ? "dum.exe" : "dum");
        if (!File.Exists(dum))
            throw new DumException("dum is not built: dotnet build -c Release") { ExitCode = 3 };
        string folder = Directory.CreateTempSubdirectory("dum-bench-").FullName;
        try
        {
            var table = new Table("Start to first output of dum fold on 10 KB, seconds",
                ("text", ""), ("on the wall, median", "0.000"), ("fastest", "0.000"), ("CPU, median", "0.000"));
            foreach (string language in SampleText.Languages)
            {
                string text = Path.Combine(folder, language + ".txt");
                File.WriteAllBytes(text, SampleText.Make(LexiconFile.Default, language, TextBytes));
                var runs = new List<(double Wall, double Cpu)>();
                for (int i = 0; i < arguments.Number("--passes", 9); i++)
                    runs.Add(FirstOutput(dum, text));
                table.Add(language, Rounds.Median(runs.Select(r => r.Wall)), runs.Min(r => r.Wall), Rounds.Median(runs.Select(r => r.Cpu)));
            }
            var report = new Report(arguments);
            report.Add(table);
            report.Note("Fresh processes of the built dum, the files in the system's cache. On the wall: from starting the process to its first byte on standard output, with the text folded and verified by then. " +
                "CPU: all threads of the whole process, other compressors not found (empty PATH).");
            return report.Finish();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static (double Wall, double Cpu) FirstOutput(string dum, string text)
    {
        var start = new ProcessStartInfo(dum, ["fold", text, "-o", text + ".dum", "--force"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Its host must be found without the PATH, which is emptied so that no other compressor's time is counted.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        start.Environment["PATH"] = "";
        double before = Cpu.OfChildren;
        long clock = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        int first = process.StandardOutput.BaseStream.ReadByte();
        double wall = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return first >= 0 && process.ExitCode == 0 ? (wall, Cpu.OfChildren - before) : throw new DumException("dum failed: " + said.Trim());
    }
}
