using System.CommandLine;
using System.Globalization;
using System.Numerics;
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
        var command = new Command("recall", Say(
            "Teach rhythms and recall them from fragments: unknown places are '?', a short cue is looked for anywhere in a rhythm.",
            "Выучить ритмы и вспоминать их по обрывкам: неизвестные места — '?', короткий обрывок ищется в любом месте ритма."))
        {
            cues, teach, memory, capacity, forget, list,
        };
        command.Shows(Say(
            "echo 'x..x..??' | dum rhythm recall --teach beats.txt\ndum rhythm recall --memory beats.dumslot --list",
            "echo 'x..x..??' | dum rhythm recall --teach ритмы.txt\ndum rhythm recall --memory ритмы.dumslot --list"));
        command.Does((parsed, cancel) => Run(parsed.GetValue(cues)!, parsed.GetValue(teach), parsed.GetValue(memory), parsed.GetValue(capacity), parsed.GetValue(forget), parsed.GetValue(list), cancel));
        return command;
    }

    static int Run(string cues, string? teach, string? memory, int capacity, string? forget, bool list, CancellationToken cancel)
    {
        List<RhythmCode> lessons = teach is null ? [] : [.. Lines(teach, cancel).Select(RhythmCode.Parse)];
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
        if (memory is not null && (lessons.Count > 0 || forget is not null))
            store.Save(memory);
        if (list)
            List(store);
        else if (forget is null || cues != "-")
            Answer(store, cues, cancel);
        return Cli.Ok;
    }

    static void Answer(RhythmStore store, string cues, CancellationToken cancel)
    {
        using StreamWriter output = Output(cues);
        output.WriteLine("name,agreement,offset,next");
        var settled = new Complex[store.Length];
        foreach (string line in Lines(cues, cancel))
        {
            RhythmCode cue = RhythmCode.Parse(line);
            if (cue.Values.Length > store.Length)
                throw new DumException(Say($"a cue has {cue.Values.Length} places, the longest rhythm {store.Length}", $"в обрывке мест {cue.Values.Length}, в самом длинном ритме {store.Length}"));
            RhythmAnswer best = new(-1, 0, -1, 0);
            int offset = 0;
            for (int o = 0; o <= store.Length - cue.Values.Length; o++)
            {
                RhythmAnswer answer = store.Recall(cue.Phases(store.Length, o), settled, touch: false);
                if (answer.Agreement > best.Agreement + 1e-6)
                    (best, offset) = (answer, o);
            }
            if (best.Slot >= 0)
                store.Recall(cue.Phases(store.Length, offset), settled);
            string next = best.Slot >= 0 && store.Next(best.Slot) is >= 0 and int n ? store.Facts(n).Name : "";
            output.WriteLine(best.Slot < 0 ? ",0,," : string.Create(CultureInfo.InvariantCulture, $"{Cli.Plain(store.Facts(best.Slot).Name)},{best.Agreement:0.0000},{offset},{Cli.Plain(next)}"));
        }
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
