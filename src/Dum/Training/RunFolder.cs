using Dum.Files;

namespace Dum.Training;

/// <summary>The folder of a run: held by one training at a time, and taken up again only by the run that it belongs to.</summary>
public sealed class RunFolder : IDisposable
{
    readonly string _path;
    readonly FileLock _lock;

    /// <summary>Whether a folder holds the state of a run, finished or not.</summary>
    public static bool IsRun(string path) => File.Exists(Path.Combine(path, TrainingState.FileName));

    /// <summary>Makes the folder where it is missing, and takes it.</summary>
    /// <param name="path">Of the folder.</param>
    /// <exception cref="DumException">It cannot be made or written, or another training holds it.</exception>
    internal RunFolder(string path)
    {
        _path = path;
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot make the folder {path}: {FileFault.Reason(e)}", $"не создать папку {path}: {FileFault.Reason(e)}"), e);
        }
        // Two runs in one folder would write over each other.
        _lock = FileLock.Try(Path.Combine(path, ".training"), wait: false) ?? throw new DumException(Tongue.Say(
            $"{path} is in use by another training, or cannot be written", $"{path} занята другим обучением, или в неё нельзя писать"));
    }

    /// <summary>What the folder says of the run that it belongs to; null where a new one begins.</summary>
    /// <param name="facts">Of this run.</param>
    /// <param name="task">What is trained.</param>
    /// <exception cref="DumException">It belongs to another run, or holds a result without a state.</exception>
    internal TrainingFacts? Saved(TrainingFacts facts, TrainingTask task)
    {
        if (!facts.Options.Resume)
            return null;
        if (TrainingState.ReadFacts(_path) is not { } saved)
            return !File.Exists(Path.Combine(_path, task.ResultName)) ? null : throw new DumException(Tongue.Say(
                $"{_path} holds {task.ResultName} and nothing to go on from: give another folder with -o, or --restart to replace it",
                $"в {_path} есть {task.ResultName}, но продолжать не с чего: укажите другую папку через -o или --restart, чтобы заменить"));
        return saved.Lexicon == facts.Lexicon && saved.Text == facts.Text && Deciding(saved.Options, task) == Deciding(facts.Options, task) && (facts.Options.Steps == 0 || facts.Options.Steps == saved.Options.Steps)
            ? saved
            : throw new DumException(Tongue.Say(
                $"{_path} holds another run (other text, lexicon, base or options): give another folder with -o, or --restart to begin again",
                $"в {_path} другое обучение (другой текст, лексикон, модель или параметры): укажите другую папку через -o или --restart, чтобы начать заново"));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>What of the options decides the bits.</summary>
    static TrainingOptions Deciding(TrainingOptions o, TrainingTask task) => o with
    {
        Threads = 0,
        CheckpointSeconds = 0,
        Resume = true,
        Minutes = 1,
        Steps = 1,
        Rate = o.Rate > 0 ? o.Rate : task.Defaults.Rate,
        BatchTokens = o.BatchTokens > 0 ? o.BatchTokens : task.Defaults.BatchTokens,
        Context = o.Context > 0 ? o.Context : task.Defaults.Context,
    };
}
