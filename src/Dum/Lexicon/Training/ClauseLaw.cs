namespace Dum.Lexicon;

/// <summary>
/// The law of hyperwords as an automaton over character classes: a string may be an entry when no step is refused and the last state may end.
/// It is the only place that decides; both stages ask it before they join two entries, so the encoder needs no rules.
/// </summary>
sealed class ClauseLaw(LexiconTrainingOptions options)
{
    public const int Start = 0;
    public const int Refused = -1;

    // States: what has been read. WordSpace and DashSpace wait for more and may not end.
    const int Newlines = 1, OneSpace = 2, Blanks = 3, Digits = 4, Word = 5, WordMark = 6, WordSpace = 7,
        Closed = 8, OneMark = 9, OneDash = 10, DashSpace = 11, Marks = 12, Fragment = 13, ClosedSpace = 14;
    const int CountShift = 4;
    const int ModeMask = (1 << CountShift) - 1;

    readonly bool _closingRuns = options.Has(ClauseRules.ClosingRuns);
    readonly bool _openingMarks = options.Has(ClauseRules.OpeningMarks);
    readonly bool _openingDash = options.Has(ClauseRules.OpeningDash);
    readonly bool _closingDash = options.Has(ClauseRules.ClosingDash);
    readonly bool _spacedDigits = options.Has(ClauseRules.SpacedDigits);
    readonly bool _closedDigits = options.Has(ClauseRules.ClosedDigits);
    readonly bool _innerApostrophe = options.Has(ClauseRules.InnerApostrophe);
    readonly bool _innerHyphen = options.Has(ClauseRules.InnerHyphen);

    public static bool MayEnd(int state) => state >= 0 && (state & ModeMask) is not (WordSpace or DashSpace or ClosedSpace);

    /// <summary>The state after the classes <paramref name="text"/> from <paramref name="state"/>, or <see cref="Refused"/>.</summary>
    public int Run(int state, ReadOnlySpan<CharClass> text)
    {
        foreach (CharClass c in text)
        {
            state = Step(state, c);
            if (state < 0)
                return Refused;
        }
        return state;
    }

    int Step(int state, CharClass c)
    {
        int count = state >> CountShift;
        return (state & ModeMask) switch
        {
            Start => First(c),
            Newlines => c == CharClass.Newline ? state : Refused,
            OneSpace => AfterSpace(c),
            Blanks => c is CharClass.Space or CharClass.Blank ? state : Refused,
            Digits => AfterDigits(count, c),
            Word => AfterLetter(count, c),
            WordMark => c == CharClass.Letter ? Counted(Word, count) : _closingRuns && Closes(c) ? Counted(Closed, 2) : Refused,
            WordSpace => AfterWordSpace(count, c),
            Closed => AfterClosed(count, c),
            ClosedSpace => c == CharClass.Dash ? Counted(Closed, 3) : Refused,
            OneMark => c == CharClass.Letter ? Counted(Word, 1) : CharClasses.IsMark(c) ? Marks : Refused,
            OneDash => c == CharClass.Space && _openingDash ? DashSpace : CharClasses.IsMark(c) ? Marks : Refused,
            DashSpace => c == CharClass.Letter ? Counted(Word, 1) : Refused,
            Marks => CharClasses.IsMark(c) ? Marks : Refused,
            _ => Refused,
        };
    }

    int First(CharClass c) => c switch
    {
        CharClass.Letter => Counted(Word, 1),
        CharClass.Digit => Counted(Digits, 1),
        CharClass.Newline => Newlines,
        CharClass.Space => OneSpace,
        CharClass.Blank => Blanks,
        CharClass.Fragment => Fragment,

        // Alone and without a space these may be the middle of a word.
        CharClass.Apostrophe => _innerApostrophe || _openingMarks ? OneMark : Marks,
        CharClass.Hyphen => _innerHyphen ? OneMark : Marks,
        _ => FirstMark(c),
    };

    int AfterSpace(CharClass c) => c switch
    {
        CharClass.Letter => Counted(Word, 1),
        CharClass.Digit => _spacedDigits ? Counted(Digits, 1) : Refused,
        CharClass.Space or CharClass.Blank => Blanks,
        CharClass.Apostrophe => _openingMarks ? OneMark : Marks,
        CharClass.Hyphen => Marks,
        _ => CharClasses.IsMark(c) ? FirstMark(c) : Refused,
    };

    int FirstMark(CharClass c) => c switch
    {
        CharClass.Opener or CharClass.Quote => _openingMarks ? OneMark : Marks,
        CharClass.Dash => OneDash,
        _ => Marks,
    };

    int AfterDigits(int count, CharClass c)
    {
        if (c == CharClass.Digit)
            return count < options.MaxDigits ? Counted(Digits, count + 1) : Refused;
        return _closedDigits && Closes(c) ? Counted(Closed, 1) : Refused;
    }

    int AfterLetter(int words, CharClass c) => c switch
    {
        CharClass.Letter => Counted(Word, words),
        CharClass.Space => Counted(WordSpace, words),
        CharClass.Apostrophe => _innerApostrophe ? Counted(WordMark, words) : Counted(Closed, 1),
        CharClass.Hyphen => _innerHyphen ? Counted(WordMark, words) : Counted(Closed, 1),
        CharClass.Opener => Refused,
        _ => CharClasses.IsMark(c) ? Counted(Closed, 1) : Refused,
    };

    int AfterWordSpace(int words, CharClass c) => c switch
    {
        CharClass.Letter => words < options.MaxWords ? Counted(Word, words + 1) : Refused,
        CharClass.Dash => _closingDash ? Counted(Closed, 3) : Refused,
        _ => Refused,
    };

    int AfterClosed(int marks, CharClass c)
    {
        if (c == CharClass.Space && _closingDash && marks < 3)
            return ClosedSpace;
        return _closingRuns && marks < 3 && Closes(c) ? Counted(Closed, marks + 1) : Refused;
    }

    static bool Closes(CharClass c) => c is CharClass.Closer or CharClass.Quote or CharClass.Apostrophe;

    static int Counted(int mode, int count) => mode | count << CountShift;
}
