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
        var sequences = new Argument<string>("sequences") { Description = Say("sequences to name: .ts of the time-series archive, or 'label,number,…' lines; - for standard input", "последовательности: .ts архива временных рядов или строки 'метка,число,…'; - для стандартного ввода") };
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
            string from = parsed.GetValue(sequences)!;
            using var input = new StreamReader(Shared.Input(from));
            List<LabelledSequence> known = LabelledSequence.ReadFile(parsed.GetValue(train)!);
            int channels = known[0].Samples[0].Length;
            SequenceClassifier classifier = SequenceClassifier.Learn(known, SequenceClassifier.Default(channels), count, parsed.GetValue(seed), cancel);
            using var output = new LineOutput(live: from == "-");
            output.WriteLine("label,belief");
            (int named, int judged, int right, int wrong) = (0, 0, 0, 0);
            // Standard input has no name to know the form by: it is that of the examples.
            foreach (LabelledSequence s in LabelledSequence.Read(input, LabelledSequence.IsArchive(from == "-" ? parsed.GetValue(train)! : from), channels, (_, _) => Left()))
            {
                cancel.ThrowIfCancellationRequested();
                if (output.Closed)
                    break;
                (string label, double[] scores) = classifier.Classify(s);
                output.WriteLine($"{Cli.Plain(label)},{scores.Max().ToString("0.000", CultureInfo.InvariantCulture)}");
                named++;
                judged += classifier.Labels.Contains(s.Label) ? 1 : 0;
                right += label == s.Label ? 1 : 0;
            }
            Console.Error.WriteLine(Say($"{named} sequences named", $"названо последовательностей: {named}")
                + (judged == 0 ? "" : Say($"; of {judged} whose label was given {judged - right} wrongly", $"; из {judged} с известной меткой неверно {judged - right}"))
                + (wrong == 0 ? "" : Say($"; {wrong} lines were no sequences of {channels} channels and got an empty answer", $"; строк, которые не последовательности с числом каналов {channels}: {wrong}, ответ на них пуст")));
            return Cli.Ok;

            bool Left()
            {
                wrong++;
                output.WriteLine(",");
                return !output.Closed && !cancel.IsCancellationRequested;
            }
        });
        return command;
    }
}
