using System.Globalization;

namespace Dum.Mind.Recall;

/// <summary>What <c>dum expand</c> takes: 12 (a conversation), 12.34 (a turn), 12.34-40 (turns).</summary>
readonly record struct Address(long Conversation, int First, int Last)
{
    /// <exception cref="DumException">It is no address.</exception>
    public static Address Parse(string text)
    {
        string[] parts = text.Split('.');
        string[] ends = parts.Length == 2 ? parts[1].Split('-') : [];
        if (parts.Length > 2 || ends.Length > 2 || !Number(parts[0], out long conversation) || (parts.Length == 2 && (!Number(ends[0], out _) || !Number(ends[^1], out _))))
            throw new DumException(Tongue.Say($"'{text}' is no address: give 12, 12.34 or 12.34-40, as 'dum recall' prints them", $"«{text}» — не адрес: дайте 12, 12.34 или 12.34-40, как их печатает 'dum recall'"));
        if (ends.Length == 0)
            return new Address(conversation, 0, int.MaxValue);
        Number(ends[0], out long first);
        Number(ends[^1], out long last);
        return new Address(conversation, (int)Math.Min(first, int.MaxValue), (int)Math.Min(last, int.MaxValue));
    }

    static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
