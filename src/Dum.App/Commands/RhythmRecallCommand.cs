using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Dum.App.Views.Rhythm;
using Dum.Files;
using Dum.Rhythm.Memory;
using Dum.Rhythm.Series;
using static Dum.App.Commands.RhythmCommand;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum rhythm recall</c>: teach rhythms, then give fragments of them.</summary>
static class RhythmRecallCommand
{
    public static Command Create()
    {
        var cues = new Argument<string>("cues") { Description = Say("fragments or damaged rhythms, one a line; - for standard input", "обрывки или испорченные ритмы, по одному в строке; - для стандартного ввода"), DefaultValueFactory = _ => "-" };
        var teach = new Option<string?>("--teach") { Description = Say("rhythms to learn, one a line: 'name: x..x..x.' or 'name, 1, 2.5, ?, 3'", "ритмы для заучивания, по одному в строке: 'имя: x..x..x.' или 'имя, 1, 2.5, ?, 3'"), HelpName = "FILE" };
        var memory = new Option<string?>("--memory") { Description = Say("the memory: read if it exists, saved when something was learned or forgotten", "память: читается, если есть, и сохраняется, когда что-то выучено или забыто"), HelpName = "FILE" };
        var capacity = new Option<int>("--capacity") { Description = Say("rhythms that a new memory has room for", "на сколько ритмов новая память"), DefaultValueFactory = _ => 4096, HelpName = "N" };
        var forget = new Option<string?>("--forget") { Description = Say("forget the rhythm of this name", "забыть ритм с этим именем"), HelpName = "NAME" };
        var list = new Option<bool>("--list") { Description = Say("list what is remembered instead of reading cues", "показать, что в памяти, вместо чтения обрывков") };
        var explain = new Option<bool>("--explain") { Description = Say("with each answer the runners-up and how far each place agrees", "к каждому ответу — следующие за ним и согласие каждого места") };
        Option<string?> report = Report(Say("the memory as wheels of phases, cues as they settle", "память как колёса фаз, обрывки и то, к чему они сходятся"));
        var command = new Command("recall", Say(
            "Teach rhythms and recall them from fragments: unknown places are '?', a short cue is looked for anywhere in a rhythm.",
            "Выучить ритмы и вспоминать их по обрывкам: неизвестные места — '?', короткий обрывок ищется в любом месте ритма."))
        {
            cues, teach, memory, capacity, forget, list, explain, report,
        };
        command.Shows(Say(
            "echo 'x..x..??' | dum rhythm recall --teach beats.txt\ndum rhythm recall --memory beats.dumslot --list\necho 'x..x' | dum rhythm recall --memory beats.dumslot --explain --report beats.html",
            "echo 'x..x..??' | dum rhythm recall --teach ритмы.txt\ndum rhythm recall --memory ритмы.dumslot --list\necho 'x..x' | dum rhythm recall --memory ритмы.dumslot --explain --report ритмы.html"));
        command.Does((parsed, cancel) =>
        {
            string? path = parsed.GetValue(memory), lessons = parsed.GetValue(teach), forgotten = parsed.GetValue(forget);
            string from = parsed.GetValue(cues)!;
            string? page = OutputPath.Page(parsed.GetValue(report), new[] { from, path, lessons }.OfType<string>());
            RhythmStore store = Prepare(lessons, path, parsed.GetValue(capacity), forgotten, cancel);
            var tape = new RecallTape(store);
            bool answered = true;
            if (parsed.GetValue(list))
                List(store);
            else if (forgotten is null || from != "-")
                answered = Answer(store, from, parsed.GetValue(explain), tape, cancel);
            if (page is not null)
                RecallPage.Save(page, tape);
            return answered ? Cli.Ok : Cli.BadInput;
        });
        return command;
    }

    /// <summary>The memory: read or made, taught, relieved of what is to be forgotten, saved where it changed.</summary>
    static RhythmStore Prepare(string? teach, string? memory, int capacity, string? forget, CancellationToken cancel)
    {
        List<RhythmCode> lessons = teach is null ? [] : [.. Lines(teach, cancel).Select(RhythmCode.Parse)];
        bool changes = memory is not null && (lessons.Count > 0 || forget is not null);
        using FileLock? held = changes ? FileLock.Of(OutputPath.Kept(memory)!) : null;
        if (memory is not null && !File.Exists(memory) && lessons.Count == 0)
            throw new DumException(Say($"there is no memory {memory}: teach it rhythms with --teach", $"памяти {memory} нет: научите её ритмам через --teach")) { ExitCode = Cli.Missing };
        RhythmStore store = memory is not null && File.Exists(memory) ? RhythmStore.Load(memory)
            : lessons.Count > 0 ? new RhythmStore(lessons.Max(l => l.Values.Length), capacity)
            : throw new DumException(Say("nothing to recall from: teach rhythms with --teach, or give a --memory", "вспоминать не из чего: научите через --teach или дайте --memory"));
        int last = -1, learned = 0;
        foreach (RhythmCode lesson in lessons)
        {
            if (lesson.Values.Length > store.Length)
                throw new DumException(Say(
                    $"'{lesson.Name}' has {lesson.Values.Length} places, the memory was made for {store.Length}: use a new one", $"«{lesson.Name}»: мест {lesson.Values.Length}, а память создана для {store.Length}: возьмите новую"));
            last = store.Write(lesson.Phases(store.Length, 0), lesson.Name.Length > 0 ? lesson.Name : $"{++learned}", last);
        }
        if (forget is not null)
        {
            int slot = Enumerable.Range(0, store.Count).FirstOrDefault(s => store.Facts(s).Name == forget, -1);
            if (slot < 0)
                throw new DumException(Say($"no rhythm is called '{forget}': see --list", $"ритма «{forget}» нет: смотрите --list"));
            store.Forget(slot);
        }
        if (changes)
            store.Save(memory!);
        return store;
    }

