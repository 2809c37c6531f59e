using Dum.Ledger;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>The ledger in a terminal: one block per claim, wrapped to the window.</summary>
static class LedgerView
{
    public static void Print(IReadOnlyList<LedgerRow> rows, TextWriter output)
    {
        foreach (LedgerRow row in rows)
        {
            output.WriteLine($"{Mark(row.Verdict)} {row.Id}: {row.Claim}");
            Line(row.Definition, "");
            Line($"{row.Value}{(row.Interval.Length > 0 ? $"  ({row.Interval})" : "")}", "= ");
            Line(Say($"beside: {row.Baseline}; equal: {row.Equal}", $"рядом: {row.Baseline}; равно: {row.Equal}"), "");
            if (row.Note.Length > 0)
                Line(row.Note, "");
            output.WriteLine();
        }
        output.WriteLine(Say(
            $"{rows.Count(r => r.Verdict == Verdict.Reached)} reached, {rows.Count(r => r.Verdict == Verdict.Partly)} partly, {rows.Count(r => r.Verdict == Verdict.Not)} not, {rows.Count(r => r.Verdict == Verdict.Unmeasured)} not measured",
            $"сбылось {rows.Count(r => r.Verdict == Verdict.Reached)}, отчасти {rows.Count(r => r.Verdict == Verdict.Partly)}, нет {rows.Count(r => r.Verdict == Verdict.Not)}, не измерено {rows.Count(r => r.Verdict == Verdict.Unmeasured)}"));

        void Line(string text, string before) => output.WriteLine($"    {before}{text}");
    }

    public static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Reached => Say("[reached]", "[сбылось]"),
        Verdict.Partly => Say("[partly]", "[отчасти]"),
        Verdict.Not => Say("[not]", "[нет]"),
        _ => Say("[not measured]", "[не измерено]"),
    };
}
