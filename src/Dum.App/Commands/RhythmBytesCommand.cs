using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dum.Rhythm.Bytes;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm bytes</c>: any bytes, predicted while they are learned; folded and unfolded.</summary>
static class RhythmBytesCommand
{
    // A line without an end is judged in pieces of this many bytes.
    const int MostLine = 1 << 16;

    public static Command Create()
    {
        var source = new Argument<string>("file") { Description = Say("any file; - for standard input", "любой файл; - для стандартного ввода"), DefaultValueFactory = _ => "-" };
        var fold = new Option<string?>("--fold") { Description = Say("write a lossless, smaller file", "записать без потерь меньший файл"), HelpName = "OUT" };
        var unfold = new Option<string?>("--unfold") { Description = Say("the argument is a folded file: write what it was", "аргумент — свёрнутый файл: записать, чем он был"), HelpName = "OUT" };
        var lines = new Option<bool>("--lines") { Description = Say("print each line behind the bits per byte that it cost: what is unusual costs more", "выводить каждую строку после её цены в битах на байт: необычное дороже") };
        Option<bool> force = Shared.Force();
        var command = new Command("bytes", Say(
            "Predict any bytes while learning them, from nothing: context mixing over phase codes. Says what they cost, or folds them.",
            "Предсказывать любые байты, учась на них с нуля: смешение контекстов по кодам фаз. Сообщает цену или сворачивает."))
        {
            source, fold, unfold, lines, force,
        };
        command.Shows("dum rhythm bytes book.txt\ndum rhythm bytes server.log --lines | sort -rn | head\ndum rhythm bytes book.txt --fold book.dumbyte\ndum rhythm bytes book.dumbyte --unfold book.txt");
        command.Does((parsed, cancel) =>
        {
            (string path, string? to, string? from) = (parsed.GetValue(source)!, parsed.GetValue(fold), parsed.GetValue(unfold));
            if (new[] { to is not null, from is not null, parsed.GetValue(lines) }.Count(b => b) > 1)
                throw new DumException(Say("--fold, --unfold and --lines are different things: give one", "--fold, --unfold и --lines — разные дела: укажите одно"));
            if ((to ?? from) is { } target)
                OutputPath.File(target, parsed.GetValue(force), [path], to is null ? "--unfold" : "--fold");
            using Stream input = Shared.Input(path);
            return parsed.GetValue(lines) ? Lines(input, cancel) : to is not null ? RhythmFold.Write(input, to, verify: false, cancel) : from is not null ? RhythmFold.Read(input, path, from, cancel) : Measure(input, cancel);
        });
        return command;
    }

    static int Measure(Stream input, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        using var progress = new Progress(Say("predicting", "предсказываю"));
        long done = 0, all = input.CanSeek ? input.Length : 0;
        (long bytes, double bits) = ByteFold.Measure(input, (_, _) =>
        {
            if (++done % 4096 == 0)
                progress.Bytes(done, all);
        }, cancel: cancel);
        progress.Dispose();
        Console.Out.WriteLine(bytes == 0 ? Say("no bytes", "байтов нет") : string.Create(CultureInfo.InvariantCulture,
            $"{bytes} {Say("bytes", "байт")}, {bits / bytes:0.0000} {Say("bits per byte", "бит на байт")}, {bytes / 1e3 / clock.Elapsed.TotalSeconds:0} {Say("KB/s", "КБ/с")}"));
        return Cli.Ok;
    }

    static int Lines(Stream input, CancellationToken cancel)
    {
        using var output = new StreamWriter(StandardOutput.Open(), new UTF8Encoding(false), 1 << 14) { AutoFlush = !input.CanSeek };
        var line = new List<byte>();
        double bits = 0;
        ByteFold.Measure(input, (value, cost) =>
        {
            bits += cost;
            if (value != '\n')
                line.Add(value);
            if (value == '\n' || line.Count == MostLine)
                Put();
        }, cancel: cancel);
        if (line.Count > 0)
            Put();
        return Cli.Ok;

        void Put()
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bits / (line.Count + 1):00.000}\t{Cli.Plain(Encoding.UTF8.GetString([.. line]))}"));
            line.Clear();
            bits = 0;
        }
    }
}
