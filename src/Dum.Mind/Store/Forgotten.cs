using System.Security.Cryptography;
using System.Text;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>A stretch of bytes within a piece.</summary>
readonly record struct Stretch(long At, long Bytes);

/// <summary>What was forgotten on purpose, known by hashes alone: an import looks here, so that no file brings it back.</summary>
sealed class Forgotten(Db db)
{
    bool _isEmpty = db.Number("SELECT count(*) FROM forgotten") == 0;

    public bool HasConversation(string key) => Has("forgotten\n" + key);

    public void AddConversation(string key) => Add("forgotten\n" + key);

    public void AddTurn(string key, Turn turn)
    {
        Add("turns of\n" + key);
        Add(NameOf(key, turn));
    }

    /// <summary>The conversation without its forgotten turns, or the same one.</summary>
    public Chat Without(Chat chat)
    {
        if (!Has("turns of\n" + Db.Storable(chat.Key)))
            return chat;
        var left = new Chat { Key = chat.Key, Format = chat.Format, Title = chat.Title, Created = chat.Created, Updated = chat.Updated };
        foreach (Turn turn in chat.Turns)
            left.Turns.Add(Has(NameOf(Db.Storable(chat.Key), turn)) ? Blank(turn) : turn);
        return left;
    }

    /// <summary>The bytes of a file's piece with spaces in place of what is forgotten; null when all of it is.</summary>
    /// <param name="chats">What the piece holds.</param>
    /// <param name="bytes">The piece; never changed.</param>
    /// <param name="blanks">Where the spaces are.</param>
    public byte[]? Without(IReadOnlyList<Chat> chats, byte[] bytes, out List<Stretch> blanks)
    {
        List<Stretch>? found = In(chats);
        blanks = found ?? [];
        return found is null ? null : found.Count == 0 ? bytes : Wiped(bytes, found);
    }

    /// <summary>Where a piece holds what is forgotten; null when all of it is.</summary>
    /// <param name="chats">What the piece holds.</param>
    public List<Stretch>? In(IReadOnlyList<Chat> chats)
    {
        var found = new List<Stretch>();
        foreach (Chat chat in _isEmpty ? [] : chats)
        {
            bool isWhole = HasConversation(Db.Storable(chat.Key));
            if (isWhole && chats.Count == 1)
                return null;
            if (isWhole && chat.Bytes > 0)
            {
                // its title stands beside its turns
                found.Add(new Stretch(chat.At, chat.Bytes));
                continue;
            }
            Chat kept = isWhole ? chat : Without(chat);
            for (int i = 0; i < chat.Turns.Count; i++)
                if (isWhole || !ReferenceEquals(kept.Turns[i], chat.Turns[i]))
                    found.Add(new Stretch(chat.Turns[i].At, chat.Turns[i].Bytes));
        }
        return found;
    }

    /// <summary>The same bytes with spaces there.</summary>
    public static byte[] Wiped(byte[] bytes, IReadOnlyList<Stretch> blanks)
    {
        byte[] left = [.. bytes];
        foreach (Stretch blank in blanks)
            left.AsSpan((int)blank.At, (int)blank.Bytes).Fill((byte)' ');
        return left;
    }

    /// <summary>What is left of a turn: that there was one, when, by which role, and where spaces stand for it.</summary>
    public static Turn Blank(Turn turn) => turn with { Text = "", Id = "", Speaker = "", Flags = TurnMarks.Hidden | TurnMarks.Forgotten };

    bool Has(string name) => !_isEmpty && db.Number("SELECT count(*) FROM forgotten WHERE name=@a", Hash(name)) > 0;

    void Add(string name)
    {
        db.Run("INSERT INTO forgotten VALUES(@a) ON CONFLICT(name) DO NOTHING", Hash(name));
        _isEmpty = false;
    }

    // The id outlives repair and healing, which change the words.
    static string NameOf(string key, Turn turn) => $"turn\n{key}\n{(turn.Id.Length > 0 ? turn.Id : turn.Text)}";

    static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}
