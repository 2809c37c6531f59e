using Dum.Models;
using Dum.Numerics;

namespace Dum.Sigma.Doctor;

/// <summary>One injected fault and what the doctor said about it.</summary>
/// <param name="Fault">What was put in.</param>
/// <param name="Named">Whether operation, sequence, position, element and, for batch faults, the boundary were named exactly.</param>
/// <param name="Found">What was said; null where nothing was found.</param>
sealed record FaultOutcome(Fault Fault, bool Named, Divergence? Found);

/// <summary>Puts faults into runs and looks whether the doctor names them: the test of the instrument itself.</summary>
/// <param name="model">Open.</param>
/// <param name="ids">Tokens of a text, enough for <paramref name="script"/>.</param>
/// <param name="script">A ladder, so that batch boundaries can be seen.</param>
/// <param name="folder">For recordings.</param>
sealed class FaultTrial(LanguageModel model, int[] ids, RunScript script, string folder)
{
    string? _sound;
    string[] _operations = [], _products = [];

    /// <summary>Fault number <paramref name="number"/> of a fixed list: kinds in turn, places drawn.</summary>
    /// <returns>Null where the fault changed no bit, so that there was nothing to find.</returns>
    public FaultOutcome? Run(int number)
    {
        _sound ??= Sound();
        Fault fault = Draw(number);
        string path = Path.Combine(folder, "faulty.dumrun");
        FaultSite? site;
        using (FileStream stream = File.Create(path))
        {
            using var writer = new RecordingWriter(stream, [], values: true);
            (RunRecorder? recorder, FaultKernels? faulty) = RecordedRun.Run(model, ids, script, writer, fault, null, default);
            writer.Close(recorder!);
            site = faulty!.First;
        }
        if (site is null)
            return null;
        using Recording sound = Recording.Open(_sound), broken = Recording.Open(path);
        Divergence? found = RunComparison.Of(sound, broken).Divergence;
        RecordedResult truth = broken.Walks[site.Walk - 1].Single(r => r.Operation == fault.Operation);
        bool named = found is not null && found.Operation == fault.Operation && found.Place == truth.Places[site.Row] && found.Column == site.Column
            && (fault.Kind != FaultKind.Batch || found.Boundary is { } boundary && boundary.Agree == fault.At - 1 && boundary.Part == fault.At);
        return new FaultOutcome(fault, named, found);
    }

    string Sound()
    {
        string path = Path.Combine(folder, "sound.dumrun");
        using (FileStream stream = File.Create(path))
            RecordedRun.Write(model, ids, script, stream, values: true);
        using Recording recording = Recording.Open(path);
        // Operations on scenes have as many rows as scenes happen to end: no ladder, and no boundary to be named.
        _operations = [.. recording.Walks.SelectMany(w => w).Select(r => r.Operation).Distinct().Where(o => !o.EndsWith(".self_attn", StringComparison.Ordinal))];
        _products = [.. _operations.Where(o => o == "head" || (o.EndsWith("_proj", StringComparison.Ordinal) && !o.Contains(' ', StringComparison.Ordinal)))];
        return path;
    }

    Fault Draw(int number)
    {
        var random = new Philox(1, DrawDomain.Faults);
        uint at = (uint)number;
        int Below(uint what, int count) => (int)(random.Unit(what, 0, at) * count);
        var kind = (FaultKind)(number % 4);
        string[] from = kind switch
        {
            FaultKind.Order => _products,
            FaultKind.Batch => [.. _products.Where(p => !p.StartsWith("global.", StringComparison.Ordinal))],
            _ => _operations,
        };
        int most = kind == FaultKind.Batch ? Math.Min(script.Batch, script.Prompt) - 1 : script.Sequences;
        return new Fault(kind, from[Below(0, from.Length)], (kind == FaultKind.Batch ? 2 : 1) + Below(1, most), Below(2, 1 << 20), Below(3, 1 << 20));
    }
}
