using System.Globalization;

namespace Dum.Mind.Search;

/// <summary>Times as people name them: 'last June', 'in May 2023', 'прошлым летом', '7 мая 2023', '2024-03-01', 'вчера'.</summary>
static class TimeWords
{
    static readonly string[] s_english = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    static readonly string[] s_russian = ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"];

    static readonly (string Start, int Month)[] s_seasons =
        [("winter", 12), ("spring", 3), ("summer", 6), ("autumn", 9), ("fall", 9), ("зим", 12), ("весн", 3), ("лет", 6), ("осен", 9)];

    public static List<TimeSpanNamed> Find(string text, DateTimeOffset now)
    {
        var found = new List<TimeSpanNamed>();
        string[] words = Words(text);
        DateTimeOffset today = new(now.Date, TimeSpan.Zero);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i], before = i > 0 ? words[i - 1] : "", next = i + 1 < words.Length ? words[i + 1] : "";
            if (DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
                found.Add(Days(new DateTimeOffset(date.ToDateTime(default), TimeSpan.Zero), 1));
            else if (word is "yesterday" or "вчера")
                found.Add(Days(today.AddDays(-1), 1));
            else if (word is "today" or "сегодня")
                found.Add(Days(today, 1));
            else if (word is "позавчера")
                found.Add(Days(today.AddDays(-2), 1));
            else if (Month(word, before) is > 0 and int month)
                found.Add(NamedMonth(month, before, next, words, i, now));
            else if (Season(word) is > 0 and int season && (IsLast(before) || IsThis(before) || Year(next) > 0))
                found.Add(NamedSeason(season, before, next, now));
            else if ((IsLast(before) || IsThis(before)) && Unit(word) is { } unit)
                found.Add(NamedUnit(unit, IsLast(before) ? 1 : 0, today));
            else if (Year(word) is > 0 and int year && (i == 0 || Month(before, "") == 0))
                found.Add(Months(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero), 12));
        }
        return found;
    }

    static TimeSpanNamed NamedMonth(int month, string before, string next, string[] words, int at, DateTimeOffset now)
    {
        int year = Year(next), day = Day(before);
        if (year == 0 && Day(next) > 0)
        {
            day = Day(next);
            year = at + 2 < words.Length ? Year(words[at + 2]) : 0;
        }
        if (year == 0 && IsLast(before))
            year = month < now.Month ? now.Year : now.Year - 1;
        if (year == 0 && IsThis(before))
            year = now.Year;
        if (year == 0)
            return new TimeSpanNamed(0, 0, month);
        return day > 0 && day <= DateTime.DaysInMonth(year, month)
            ? Days(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero), 1)
            : Months(new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero), 1);
    }

    static TimeSpanNamed NamedSeason(int month, string before, string next, DateTimeOffset now)
    {
        int year = Year(next);
        if (year == 0)
        {
            year = now.Year;
            // the last summer is the latest that has ended
            if (IsLast(before) && new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(3) > now)
                year--;
        }
        return Months(new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero), 3);
    }

    static TimeSpanNamed NamedUnit(string unit, int back, DateTimeOffset today) => unit switch
    {
        "week" => Days(today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - 7 * back), 7),
        "month" => Months(new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-back), 1),
        _ => Months(new DateTimeOffset(today.Year - back, 1, 1, 0, 0, 0, TimeSpan.Zero), 12),
    };

    static TimeSpanNamed Days(DateTimeOffset from, int days) => new(from.ToUnixTimeSeconds() / 60, from.AddDays(days).ToUnixTimeSeconds() / 60, 0);

    static TimeSpanNamed Months(DateTimeOffset from, int months) => new(from.ToUnixTimeSeconds() / 60, from.AddMonths(months).ToUnixTimeSeconds() / 60, 0);

    static int Month(string word, string before)
    {
        int month = Array.IndexOf(s_english, word) + 1;
        // may is a word of its own: it is a month after in, last, or a number
        if (month == 5 && !(before is "in" or "of" or "last" or "this" or "since" or "during" || Day(before) > 0))
            return 0;
        if (month > 0)
            return month;
        for (int i = 0; i < s_russian.Length; i++)
            if (word.StartsWith(s_russian[i], StringComparison.Ordinal) && (i == 4 ? word is "май" or "мая" or "мае" or "маю" or "маем" : word.Length <= s_russian[i].Length + 2 && (i != 2 || word is not "марта" || true)))
                return i + 1;
        return 0;
    }

    static int Season(string word)
    {
        foreach ((string start, int month) in s_seasons)
            if (word.StartsWith(start, StringComparison.Ordinal) && word.Length <= start.Length + (char.IsAsciiLetter(start[0]) ? 0 : 2) && !(start == "лет" && word is not ("лето" or "лета" or "летом" or "лете")))
                return month;
        return 0;
    }

    static string? Unit(string word) =>
        word is "week" || word.StartsWith("недел", StringComparison.Ordinal) ? "week"
        : word is "month" || word.StartsWith("месяц", StringComparison.Ordinal) ? "month"
        : word is "year" or "год" or "году" or "года" or "годом" ? "year" : null;

    static bool IsLast(string word) => word is "last" or "previous" || word.StartsWith("прошл", StringComparison.Ordinal);

    static bool IsThis(string word) => word is "this" || word is "этот" or "эта" or "это" or "этим" or "этом" or "этой" or "эту";

    static int Year(string word) => word.Length == 4 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int y) && y is >= 1970 and <= 2100 ? y : 0;

    static int Day(string word) =>
        int.TryParse(word.TrimEnd('s', 't', 'h', 'n', 'r', 'd'), NumberStyles.None, CultureInfo.InvariantCulture, out int d) && d is >= 1 and <= 31 ? d : 0;

    static string[] Words(string text) =>
        text.ToLowerInvariant().Split([' ', ',', '.', '?', '!', ';', ':', '"', '«', '»', '(', ')', '\n', '\t', '\''], StringSplitOptions.RemoveEmptyEntries);
}
