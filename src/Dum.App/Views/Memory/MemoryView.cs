using System.Globalization;
using System.Text;
using Dum.Mind;
using Dum.Mind.Import;
using Dum.Mind.Recall;
using Dum.Mind.Store;
using Dum.Mind.Turns;
using Dum.Mind.Upkeep;
using static Dum.Tongue;

namespace Dum.App.Views.Memory;

/// <summary>A memory as a person reads it in a terminal.</summary>
static class MemoryView
{
    const int MostGaps = 5;

    public static void Print(ImportReport r, double seconds, bool all, TextWriter to)
    {
        foreach ((string format, int files) in r.Files)
            to.WriteLine($"  {(format == "unknown" ? Say("not understood", "не понято") : format),-16} {Say("files", "файлов")} {files}");
        if (r.Skipped > 0)
            to.WriteLine($"  {Say("unchanged", "без изменений"),-16} {Say("files", "файлов")} {r.Skipped}");
        to.WriteLine();
        Row(to, Say("new conversations", "новых бесед"), r.Added);
        Row(to, Say("changed", "изменилось"), r.Changed);
        Row(to, Say("known already", "уже известны"), r.Same);
        if (r.Older > 0)
            Row(to, Say("older or forgotten", "старые, забытые"), r.Older);
        Row(to, Say("turns stored", "записано реплик"), r.Turns);
        to.WriteLine();
        Row(to, Say("bytes read", "прочитано байт"), r.Bytes);
        Row(to, Say("  as turns", "  реплики"), r.TurnBytes);
        Row(to, Say("  as metadata", "  метаданные"), r.MetadataBytes);
        Row(to, Say("  not understood", "  не понято"), r.UnknownBytes);
        int shown = 0;
        foreach (UnknownPlace gap in r.Unknown)
            if (all || shown++ < MostGaps)
                to.WriteLine("    " + Cli.Plain(Say($"{gap.File}: {gap.Bytes} bytes at {gap.At}: {gap.Why}", $"{gap.File}: байт {gap.Bytes} с места {gap.At}: {gap.Why}")));
        if (!all && r.Unknown.Count > MostGaps)
            to.WriteLine(Say($"    and {r.Unknown.Count - MostGaps} more: see --unknown", $"    и ещё {r.Unknown.Count - MostGaps}: смотрите --unknown"));
        to.WriteLine($"  {seconds.ToString("0.0", CultureInfo.InvariantCulture)} {Say("s", "с")}");
        if (r.IsNothing)
            Cli.Tell(Say("nothing of this could be imported: it is none of the formats of 'dum import --help'", "ничего из этого импортировать нельзя: это ни один из форматов 'dum import --help'"));
    }

    public static void Print(Recollection found, TextWriter to)
    {
        string sure = found.Confidence.ToString("0.00", CultureInfo.InvariantCulture);
        if (found.Abstains)
        {
            to.WriteLine(Say($"nothing in this memory fits (confidence {sure})", $"в этой памяти ничего подходящего (уверенность {sure})"));
            return;
        }
        foreach (Recalled item in found.Items)
        {
            string when = item.Time is { } t ? t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : Say("no date", "без даты");
            string mark = item.Zoom switch { Zoom.Full => "●", Zoom.Gist => "○", _ => "·" };
            to.WriteLine($"{mark} {item.Id}  {when}  {Cli.Plain(item.Title)}{(item.Speaker.Length > 0 ? " — " + Cli.Plain(item.Speaker) : "")}  [{Cli.Plain(Path.GetFileName(item.Source))}]");
            foreach (string line in item.Text.Split('\n'))
                to.WriteLine("    " + Cli.Plain(line));
        }
        to.WriteLine();
        to.WriteLine(Say($"{found.Used} of {found.Budget} tokens, confidence {sure}; 'dum expand ID' prints the original", $"{found.Used} из {found.Budget} токенов, уверенность {sure}; 'dum expand АДРЕС' выведет подлинник"));
    }

