using System.Globalization;
using System.Runtime.InteropServices;
using Dum.Models;
using Dum.Numerics.Kernels;

namespace Dum.Sigma.Doctor;

/// <summary>Runs a model as a script says, with a recorder at its kernels.</summary>
public static class RecordedRun
{
    /// <summary>Tokens that go through the model in one walk at most.</summary>
    const int Piece = 128;

    /// <summary>Runs and writes the recording.</summary>
    /// <param name="model">Open.</param>
    /// <param name="ids">Tokens of a text, at least <see cref="RunScript.Tokens"/>.</param>
    /// <param name="script">What to run.</param>
    /// <param name="to">Takes the recording.</param>
    /// <param name="values">Whether the numbers are kept beside their hashes, so that the element can be named.</param>
    /// <param name="fault">A fault to be put in on purpose; null for none.</param>
    /// <param name="progress">Is told the share done; may be null.</param>
    /// <param name="cancel">Checked between walks.</param>
    /// <returns>The tree of the run.</returns>
    /// <exception cref="DumException">The script does not fit the model, the text is too short, or the fault changed nothing.</exception>
    public static HashTree Write(LanguageModel model, ReadOnlySpan<int> ids, RunScript script, Stream to, bool values, Fault? fault = null, Action<double>? progress = null, CancellationToken cancel = default)
    {
        Check(model, ids, script);
        using var writer = new RecordingWriter(to, Settings(model, ids, script), values);
        (RunRecorder? recorder, FaultKernels? faulty) = Run(model, ids, script, writer, fault, progress, cancel);
        if (faulty is { First: null })
            throw new DumException(recorder!.Tree.Operations.ContainsKey(fault!.Operation)
                ? Tongue.Say($"the fault in {fault.Operation} changed no bit: its N may lie behind the end of the run, or it is no product", $"ошибка в {fault.Operation} не изменила ни бита: N может быть за концом прогона, или это не произведение")
                : Tongue.Say($"there is no operation '{fault.Operation}' to put a fault into: it may be one of {string.Join(", ", recorder.Tree.Operations.Keys.Take(6))} …", $"операции '{fault.Operation}' для ошибки нет: бывают, например, {string.Join(", ", recorder.Tree.Operations.Keys.Take(6))} …"));
        writer.Close(recorder!);
        return recorder!.Tree;
    }

    /// <summary>Runs and keeps the tree alone.</summary>
    /// <inheritdoc cref="Write"/>
    public static HashTree Hash(LanguageModel model, ReadOnlySpan<int> ids, RunScript script, Action<double>? progress = null, CancellationToken cancel = default)
    {
        Check(model, ids, script);
        return Run(model, ids, script, null, null, progress, cancel).Recorder!.Tree;
    }

    /// <summary>Runs with nothing at the kernels, for comparison of speed.</summary>
    internal static void Bare(LanguageModel model, ReadOnlySpan<int> ids, RunScript script)
    {
        Check(model, ids, script);
        using LanguageSession session = model.NewSession(script.Threads);
        Walk(session, ids, script, (_, _, _) => { }, null, default);
    }

    /// <summary>The run itself, with what was put in.</summary>
    internal static (RunRecorder? Recorder, FaultKernels? Fault) Run(LanguageModel model, ReadOnlySpan<int> ids, RunScript script, RecordingWriter? writer, Fault? fault, Action<double>? progress, CancellationToken cancel)
    {
        RunRecorder? recorder = null;
        FaultKernels? faulty = null;
        using LanguageSession session = model.NewSession(Observe, script.Threads);
        Walk(session, ids, script, (places, tokens, heads) => recorder!.Next(places, tokens, heads), progress, cancel);
        return (recorder, faulty);

        KernelTable Observe(KernelTable inner)
        {
            faulty = fault is { } wanted ? new FaultKernels(inner, model.Frozen, wanted) : null;
            return recorder = new RunRecorder(faulty ?? inner, model, writer);
        }
    }

    delegate void NextWalk(ReadOnlySpan<Place> places, ReadOnlySpan<int> tokens, bool heads);

    static void Walk(LanguageSession session, ReadOnlySpan<int> ids, RunScript script, NextWalk next, Action<double>? progress, CancellationToken cancel)
    {
        for (int first = 0, size = script.Ladder ? 1 : script.Batch; first < script.Sequences; first += size, size = Math.Min(script.Batch, size + 1))
        {
            int count = Math.Min(Math.Min(size, script.Batch), script.Sequences - first);
            var open = new int[count];
            for (int i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                open[i] = session.Open();
                ReadPrompt(session, open[i], first + i, Of(ids, script, first + i)[..script.PromptOf(first + i)], script.Warm, next);
            }
            var tokens = new int[count];
            var places = new Place[count];
            for (int step = 0; step < script.Steps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                for (int i = 0; i < count; i++)
                {
                    int at = script.PromptOf(first + i) + step;
                    (tokens[i], places[i]) = (Of(ids, script, first + i)[at], new Place(first + i, at));
                }
                next(places, tokens, true);
                session.Step(open, tokens);
            }
            foreach (int sequence in open)
                session.Close(sequence);
            progress?.Invoke((double)(first + count) / script.Sequences);
        }
    }

    static void ReadPrompt(LanguageSession session, int sequence, int number, ReadOnlySpan<int> prompt, bool warm, NextWalk next)
    {
        int kept = warm ? prompt.Length / 2 : 0;
        for (int at = 0; at < prompt.Length;)
        {
            int end = Math.Min(at < kept ? kept : prompt.Length, at + Piece);
            var places = new Place[end - at];
            for (int i = 0; i < places.Length; i++)
                places[i] = new Place(number, at + i);
            next(places, prompt[at..end], end == prompt.Length);
            session.Append(sequence, prompt[at..end]);
            at = end;
        }
    }

    static ReadOnlySpan<int> Of(ReadOnlySpan<int> ids, RunScript script, int sequence) => ids.Slice(sequence * (script.Prompt + script.Steps), script.Prompt + script.Steps);

    static void Check(LanguageModel model, ReadOnlySpan<int> ids, RunScript script)
    {
        script.Check(model.Context);
        if (ids.Length < script.Tokens)
            throw new DumException(Tongue.Say(
                $"the run takes {script.Tokens} tokens and the text has {ids.Length}: give a longer one, or fewer sequences or steps",
                $"прогону нужно токенов: {script.Tokens}, в тексте их {ids.Length}: дайте текст длиннее или меньше последовательностей и шагов"));
    }

    static List<KeyValuePair<string, string>> Settings(LanguageModel model, ReadOnlySpan<int> ids, RunScript script)
    {
        ulong text = 0;
        foreach (int id in ids[..(int)script.Tokens])
            text = RowHash.Mix(text ^ (uint)id);
        static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
        return
        [
            new("model", model.Id),
            new("weights", string.Join(" ", model.Matrices.Values.Select(m => m.Format).Distinct().Order())),
            new("text", text.ToString("x16", CultureInfo.InvariantCulture)),
            new("sequences", Text(script.Sequences)),
            new("prompt", Text(script.Prompt)),
            new("steps", Text(script.Steps)),
            new("ladder", script.Ladder ? "yes" : "no"),
            new("batch", Text(script.Batch)),
            new("cache", script.Warm ? "warm" : "cold"),
            new("threads", Text(script.Threads)),
            new("instructions", InstructionPath.Best.Name),
            new("processor", RuntimeInformation.ProcessArchitecture.ToString()),
            new("system", RuntimeInformation.OSDescription),
            new("runtime", RuntimeInformation.FrameworkDescription),
        ];
    }
}
