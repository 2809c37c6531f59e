using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>What a piece of text is to the first stage.</summary>
enum PieceKind : byte
{
    /// <summary>A word, a run of marks or of blanks: material for both stages.</summary>
    Text,

    /// <summary>A group of digits: the first stage builds it, the second joins at most a closing mark.</summary>
    Digits,

    /// <summary>A run of line ends.</summary>
    Newlines,

    /// <summary>A byte that is not UTF-8.</summary>
    Stray,
}

/// <summary>
/// Cuts UTF-8 text into the pieces inside which the first stage merges: words with the one space before them,
/// digits in groups, runs of marks, runs of line ends, runs of blanks whose last space belongs to the next piece.
/// </summary>
ref struct WordScanner(ReadOnlySpan<byte> text, LexiconTrainingOptions options)
{
    /// <summary>Longer runs are cut: nothing so long becomes an entry.</summary>
    public const int MaxPiece = 256;

    readonly ReadOnlySpan<byte> _text = text;
    readonly bool _apostrophe = options.Has(ClauseRules.InnerApostrophe);
    readonly bool _hyphen = options.Has(ClauseRules.InnerHyphen);
    readonly bool _spacedDigits = options.Has(ClauseRules.SpacedDigits);
    readonly int _maxDigits = options.MaxDigits;
    int _end;

    public int Start { get; private set; }
    public PieceKind Kind { get; private set; }
    public readonly ReadOnlySpan<byte> Piece => _text[Start.._end];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next()
    {
        int i = Start = _end;
        if (i >= _text.Length)
            return false;
        Kind = PieceKind.Text;
        CharClass c = CharClasses.At(_text[i..], out int length);
        if (c is CharClass.Space or CharClass.Blank)
        {
            int run = i + 1;
            while (run < _text.Length && run - i < MaxPiece && _text[run] is (byte)' ' or (byte)'\t')
                run++;
            CharClass next = run < _text.Length ? CharClasses.At(_text[run..], out length) : CharClass.Newline;
            bool joins = _text[run - 1] == ' ' && (next == CharClass.Letter || CharClasses.IsMark(next) || next == CharClass.Digit && _spacedDigits);
            if (!joins || run - i > 1)
            {
                _end = joins ? run - 1 : run;
                return true;
            }
            i = run;
            c = next;
        }
        i += length;
        int limit = Math.Min(_text.Length, Start + MaxPiece);
        switch (c)
        {
            case CharClass.Letter:
                i = Letters(i, limit);
                break;
            case CharClass.Digit:
                Kind = PieceKind.Digits;
                for (int n = 1; n < _maxDigits && i < limit && CharClasses.At(_text[i..], out length) == CharClass.Digit; n++)
                    i += length;
                break;
            case CharClass.Newline:
                Kind = PieceKind.Newlines;
                while (i < limit && _text[i] is (byte)'\n' or (byte)'\r')
                    i++;
                break;
            case CharClass.Fragment:
                Kind = PieceKind.Stray;
                break;
            default:
                while (i < limit && CharClasses.IsMark(CharClasses.At(_text[i..], out length)))
                    i += length;
                break;
        }
        _end = i;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly int Letters(int i, int limit)
    {
        while (i < limit)
        {
            CharClass c = CharClasses.At(_text[i..], out int length);
            if (c != CharClass.Letter)
            {
                bool inner = c == CharClass.Apostrophe && _apostrophe || c == CharClass.Hyphen && _hyphen;
                int after = i + length;
                if (!inner || after >= limit || CharClasses.At(_text[after..], out int more) != CharClass.Letter)
                    return i;
                length += more;
            }
            i += length;
        }
        return i;
    }
}
