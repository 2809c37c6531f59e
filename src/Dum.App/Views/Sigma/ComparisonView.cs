using System.Globalization;
using System.Text.Json;
using Dum.Sigma.Doctor;
using static Dum.Tongue;

namespace Dum.App.Views.Sigma;

/// <summary>What a comparison of two runs says, for a terminal and for programs.</summary>
static class ComparisonView
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(TextWriter to, ComparisonResult result, Recording first, Recording second)
    {
        foreach ((string name, string a, string b) in result.Settings)
            to.WriteLine(Cli.Plain(Say($"set differently: {name} {a} | {b}", $"настроено по-разному: {name} {a} | {b}")));
        if (result.Divergence is not { } d)
        {
            to.WriteLine(Say($"THE SAME  all {result.Compared} rows that both have", $"ОДИНАКОВЫ  все общие строки: {result.Compared}")
                + (first.Root == second.Root ? $", {first.Root}" : Say($"; {result.Alone} rows only one has, so {Share(result)} % were compared", $"; только в одной записи строк: {result.Alone}, сравнено {Share(result)} %")));
            return;
        }
        to.WriteLine(Say("THEY PART", "РАСХОДЯТСЯ"));
        to.WriteLine(Say($"  operation  {d.Operation}", $"  операция   {d.Operation}") + (d.Layer >= 0 ? Say($" (layer {d.Layer})", $" (слой {d.Layer})") : ""));
        to.WriteLine(Say($"  place      sequence {d.Place.Sequence}, position {d.Place.Position}", $"  место      последовательность {d.Place.Sequence}, позиция {d.Place.Position}"));
        to.WriteLine(Say($"  call       walk {d.First.Walk} | {d.Second.Walk}, row {d.First.Row} of {d.First.Rows} | {d.Second.Row} of {d.Second.Rows}", $"  вызов      проход {d.First.Walk} | {d.Second.Walk}, строка {d.First.Row} из {d.First.Rows} | {d.Second.Row} из {d.Second.Rows}"));
        to.WriteLine(d.Column < 0
            ? Say("  element    not recorded: record both with --values", "  элемент    не записан: запишите оба прогона с --values")
            : Say($"  element    {d.Column}: {Number(d.First.Value)} | {Number(d.Second.Value)}; {d.ColumnsApart} of {d.Columns} differ, by up to {d.Ulps} ulp", $"  элемент    {d.Column}: {Number(d.First.Value)} | {Number(d.Second.Value)}; отличаются {d.ColumnsApart} из {d.Columns}, до {d.Ulps} ulp"));
        if (d.Boundary is { } edge)
            to.WriteLine(Say(
                $"  batch      calls of up to {edge.Agree} rows agree, of {edge.Part} and more differ (rows of the {(edge.Second ? "second" : "first")} run)",
                $"  пакет      вызовы до {edge.Agree} строк совпадают, от {edge.Part} строк расходятся (строки {(edge.Second ? "второго" : "первого")} прогона)"));
        to.WriteLine(Say("  looks like ", "  похоже на  ") + Sentence(d.Nature));
        foreach ((string operation, int a, int b) in result.Prints.Take(5))
            to.WriteLine(Say($"  fingerprint of {operation}: {a} | {b} bits of mantissa in use", $"  отпечаток {operation}: занято бит мантиссы {a} | {b}"));
    }

    static string Share(ComparisonResult r) => (200.0 * r.Compared / ((2 * r.Compared) + r.Alone)).ToString("0", CultureInfo.InvariantCulture);

    public static string Json(ComparisonResult r) => JsonSerializer.Serialize(new
    {
        same = r.Divergence is null,
        compared_rows = r.Compared,
        rows_of_one_only = r.Alone,
        settings = r.Settings.Select(s => new { name = s.Name, first = s.First, second = s.Second }),
        divergence = r.Divergence is not { } d ? null : new
        {
            operation = d.Operation,
            layer = d.Layer < 0 ? (int?)null : d.Layer,
            sequence = d.Place.Sequence,
            position = d.Place.Position,
            element = d.Column < 0 ? (int?)null : d.Column,
            elements_apart = d.ColumnsApart,
            elements = d.Columns,
            ulps = d.Ulps,
            nature = d.Nature.ToString(),
            first = Side(d.First),
            second = Side(d.Second),
            batch_boundary = d.Boundary is not { } edge ? null : new { run = edge.Second ? "second" : "first", agree = edge.Agree, part = edge.Part },
        },
        fingerprints = r.Prints.Select(p => new { operation = p.Operation, first_bits = p.First, second_bits = p.Second }),
    }, s_json);

    static object Side(DivergenceSide side) => new { walk = side.Walk, row = side.Row, rows = side.Rows, value = float.IsFinite(side.Value) ? side.Value : (float?)null };

    static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    static string Sentence(DivergenceNature nature) => nature switch
    {
        DivergenceNature.OneUlp => Say("one number, one unit in the last place: a single flipped rounding", "одно число на единицу последнего разряда: одно иное округление"),
        DivergenceNature.Order => Say("the same sums in another order, or fused differently", "те же суммы в другом порядке или иначе слитые"),
        DivergenceNature.Format => Say("another format: one side is the other, rounded", "другой формат: одна сторона — округлённая другая"),
        DivergenceNature.Values => Say("other values: weights, inputs or a defect", "другие значения: веса, входы или дефект"),
        _ => Say("unknown without numbers", "без чисел неизвестно"),
    };
}
