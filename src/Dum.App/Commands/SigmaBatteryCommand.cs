using System.CommandLine;
using System.Diagnostics;
using Dum.App.Views.Sigma;
using Dum.Sigma.Battery;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma battery</c>: whether a stream of bytes can be told from random ones, with one calibrated answer.</summary>
static class SigmaBatteryCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = Say("bytes; - for standard input", "байты; - для стандартного ввода") };
        var defaults = new BatteryOptions();
        var alpha = new Option<double>("--alpha") { Description = Say("probability of a false alarm of the whole battery", "вероятность ложной тревоги всей батареи"), DefaultValueFactory = _ => defaults.Alpha, HelpName = "P" };
        var effect = new Option<double>("--effect") { Description = Say("the weakest structure that must not be missed, bits a byte", "самая слабая структура, которую нельзя пропустить, бит на байт"), HelpName = "BITS" };
        var width = new Option<int>("--width") { Description = Say("bytes of a row, for correlations down the columns", "байтов в строке, для корреляций по столбцам"), HelpName = "N" };
        var entropy = new Option<int>("--entropy") { Description = Say($"run SP 800-90B on so many bytes, {BatteryOptions.MostEntropyBytes} at most; 0 leaves it out", $"сколько байтов отдать SP 800-90B, не больше {BatteryOptions.MostEntropyBytes}; 0 — не запускать"), DefaultValueFactory = _ => defaults.EntropyBytes, HelpName = "N" };
        var legacy = new Option<bool>("--nist-legacy") { Description = Say("the published constants of SP 800-22, errors included", "опубликованные константы SP 800-22 вместе с ошибками") };
        var ascii = new Option<bool>("--ascii") { Description = Say("the file holds the characters 0 and 1", "в файле символы 0 и 1") };
        var report = new Option<string?>("--report") { Description = Say("write a page with pictures", "записать страницу с картинками"), HelpName = "FILE.html" };
        Option<bool> json = Shared.Json();
        var command = new Command("battery", Say(
            "Tests bytes for randomness: SP 800-22, SP 800-90B and tests for residuals. Exit code 0 random, 1 structured, 2 too short to say.",
            "Проверяет байты на случайность: SP 800-22, SP 800-90B и проверки остатков. Код 0 — случайны, 1 — есть структура, 2 — слишком мало."))
        {
            file, alpha, effect, width, entropy, legacy, ascii, report, json,
        };
        command.Shows("dum sigma battery noise.bin --report noise.html\nhead -c 10000000 /dev/urandom | dum sigma battery -");
        command.Does((parsed, cancel) =>
        {
            string path = parsed.GetValue(file)!;
            string? page = OutputPath.Page(parsed.GetValue(report), [path]);
            var options = new BatteryOptions
            {
                Alpha = parsed.GetValue(alpha),
                Effect = parsed.GetValue(effect),
                Width = parsed.GetValue(width),
                EntropyBytes = parsed.GetValue(entropy),
                Legacy = parsed.GetValue(legacy),
            };
            var battery = new RandomnessBattery(options);
            using System.IO.Stream input = Shared.Input(path);
            var clock = Stopwatch.StartNew();
            var nature = new StreamNature(parsed.GetValue(ascii));
            using (var progress = new Progress(Say("battery", "батарея")))
            {
                byte[] block = new byte[1 << 16];
                long all = input.CanSeek ? input.Length : 0, read = 0;
                for (int count; (count = input.Read(block)) > 0;)
                {
                    cancel.ThrowIfCancellationRequested();
                    battery.Add(nature.Bits(block.AsSpan(0, count)));
                    progress.Bytes(read += count, all);
                }
            }
            nature.Check();
            double seconds = clock.Elapsed.TotalSeconds;
            BatteryReport result = battery.Finish(cancel);
            if (page is not null)
                BatteryPage.Write(page, result, path);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(BatteryView.Json(result));
            else
                BatteryView.Write(Console.Out, result, seconds, clock.Elapsed.TotalSeconds - seconds);
            return result.Verdict switch { BatteryVerdict.Random => Cli.Ok, BatteryVerdict.Structured => Cli.Negative, _ => Cli.BadInput };
        });
        return command;
    }
}
