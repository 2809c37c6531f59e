namespace Dum.Lexicon;

/// <summary>Which strings may become hyperwords, beyond the fixed law that punctuation never stands inside one.</summary>
[Flags]
public enum ClauseRules
{
    /// <summary>Bare words, with at most one mark at the end.</summary>
    None = 0,

    /// <summary>An apostrophe between two letters belongs to the word: don't.</summary>
    InnerApostrophe = 1,

    /// <summary>A hyphen between two letters belongs to the word: well-known, кто-нибудь.</summary>
    InnerHyphen = 2,

    /// <summary>Two or three closing marks may end a hyperword: said."</summary>
    ClosingRuns = 4,

    /// <summary>One quotation mark or bracket may begin a hyperword: "I am, («я.</summary>
    OpeningMarks = 8,

    /// <summary>A dash and a space may begin a hyperword: — сказал он.</summary>
    OpeningDash = 16,

    /// <summary>A dash after a space may end a hyperword: это —.</summary>
    ClosingDash = 32,

    /// <summary>A space belongs to the digits after it.</summary>
    SpacedDigits = 64,

    /// <summary>A closing mark may end a group of digits.</summary>
    ClosedDigits = 128,
}
