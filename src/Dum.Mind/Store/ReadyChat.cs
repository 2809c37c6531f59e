using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>A conversation ready to be stored: everything that needs no database, so that threads can share the work.</summary>
sealed class ReadyChat
{
    ReadyChat()
    {
    }

    /// <summary>SHA-256 over what was said, by whom and when: tells a changed conversation from the same one.</summary>
    public required byte[] Hash { get; init; }

    public List<(int Start, int Count, byte[] Data)> Sheets { get; } = [];

    public List<(int Start, int Count, long Began, long Ended, string Gist)> Episodes { get; } = [];

    public string Gist { get; private set; } = "";

    public long Began { get; private set; } = long.MaxValue;

    public long Ended { get; private set; }

    public static ReadyChat Of(Chat chat)
    {
        ReadOnlySpan<Turn> turns = CollectionsMarshal.AsSpan(chat.Turns);
        var ready = new ReadyChat { Hash = HashOf(chat) };
        for (int start = 0; start < turns.Length;)
        {
            int end = start, chars = 0;
            while (end < turns.Length && end - start < Sheet.MostTurns && (end == start || chars < Sheet.MostChars))
                chars += turns[end++].Text.Length;
            ready.Sheets.Add((start, end - start, Sheet.Write(turns[start..end])));
            start = end;
        }
        List<int> starts = Store.Episodes.Starts(chat.Turns);
        for (int e = 0; e < starts.Count; e++)
        {
            int start = starts[e], count = (e + 1 < starts.Count ? starts[e + 1] : turns.Length) - start;
            long began = long.MaxValue, ended = 0;
            foreach (Turn turn in turns.Slice(start, count))
                if (turn.Time > 0)
                    (began, ended) = (Math.Min(began, turn.Time), Math.Max(ended, turn.Time));
            began = began == long.MaxValue ? 0 : began;
            ready.Episodes.Add((start, count, began, ended, Store.Gist.Of(turns.Slice(start, count))));
            if (began > 0)
                (ready.Began, ready.Ended) = (Math.Min(ready.Began, began), Math.Max(ready.Ended, ended));
        }
        ready.Began = ready.Began == long.MaxValue ? chat.Created : ready.Began;
        ready.Gist = starts.Count == 1 ? ready.Episodes[0].Gist : Store.Gist.Of(turns[..Math.Min(turns.Length, 200)]);
        return ready;
    }

    static byte[] HashOf(Chat chat)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(chat.Title));
        Span<byte> numbers = stackalloc byte[24];
        foreach (Turn turn in chat.Turns)
        {
            MemoryMarshal.Write(numbers, turn.Time);
            MemoryMarshal.Write(numbers[8..], turn.Parent);
            MemoryMarshal.Write(numbers[12..], (int)turn.Role | (int)turn.Flags << 8);
            MemoryMarshal.Write(numbers[16..], turn.Text.Length);
            MemoryMarshal.Write(numbers[20..], turn.Id.Length);
            hash.AppendData(numbers);
            hash.AppendData(MemoryMarshal.AsBytes(turn.Id.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(turn.Speaker.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(turn.Text.AsSpan()));
        }
        return hash.GetHashAndReset();
    }
}
