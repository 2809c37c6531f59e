using System.Globalization;
using Dum.Mind.Store;

namespace Dum.Mind.Recall;

/// <summary>Turns of one conversation, both ends included. 12.34 is a turn, 12.34-40 a scene, an episode or any stretch, 12 the whole conversation.</summary>
readonly record struct Address(long Conversation, int First, int Last)
{
    public bool IsWhole => this is { First: 0, Last: int.MaxValue };

    /// <summary>What <c>dum expand</c> and <c>dum memory forget</c> take: one stretch, or the episodes that began in a month (2024-06).</summary>
    /// <exception cref="DumException">It is no address, or nothing was said in that month.</exception>
    public static List<Address> Parse(Db db, string text)
    {
        if (!DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime month))
            return [One(text)];
        long from = new DateTimeOffset(month).ToUnixTimeMilliseconds(), to = new DateTimeOffset(month.AddMonths(1)).ToUnixTimeMilliseconds();
        List<Address> found = db.Rows("SELECT e.conversation, e.first-c.first, e.turns FROM episode e JOIN conversation c ON c.id=e.conversation WHERE e.began>=@a AND e.began<@b ORDER BY e.began, e.first",
            r => new Address(r.GetInt64(0), r.GetInt32(1), r.GetInt32(1) + r.GetInt32(2) - 1), from, to);
        return found.Count > 0 ? found : throw new DumException(Tongue.Say($"nothing in this memory is from {text}", $"за {text} в этой памяти ничего нет"));
    }

    static Address One(string text)
    {
        string[] parts = text.Split('.');
        string[] ends = parts.Length == 2 ? parts[1].Split('-') : [];
        if (parts.Length > 2 || ends.Length > 2 || !Number(parts[0], out long conversation) || (parts.Length == 2 && (!Number(ends[0], out _) || !Number(ends[^1], out _))))
            throw new DumException(Tongue.Say($"'{text}' is no address: give 12, 12.34, 12.34-40, as 'dum recall' prints them, or a month: 2024-06", $"«{text}» — не адрес: дайте 12, 12.34, 12.34-40, как их печатает 'dum recall', или месяц: 2024-06"));
        if (ends.Length == 0)
            return new Address(conversation, 0, int.MaxValue);
        Number(ends[0], out long first);
        Number(ends[^1], out long last);
        return new Address(conversation, (int)Math.Min(first, int.MaxValue), (int)Math.Min(last, int.MaxValue));
    }

    static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
