using System.CommandLine;
using System.Globalization;
using Dum.Rhythm.Series;
using static Dum.App.Commands.RhythmCommand;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm classify</c>: learn labelled sequences, name others.</summary>
static class RhythmClassifyCommand
{
    public static Command Create()
    {
        var sequences = new Argument<string>("sequences") { Description = Say("sequences to name: .ts of the time-series archive, or 'label,number,…' lines", "последовательности: .ts архива временных рядов или строки 'метка,число,…'") };
        var train = new Option<string>("--train") { Description = Say("labelled sequences to learn from, in the same form", "размеченные последовательности для обучения, в том же виде"), HelpName = "FILE", Required = true };
        var parts = new Option<int>("--parts") { Description = Say("equal parts of a sequence that are averaged apart", "на сколько равных частей усреднять последовательность"), DefaultValueFactory = _ => 4, HelpName = "N" };
        Option<ulong> seed = Seed();
        var command = new Command("classify", Say("Learn labelled sequences and name others, one line each.", "Выучить размеченные последовательности и назвать другие, по строке на каждую.")) { sequences, train, parts, seed };
        command.Shows("dum rhythm classify JapaneseVowels_TEST.ts --train JapaneseVowels_TRAIN.ts");
        command.Does((parsed, cancel) =>
        {
            int count = parsed.GetValue(parts);
            if (count is < 1 or > 100)
                throw new DumException(Say("--parts lies between 1 and 100", "--parts — от 1 до 100"));
            List<LabelledSequence> known = LabelledSequence.ReadFile(parsed.GetValue(train)!), asked = LabelledSequence.ReadFile(parsed.GetValue(sequences)!);
            SequenceClassifier classifier = SequenceClassifier.Learn(known, SequenceClassifier.Default(known[0].Samples[0].Length), count, parsed.GetValue(seed), cancel);
            using var output = new LineOutput(live: false);
            output.WriteLine("label,belief");
            int judged = 0, right = 0;
            foreach (LabelledSequence s in asked)
            {
                cancel.ThrowIfCancellationRequested();
                (string label, double[] scores) = classifier.Classify(s);
                output.WriteLine($"{Cli.Plain(label)},{scores.Max().ToString("0.000", CultureInfo.InvariantCulture)}");
                judged += classifier.Labels.Contains(s.Label) ? 1 : 0;
                right += label == s.Label ? 1 : 0;
            }
            Console.Error.WriteLine(judged == 0
                ? Say($"{asked.Count} sequences named", $"названо последовательностей: {asked.Count}")
                : Say($"{asked.Count} sequences named; of {judged} whose label was given {judged - right} wrongly", $"названо последовательностей: {asked.Count}; из {judged} с известной меткой неверно {judged - right}"));
            return Cli.Ok;
        });
        return command;
    }
}
