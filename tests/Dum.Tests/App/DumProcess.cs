using System.Diagnostics;

namespace Dum.Tests.App;

/// <summary>Runs the built command as a person does: a process with arguments, standard streams and an exit code.</summary>
static class DumProcess
{
    public sealed record Result(int Code, byte[] Output, string Error)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Output);
    }

    public static Result Run(string folder, string[] arguments, byte[]? input = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dum.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DUM_LANG"] = "en";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task write = Task.Run(() =>
        {
            try
            {
                using Stream to = process.StandardInput.BaseStream;
                to.Write(input ?? []);
            }
            catch (IOException)
            {
                // A command that refuses its arguments ends without reading; what it said is looked at all the same.
            }
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        write.Wait();
        return new Result(process.ExitCode, output.ToArray(), error.Result);
    }
}

/// <summary>A folder that is gone after the test.</summary>
sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dum-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
