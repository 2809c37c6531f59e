using System.Diagnostics;
using Dum.Tests.Folding.Deep;
using Xunit;

namespace Dum.Tests.App;

/// <summary><c>dum fold --model</c> and <c>dum unfold</c> as a person uses them.</summary>
public class DeepFoldCommandTests
{
    [Fact]
    public void Folds_and_unfolds_with_a_model()
    {
        using var folder = new ScratchFolder();
        byte[] text = TinyModel.Text(7000, 200);
        File.WriteAllBytes(folder["a.txt"], text);
        DumProcess.Result folded = Dum(folder, "fold", "a.txt", "--model", TinyModel.Folder);
        Assert.Equal(0, folded.Code);
        Assert.Contains("the model 'tiny1' alone", folded.Text, StringComparison.Ordinal);
        Assert.Equal(text, Dum(folder, "unfold", "a.txt.dum", "--model", TinyModel.Folder, "-o", "-").Output);
        Assert.Contains("model tiny1", Dum(folder, "unfold", "a.txt.dum", "--list").Text, StringComparison.Ordinal);
        Assert.Equal(0, Dum(folder, "unfold", "a.txt.dum", "--check", "--model", TinyModel.Folder).Code);

        // Without the model, with another one, and what does not go together: one line each, and nothing new in the folder.
        foreach (string[] wrong in (string[][])[
            ["unfold", "a.txt.dum", "-o", "x"],
            ["unfold", "a.txt.dum", "-o", "x", "--model", TinyModel.Other],
            ["unfold", "a.txt.dum", "-o", "x", "--model", "nothing"],
            ["fold", "a.txt", "-o", "b.dum", "--model", "a.txt"],
            ["fold", "a.txt", "-o", "b.dum", "--model", TinyModel.Folder, "--lexicon", Path.Combine(AppContext.BaseDirectory, "models", "default.dumlex")],
            ["fold", "a.txt", "-o", "a.txt.dum", "--append", "--model", TinyModel.Other]])
        {
            DumProcess.Result result = Dum(folder, wrong);
            Assert.InRange(result.Code, 2, 3);
            Assert.Single(result.Error.Trim().Split('\n'));
            Assert.Equal(["a.txt", "a.txt.dum"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        }
    }

    [Fact]
    public void A_text_that_the_model_never_saw_folds_exactly_and_is_named()
    {
        using var folder = new ScratchFolder();
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"Ξένη γλώσσα {i * 7919 % 1000}; ")));
        File.WriteAllBytes(folder["a.txt"], text);
        DumProcess.Result folded = Dum(folder, "fold", "a.txt", "--model", TinyModel.Folder);
        Assert.Contains("does not know this kind of text", folded.Text, StringComparison.Ordinal);
        Assert.Equal(text, Dum(folder, "unfold", "a.txt.dum", "--model", TinyModel.Folder, "-o", "-").Output);
    }

    [Fact]
    public void Interrupted_it_leaves_nothing_half_written()
    {
        if (OperatingSystem.IsWindows())
            return; // there is no such signal
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["a.txt"], TinyModel.Text(0, 60_000));
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), "fold", "a.txt", "--model", TinyModel.Folder]) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true })!;
        while (!process.HasExited && Directory.EnumerateFiles(folder.Path, ".dum-*").FirstOrDefault() is null)
            Thread.Sleep(20);
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Equal(["a.txt"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    static DumProcess.Result Dum(ScratchFolder folder, params string[] arguments) => DumProcess.Run(folder.Path, arguments);
}
