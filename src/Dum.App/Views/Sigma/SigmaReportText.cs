using System.Globalization;
using Dum.Sigma.Answers;
using Dum.Sigma.Battery;
using Dum.Sigma.Laws;
using Dum.Sigma.Predict;
using static Dum.Tongue;

namespace Dum.App.Views.Sigma;

/// <summary>The answers of sigma as sentences: for the terminal, and for the page.</summary>
static class SigmaReportText
{
    public static void Write(TextWriter to, SigmaAnswers a)
    {
        to.WriteLine(Standing(a));
        to.WriteLine();
        to.WriteLine("1  " + Random(a));
        to.WriteLine("2  " + Oracle(a));
        to.WriteLine("3  " + Interface(a));
        to.WriteLine("   " + Laws(a));
        to.WriteLine();
        foreach (JudgedOperation j in a.Judged)
            to.WriteLine($"  {BatteryView.Name(j.Report.Verdict),-13} {N(j.Sketch.Entropy, 3)} {Say("of 8 bits", "из 8 бит")}, {Say("exact", "точно")} {N(100.0 * j.Sketch.Exact / j.Sketch.Count, 1)} %, {Say("ties", "пополам")} {N(100.0 * j.Sketch.Ties / j.Sketch.Count, 1)} %: {j.Operation}");
        foreach (LawCheck law in a.Laws)
            to.WriteLine($"  {Mark(law.Outcome),-13} {law.Law,-10} {law.Predicted.ToString("0.00e0", CultureInfo.InvariantCulture),9} → {law.Measured.ToString("0.00e0", CultureInfo.InvariantCulture),9} {law.Unit}: {law.Case}");
    }

    /// <summary>Whether the study stands.</summary>
    public static string Standing(SigmaAnswers a) => a.Study.Void.Count == 0
        ? Say("The study stands: no placebo spoke, every control was found.", "Опыт действителен: ни одно плацебо не заговорило, все контроли найдены.")
        : Say($"VOID: {string.Join("; ", a.Study.Void)}", $"НЕДЕЙСТВИТЕЛЕН: {string.Join("; ", a.Study.Void)}");

    public static string Random(SigmaAnswers a)
    {
        string structured = string.Join(", ", a.Judged.Where(j => j.Report.Verdict == BatteryVerdict.Structured).Select(j => j.Operation)), random = string.Join(", ", a.Judged.Where(j => j.Report.Verdict == BatteryVerdict.Random).Select(j => j.Operation));
        return Say(
            $"Can it be told from random? {(structured.Length > 0 ? $"Yes for {structured}" : "No for any of these operations")}{(random.Length > 0 ? $"; not by the battery at this length for {random}" : "")}. With the weights and the order everything is recomputed: {N(100 * a.Study.Recomputed, 1)} % of results to the last bit.",
            $"Можно ли отличить от случайного? {(structured.Length > 0 ? $"Да: {structured}" : "Нет ни для одной из этих операций")}{(random.Length > 0 ? $"; при этой длине батарея не отличает {random}" : "")}. С весами и порядком пересчитывается всё: {N(100 * a.Study.Recomputed, 1)} % результатов до последнего бита.");
    }

    public static string Oracle(SigmaAnswers a)
    {
        StudyLine? value = a.Study.Lines.Where(l => l.Arm == "residuals" && l.Level == "L1 value").MaxBy(l => l.Gain.Bits);
        bool told = value?.IsSignificant(a.Study.Protocol.Alpha) == true;
        string bits = value?.Gain.Bits.ToString("0.0e0", CultureInfo.InvariantCulture) ?? "";
        return (told
                ? Say($"Is it an oracle? Only about the error just made: the rounded value tells {bits} bits of its residual ({value!.Operation})", $"Оракул ли это? Только о только что сделанной ошибке: округлённое число говорит об остатке {bits} бит ({value!.Operation})")
                : Say("Is it an oracle? At this length not even about the error just made: what the rounded value tells of its residual does not show", "Оракул ли это? При этой длине даже не о только что сделанной ошибке: того, что округлённое число говорит об остатке, не видно"))
            + Say("; a residual that is thrown away tells the future of the rounded run nothing, by the law of data processing.", "; выброшенный остаток ничего не говорит о будущем округлённого прогона — закон обработки данных.");
    }

    /// <summary>What became of the laws, those that fail by name.</summary>
    public static string Laws(SigmaAnswers a)
    {
        int Count(LawOutcome outcome) => a.Laws.Count(l => l.Outcome == outcome);
        string[] failed = [.. a.Laws.Where(l => l.Outcome == LawOutcome.Fails).Select(l => $"{l.Law}, {l.Case}")];
        return Say($"Of {a.Laws.Count} checks of the laws {Count(LawOutcome.Holds)} hold, {failed.Length} fail, {Count(LawOutcome.Underpowered)} had too little data", $"Из проверок законов ({a.Laws.Count}) держатся {Count(LawOutcome.Holds)}, нарушены {failed.Length}, мало данных у {Count(LawOutcome.Underpowered)}")
            + (failed.Length == 0 ? "." : Say(". Fails: ", ". Нарушены: ") + string.Join("; ", failed) + ".");
    }

    public static string Interface(SigmaAnswers a) => Say(
        $"Is it an interface? If it is kept and returned to its own place: drift of a bf16 state −{N(100 * a.State.Removed, 2)} % (the same residuals in other places {Signed(-100 * a.State.RemovedByShuffled)} %), error of bf16 weights in training −{N(100 * a.Weights.Removed, 1)} % (in other places {Signed(-100 * a.Weights.RemovedByShuffled)} %).",
        $"Интерфейс ли это? Если сохранить и вернуть на своё место: дрейф состояния bf16 −{N(100 * a.State.Removed, 2)} % (те же остатки на чужих местах {Signed(-100 * a.State.RemovedByShuffled)} %), ошибка обучаемых весов bf16 −{N(100 * a.Weights.Removed, 1)} % (на чужих местах {Signed(-100 * a.Weights.RemovedByShuffled)} %).");

    public static string Mark(LawOutcome outcome) => outcome switch
    {
        LawOutcome.Holds => Say("holds", "держится"),
        LawOutcome.Fails => Say("FAILS", "НАРУШЕН"),
        _ => Say("too little", "мало данных"),
    };

    public static string N(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    public static string Signed(double value) => value.ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture);
}
