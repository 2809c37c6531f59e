using Dum.Mind.Words;

namespace Dum.Mind.Search;

/// <summary>A word of a question: its term and how much it counts.</summary>
readonly record struct QuestionTerm(ulong Term, float Weight);

/// <summary>A stretch of time in minutes since 1970, end excluded; or a month of any year (1…12).</summary>
readonly record struct TimeSpanNamed(long From, long To, int AnyMonth);

/// <summary>What a question asks for: words, and the times it names.</summary>
sealed class Question
{
    /// <summary>A question of more words than this is cut.</summary>
    const int MostTerms = 64;

    public List<QuestionTerm> Terms { get; } = [];

    public List<TimeSpanNamed> Times { get; } = [];

    /// <summary>When it is asked, in minutes since 1970: ages count from here.</summary>
    public long Minute { get; private init; }

    /// <param name="text">In Russian or English.</param>
    /// <param name="now">What 'last June' and 'прошлым летом' are counted from.</param>
    public static Question Read(string text, DateTimeOffset now)
    {
        var question = new Question { Minute = now.ToUnixTimeSeconds() / 60 };
        var seen = new HashSet<ulong>();
        var reader = new TermReader(text);
        while (reader.Next() && question.Terms.Count < MostTerms)
            if (reader.IsTerm)
            {
                ulong term = reader.Stem;
                if (seen.Add(term))
                    question.Terms.Add(new QuestionTerm(term, 1));
            }
        question.Times.AddRange(TimeWords.Find(text, now));
        return question;
    }

    /// <summary>True when the question names this time.</summary>
    public bool IsWhen(long minute)
    {
        foreach (TimeSpanNamed time in Times)
            if (time.AnyMonth > 0
                ? DateTimeOffset.FromUnixTimeSeconds(minute * 60).Month == time.AnyMonth
                : minute >= time.From && minute < time.To)
                return true;
        return false;
    }
}