    public static void Print(Expanded found, TextWriter to)
    {
        to.WriteLine(Cli.Plain($"{found.Title} · {found.Format} · {found.Source}"));
        foreach (ExpandedTurn turn in found.Turns)
        {
            to.WriteLine();
            to.WriteLine($"{turn.Id}  {turn.Time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? Say("no date", "без даты")}  {Cli.Plain(turn.Speaker)}{(turn.Marks.Length > 0 ? $"  ({turn.Marks})" : "")}");
            if (turn.Text.Length == 0 && turn.Marks.Contains(nameof(TurnMarks.Forgotten), StringComparison.Ordinal))
            {
                to.WriteLine(Say("forgotten: nothing is left of it", "забыто: ничего не осталось"));
                continue;
            }
            foreach (string line in turn.Text.Split('\n'))
                to.WriteLine(string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? '·' : c)));
        }
        Cli.Tell(Origin(found));
    }

    /// <summary>What an original is worth, in a line.</summary>
    public static string Origin(Expanded found)
    {
        string gone = found.ForgottenTurns == 0 && found.ForgottenBytes == 0 ? ""
            : Say($"; forgotten and not printed: {found.ForgottenTurns} turns, {found.ForgottenBytes} bytes", $"; забыто и не выведено: реплик {found.ForgottenTurns}, байт {found.ForgottenBytes}");
        return found.Original.Length == 0
            ? Say("nothing is left of the original", "от подлинника ничего не осталось") + gone
            : Say($"SHA-256 of the {found.Original.Length} original bytes: {found.Sha256} (checked)", $"SHA-256 подлинных байт ({found.Original.Length}): {found.Sha256} (сверено)") + gone;
    }

    public static void Print(CheckReport found, string place, TextWriter to)
    {
        foreach (string path in found.Broken)
            to.WriteLine(Cli.Plain(Say($"not exact: {path}", $"не точно: {path}")));
        foreach (string path in found.Forgotten)
            to.WriteLine(Cli.Plain(Say($"exact but for what was forgotten: {path}", $"точно, кроме забытого: {path}")));
        foreach (long id in found.Unreadable)
            to.WriteLine(Say($"the words of conversation {id} cannot be read", $"слова беседы {id} не читаются"));
        if (found.Fault is { } fault)
            to.WriteLine(Cli.Plain(Say($"the database is damaged: {fault}", $"база повреждена: {fault}")));
        int all = found.Exact + found.Forgotten.Count + found.Broken.Count;
        to.WriteLine(Say($"exact to the byte: {found.Exact} files of {all}", $"точны до байта: файлов {found.Exact} из {all}")
            + (found.Forgotten.Count > 0 ? Say($", {found.Forgotten.Count} more but for what was forgotten", $", ещё {found.Forgotten.Count} — кроме забытого") : ""));
        if (!found.IsSound)
            to.WriteLine(Damage.Advice(place));
    }

    public static void Print(RepairReport saved, string into, TextWriter to)
    {
        Row(to, Say("conversations saved", "спасено бесед"), saved.Conversations);
        Row(to, Say("  read anew", "  прочитано заново"), saved.Reread);
        Row(to, Say("conversations lost", "потеряно бесед"), saved.Lost);
        Row(to, Say("pieces lost", "потеряно кусков"), saved.LostPieces);
        Row(to, Say("bytes lost", "потеряно байт"), saved.LostBytes);
        foreach (string path in saved.Check.Broken)
            to.WriteLine(Cli.Plain(Say($"not whole, import it again if you have it: {path}", $"не целиком, импортируйте снова, если он у вас есть: {path}")));
        to.WriteLine(Cli.Plain(Say($"the new memory is in {into}", $"новая память в {into}")));
    }

    public static void Print(Overview look, TextWriter to)
    {
        Row(to, Say("files", "файлы"), look.Files);
        Row(to, Say("original bytes", "подлинные байты"), look.OriginalBytes);
        Row(to, Say("memory on disk", "память на диске"), look.StoreBytes);
        Row(to, Say("conversations", "беседы"), look.Conversations);
        Row(to, Say("episodes", "эпизоды"), look.Episodes);
        Row(to, Say("turns", "реплики"), look.Turns);
        Row(to, Say("not understood", "не понято байт"), look.UnknownBytes);
        to.WriteLine("  " + string.Join(", ", look.Formats.Select(f => $"{f.Key} {f.Value}")));
        to.WriteLine();
        long most = Math.Max(1, look.Periods.Count == 0 ? 1 : look.Periods.Max(p => p.Turns));
        foreach (PeriodRow p in look.Periods)
            to.WriteLine($"  {p.Month?.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? Say("no date", "без даты"),-9} {new string('█', (int)Math.Ceiling(20.0 * p.Turns / most)),-20} {p.Turns,7}  {Cli.Plain(p.Gist)}");
    }

    public static string Markdown(ConversationRow row, Expanded whole)
    {
        var text = new StringBuilder();
        text.Append("# ").Append(row.Title).Append("\n\n");
        foreach (ExpandedTurn turn in whole.Turns)
            text.Append("## ").Append(turn.Speaker).Append(turn.Time is { } t ? t.ToString(" · yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "").Append("\n\n").Append(turn.Text.Length == 0 && turn.Marks.Contains(nameof(TurnMarks.Forgotten), StringComparison.Ordinal) ? Say("*forgotten*", "*забыто*") : turn.Text).Append("\n\n");
        return text.ToString();
    }

    static void Row(TextWriter to, string name, long value) => to.WriteLine($"  {name,-20} {value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' '),14}");
}