    /// <returns>False where there were lines and no cue among them.</returns>
    static bool Answer(RhythmStore store, string cues, bool explain, RecallTape tape, CancellationToken cancel)
    {
        using var output = new LineOutput(live: cues == "-");
        output.WriteLine("name,agreement,offset,next");
        using var progress = new Progress(Say("recalling", "вспоминаю"));
        var settled = new Complex[store.Length];
        (int wrong, string why) = (0, "");
        foreach (string line in Lines(cues, cancel))
        {
            if (output.Closed)
                break;
            // One line in, one line out: what is no cue gets an empty answer and is told of at the end.
            if (!Try(line, store.Length, out RhythmCode cue, out string fault))
            {
                (wrong, why) = (wrong + 1, wrong == 0 ? fault : why);
                output.WriteLine(",0,,");
                continue;
            }
            RhythmAnswer best = new(-1, 0, -1, 0);
            int offset = 0;
            for (int o = 0; o <= store.Length - cue.Values.Length; o++)
            {
                cancel.ThrowIfCancellationRequested();
                progress.Step(Say("cues", "обрывки"), -1, $"{tape.Asked + 1}");
                RhythmAnswer answer = store.Recall(cue.Phases(store.Length, o), settled, touch: false);
                if (answer.Agreement > best.Agreement + 1e-6)
                    (best, offset) = (answer, o);
            }
            Complex[] phases = cue.Phases(store.Length, offset);
            if (best.Slot >= 0)
                store.Recall(phases, settled);
            else
                Array.Clear(settled);
            string name = best.Slot >= 0 ? store.Facts(best.Slot).Name : "", next = best.Slot >= 0 && store.Next(best.Slot) is >= 0 and int n ? store.Facts(n).Name : "";
            output.WriteLine(best.Slot < 0 ? ",0,," : string.Create(CultureInfo.InvariantCulture, $"{Cli.Plain(name)},{best.Agreement:0.0000},{offset},{Cli.Plain(next)}"));
            if (explain && best.Slot >= 0)
                Explain(output, store, best.Slot, phases);
            tape.Take(new RecalledCue(name, Math.Max(best.Agreement, 0), phases, [.. settled]));
        }
        if (wrong > 0)
            Cli.Tell(Say($"{wrong} lines were no cues, the first: {why}", $"строк, которые не обрывки: {wrong}, первая: {why}"));
        return wrong == 0 || tape.Asked > 0;
    }

    static bool Try(string line, int most, out RhythmCode cue, out string fault)
    {
        cue = new RhythmCode("", [], false);
        try
        {
            cue = RhythmCode.Parse(line);
            fault = cue.Values.Length > most ? Say($"a cue has {cue.Values.Length} places, the longest rhythm {most}", $"в обрывке мест {cue.Values.Length}, в самом длинном ритме {most}")
                : cue.Values.All(double.IsNaN) ? Say("nothing in it is known", "в нём ничего не известно") : "";
        }
        catch (DumException e)
        {
            fault = e.Message;
        }
        return fault.Length == 0;
    }

    /// <summary>Lines that begin with #: how far each place of the cue agrees with the answer, 0 to 9, and what came next.</summary>
    static void Explain(LineOutput output, RhythmStore store, int slot, Complex[] cue)
    {
        output.WriteLine($"# {Say("places", "места")}   {string.Concat(store.Agreements(slot, cue).Select(a => double.IsNaN(a) ? '?' : (char)('0' + Math.Clamp((int)(a * 10), 0, 9))))}");
        foreach ((int other, double agreement) in store.Nearest(cue, 4).Where(f => f.Slot != slot).Take(3))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {Say("beside", "рядом")}   {Cli.Plain(store.Facts(other).Name)} {agreement:0.0000}"));
    }

    static void List(RhythmStore store)
    {
        Console.Out.WriteLine("name,energy,writes,next");
        for (int s = 0; s < store.Count; s++)
        {
            SlotFacts f = store.Facts(s);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Cli.Plain(f.Name)},{f.Energy:0.0000},{f.Writes},{(store.Next(s) is >= 0 and int n ? Cli.Plain(store.Facts(n).Name) : "")}"));
        }
    }

    static IEnumerable<string> Lines(string path, CancellationToken cancel)
    {
        using var input = new StreamReader(Shared.Input(path));
        var lines = new LineReader(input);
        while (lines.Next() is { } line)
        {
            cancel.ThrowIfCancellationRequested();
            if (!string.IsNullOrWhiteSpace(line) && line[0] != '#')
                yield return line;
        }
        if (lines.Skipped > 0)
            Cli.Tell(Say($"{path}: {lines.Skipped} lines left out, longer than 64 KB", $"{path}: пропущено строк длиннее 64 КБ: {lines.Skipped}"));
    }
}
