using System.Globalization;
using System.Text.Json;
using Dum.Sigma.Quantisation;
using static Dum.Tongue;

namespace Dum.App.Views.Sigma;

/// <summary>What quantisation did to every matrix, for a terminal and for programs.</summary>
static class QuantisationView
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(TextWriter to, IReadOnlyList<QuantisedLayer> layers, QuantisationOptions options)
    {
        to.WriteLine(Say(
            "bits  alone at 3 bits, nats  foretold  floor  reached  matrix",
            "бит   одна в 3 битах, нат    прогноз   предел достигнуто матрица"));
        foreach (QuantisedLayer l in layers)
            to.WriteLine($"{l.Bits,4}  {Number(l.Loss, "0.00000"),22}  {Number(l.Forecast.Feedback, "0.000"),8}  {Number(l.Forecast.Floor, "0.000"),5}  {Number(l.Reached, "0.000"),7}  {l.Name} {l.Rows} × {l.Columns}");
        double weights = layers.Sum(l => (double)l.Rows * l.Columns), stored = layers.Sum(l => l.StoredBits) / weights;
        to.WriteLine(Say(
            $"{Number(stored, "0.000")} bits stored a weight, scales counted; the last three columns: squared error as a share of that of rounding to nearest",
            $"{Number(stored, "0.000")} бит хранится на вес вместе с масштабами; три последних столбца: квадрат ошибки в долях от округления к ближайшему"));
        if (options.Rotate || options.Rank > 0)
            to.WriteLine(Say("no kernel multiplies such weights yet: the folder holds them in bf16, 16 bits each", "ядра для таких весов пока нет: в папке они лежат в bf16, по 16 бит"));
    }

    public static string Json(IReadOnlyList<QuantisedLayer> layers) => JsonSerializer.Serialize(layers.Select(l => new
    {
        matrix = l.Name,
        rows = l.Rows,
        columns = l.Columns,
        bits = l.Bits,
        stored_bits = l.StoredBits,
        loss_alone_at_3_bits = Finite(l.Loss),
        foretold = Finite(l.Forecast.Feedback),
        floor = Finite(l.Forecast.Floor),
        reached = Finite(l.Reached),
    }), s_json);

    static double? Finite(double value) => double.IsFinite(value) ? value : null;

    static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
