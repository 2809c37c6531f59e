using System.Text;

namespace Dum.Host;

/// <summary>What happened when one source (a file, a command, a listing) was read.</summary>
public enum SourceState
{
    /// <summary>It was read; a command may still have failed (see <see cref="Recorded.Exit"/>).</summary>
    Present,
    /// <summary>The file or the program does not exist here.</summary>
    Absent,
    /// <summary>It exists, and this user may not read it.</summary>
    Denied,
    /// <summary>The command did not answer within its time limit.</summary>
    TimedOut,
}

/// <summary>The raw answer of one source, cleaned of control characters and of serial numbers.</summary>
/// <param name="Text">Standard output followed by standard error, or the file's content.</param>
/// <param name="State">Whether there is anything to read.</param>
/// <param name="Exit">A command's exit status; null for files and listings.</param>
/// <param name="Cut">True when the text was longer than the collector keeps.</param>
public sealed record Recorded(string Text, SourceState State = SourceState.Present, int? Exit = null, bool Cut = false)
{
    /// <summary>The answer of a source that is not there.</summary>
    public static Recorded Missing { get; } = new("", SourceState.Absent);

    /// <summary>The text's lines, without empty ones at the end.</summary>
    public string[] Lines => Text.TrimEnd('\n').Split('\n');
}

/// <summary>
/// Everything the probes know about a machine, as plain text: one section a source. It is what a bug report,
/// a test fixture and <c>dum check --host</c> share, and what <c>check_gpu.sh --record</c> prints.
/// </summary>
public sealed class HostRecording
{
    /// <summary>How every recording begins.</summary>
    public const string Magic = "dum-host 1";
    const long LargestFile = 16 << 20;
    readonly SortedDictionary<string, Recorded> _sections = new(StringComparer.Ordinal);

    /// <summary>The section of a source; <see cref="Recorded.Missing"/> when the recording has none.</summary>
    public Recorded this[string id]
    {
        get => _sections.TryGetValue(id, out Recorded? found) ? found : Recorded.Missing;
        set => _sections[id] = value;
    }

    /// <summary>The sources that were recorded, in order of their names.</summary>
    public IEnumerable<string> Ids => _sections.Keys;

    /// <summary>Reads a recording; anything else gets one line and exit code 2.</summary>
    public static HostRecording Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new DumException(Tongue.Say(
                $"{path}: no such file; record a machine with 'dum check --record FILE' or 'sh check_gpu.sh --record > FILE'",
                $"{path}: нет такого файла; запишите машину: 'dum check --record ФАЙЛ' или 'sh check_gpu.sh --record > ФАЙЛ'"))
            { ExitCode = 3 };
        if (file.Length > LargestFile)
            throw NotARecording(path);
        string text = File.ReadAllText(path);
        return text.StartsWith(Magic, StringComparison.Ordinal) ? Parse(text) : throw NotARecording(path);
    }

    static DumException NotARecording(string path) => new(Tongue.Say(
        $"{path}: not a recording of a host (it must begin with '{Magic}' and be smaller than 16 MiB)",
        $"{path}: это не запись машины (она начинается с '{Magic}' и меньше 16 МиБ)"));

    /// <summary>Takes sections out of a recording's text. Never throws: what cannot be understood is left out.</summary>
    public static HostRecording Parse(string text)
    {
        var recording = new HostRecording();
        string? id = null;
        Recorded entry = Recorded.Missing;
        var body = new StringBuilder();
        // A recording that passed through Windows has two characters at the end of a line.
        foreach (string line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                Close();
                (id, entry) = ParseHead(line[3..]);
            }
            else if (id is not null)
            {
                // A line of content that could be taken for a head is written with a backslash before it.
                body.Append(line.StartsWith('\\') ? line[1..] : line).Append('\n');
            }
        }
        Close();
        return recording;

        void Close()
        {
            // The text ends with the line break that belongs to the recording, not to the section.
            if (id is not null)
                recording[id] = entry with { Text = Scrub.Clean(body.ToString().TrimEnd('\n')) };
            body.Clear();
        }
    }

    static (string? Id, Recorded Entry) ParseHead(string head)
    {
        string[] words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return (null, Recorded.Missing);
        var entry = new Recorded("");
        foreach (string word in words.AsSpan(1))
        {
            entry = word switch
            {
                "absent" => entry with { State = SourceState.Absent },
                "denied" => entry with { State = SourceState.Denied },
                "timeout" => entry with { State = SourceState.TimedOut },
                "cut" => entry with { Cut = true },
                _ when word.StartsWith("exit=", StringComparison.Ordinal) && int.TryParse(word[5..], out int exit) => entry with { Exit = exit },
                _ => entry,
            };
        }
        // It is printed when its source did not answer.
        return (Scrub.Clean(words[0]), entry);
    }

    /// <summary>The recording as text, sections in order of their names, so that two recordings can be compared line by line.</summary>
    public string ToText()
    {
        var text = new StringBuilder(Magic).Append('\n');
        foreach ((string id, Recorded entry) in _sections)
        {
            text.Append("== ").Append(id);
            if (entry.Exit is { } exit)
                text.Append(" exit=").Append(exit);
            if (entry.State != SourceState.Present)
                text.Append(entry.State switch { SourceState.Denied => " denied", SourceState.TimedOut => " timeout", _ => " absent" });
            if (entry.Cut)
                text.Append(" cut");
            text.Append('\n');
            if (entry.Text.Length == 0)
                continue;
            foreach (string line in entry.Lines)
            {
                if (line.StartsWith('\\') || line.StartsWith("==", StringComparison.Ordinal))
                    text.Append('\\');
                text.Append(line).Append('\n');
            }
        }
        return text.ToString();
    }
}
