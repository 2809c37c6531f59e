using Dum.Models;
using static Dum.Ledger.TextClaims;

namespace Dum.Ledger;

/// <summary>
/// Bytes a second at equal bits per byte: the token models of the ladder give a line of speed over quality, and the scene
/// model is compared with the point of that line that is as good as it is.
/// </summary>
/// <param name="ladder">Token models of several sizes, trained for the same time.</param>
/// <param name="scene">The scene model.</param>
/// <param name="text">What is written; the ids come from the text, so that all models make the same bytes.</param>
/// <param name="options">Threads and lengths.</param>
sealed class SpeedClaims(IReadOnlyList<TrainedArm> ladder, TrainedArm scene, LedgerText text, LedgerOptions options)
{
    const int Rounds = 3;

    readonly byte[] _text = [.. text.Documents.SelectMany(d => d).Take(400_000)];

    /// <summary>One row per kind of work.</summary>
    /// <param name="batch">The largest batch.</param>
    /// <param name="cancel">Stops between rounds.</param>
    public IEnumerable<LedgerRow> Measure(int batch, CancellationToken cancel)
    {
        (int most, int least) = Conversation.Lengths(_text.Length, options.Conversation);
        yield return Row("decode-batch-1", 1, least, most, 1.5, cancel);
        yield return Row("prefill-batch-1", 1, most, least, 1.5, cancel);
        yield return Row($"decode-batch-{batch}", batch, least, most, 5, cancel);
        yield return Row($"prefill-batch-{batch}", batch, most, least, 5, cancel);
    }

    LedgerRow Row(string id, int batch, int read, int written, double goal, CancellationToken cancel)
    {
        string what = Tongue.Say(
            $"bytes a second; {(batch == 1 ? "one text" : $"{batch} texts at once")}, {read:N0} bytes read, {written:N0} written",
            $"байт в секунду; {(batch == 1 ? "один текст" : $"текстов сразу {batch}")}, {read:N0} байт прочитано, {written:N0} написано");
        TrainedArm[] arms = [.. ladder.OrderBy(a => a.Mean), scene];
        var rates = arms.ToDictionary(a => a, _ => new List<double>());
        for (int round = 0; round < Rounds; round++)
            foreach (TrainedArm arm in arms)
            {
                cancel.ThrowIfCancellationRequested();
                using LanguageModel model = LanguageModel.Open(arm.Folder);
                rates[arm].Add(Conversation.Rate(model, _text, batch, read, written, options.Threads));
            }
        double Median(TrainedArm arm) => rates[arm].Order().ElementAt(Rounds / 2);
        (double like, bool inside) = Like([.. arms[..^1].Select(a => (a.Mean, Math.Log(Median(a))))], scene.Mean);
        double own = Median(scene), factor = own / Math.Exp(like);
        return new LedgerRow(id,
            Tongue.Say("3 to 10 times faster at equal quality", "в 3–10 раз быстрее при равном качестве"), what,
            Tongue.Say("token models on an ordinary vocabulary", "модели по токенам на обычном словаре"), Tongue.Say(
                $"bits per byte ({scene.Mean:0.000}), text, threads ({options.Threads}, {(options.Threads == 1 ? "processor time" : "by the clock")})",
                $"бит на байт ({scene.Mean:0.000}), текст, потоки ({options.Threads}, {(options.Threads == 1 ? "процессорное время" : "по часам")})"),
            $"{F(factor)} ×", $"{F(rates[scene].Min() / Math.Exp(like))} … {F(rates[scene].Max() / Math.Exp(like))}",
            CostClaims.Judge(factor, goal, 1.1),
            $"{Tongue.Say("scenes", "сцены")} {F(own)} B/s; {string.Join("; ", arms[..^1].Select(a => $"{a.Parameters / 1e6:0.00} M {a.Mean:0.000}: {F(Median(a))} B/s"))}"
                + (inside ? "" : Tongue.Say("; the scene model's quality lies outside of the ladder: compared with its nearest rung", "; качество модели по сценам вне лестницы: сравнение с ближайшей ступенью")),
            []);
    }

    /// <summary>The logarithm of the speed at a quality, on straight lines between the rungs.</summary>
    static (double Log, bool Inside) Like((double Bits, double Log)[] rungs, double bits)
    {
        if (bits <= rungs[0].Bits || bits >= rungs[^1].Bits)
            return (bits <= rungs[0].Bits ? rungs[0].Log : rungs[^1].Log, false);
        int i = 1;
        while (rungs[i].Bits < bits)
            i++;
        double share = (bits - rungs[i - 1].Bits) / (rungs[i].Bits - rungs[i - 1].Bits);
        return (rungs[i - 1].Log + (share * (rungs[i].Log - rungs[i - 1].Log)), true);
    }
}
