namespace Dum.Rhythm.Bytes;

/// <summary>
/// The rings of the byte predictor and their phases after each byte: spans of 1 to 6 and 8 bytes; words, parted by whatever is no
/// letter and heard in lower case; sparse ones that skip bytes; lines (column and what stands above, how the line begins, who
/// speaks in a play); what the echo expects; and the kinds of the last bytes.
/// </summary>
sealed class PhaseBank
{
    /// <summary>How many rings there are, and how many of them, the first, have spans that grow.</summary>
    public const int Rings = 18, Orders = 7;

    const uint Second = 0x2C1B3C6D, Third = 0x297A2D39;

    static readonly byte[] s_kinds = [.. Enumerable.Range(0, 256).Select(Kind)];

    readonly byte[] _history;
    readonly int _mask;
    readonly uint[] _phases = new uint[Rings];
    uint _word, _lastWord, _beforeWord, _lineHash, _speaker;
    int _now, _line, _lineAbove;
    uint _lineStart, _beforeLead;
    ulong _kinds;

    /// <param name="history">The last bytes, at their number modulo its length, a power of two.</param>
    public PhaseBank(byte[] history)
    {
        (_history, _mask) = (history, history.Length - 1);
        Turn(-1, 0);
    }

    /// <summary>Phase of each ring.</summary>
    public ReadOnlySpan<uint> Phases => _phases;

    /// <summary>The last eight bytes, the newest lowest.</summary>
    public ulong Recent { get; private set; }

    /// <summary>Kinds of the last bytes, four bits each, the newest lowest.</summary>
    public int Kinds => (int)_kinds;

    /// <summary>Bytes of the word so far.</summary>
    public int WordLength { get; private set; }

    /// <summary>A byte has come and stands in the history.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="expected">What the echo expects next, or −1.</param>
    /// <param name="length">Length of the echo.</param>
    public void Take(int value, int expected, int length)
    {
        Recent = Recent << 8 | (uint)value;
        _kinds = _kinds << 4 | s_kinds[value];
        _now++;
        Word(value);
        Line(value);
        Turn(expected, length);
    }

    /// <summary>A letter goes on with the word; anything else ends it: the burst that resets the phase of the word rings.</summary>
    void Word(int value)
    {
        int low = value is >= 'A' and <= 'Z' ? value + 32 : value;
        int lead = (int)(Recent >> 8 & 255);
        // Cyrillic capitals in UTF-8: D0 90 … D0 AF become D0 B0 … D0 BF, D1 80 … D1 8F; the lead byte was heard alone.
        if (lead == 0xD0 && value is >= 0x90 and <= 0xAF)
            (_word, low) = value < 0xA0 ? (_word, value + 0x20) : (PhaseCode.Kicked(_beforeLead, 0xD1), value - 0x20);
        if (value is 0xD0 or 0xD1)
            _beforeLead = _word;
        if (low is >= 'a' and <= 'z' || value >= 128)
            (_word, WordLength) = (PhaseCode.Kicked(_word, low), WordLength + 1);
        else if (_word != 0)
            (_beforeWord, _lastWord, _word, WordLength) = (_lastWord, _word, 0, 0);
    }

    void Line(int value)
    {
        if (value != '\n')
        {
            _lineHash = PhaseCode.Kicked(_lineHash, value);
            if (_now - _line <= 2)
                _lineStart = _lineHash;
            return;
        }
        // A line that ends in a colon names who speaks from now on.
        if ((Recent >> 8 & 255) == ':')
            _speaker = _lineHash;
        (_lineAbove, _line, _lineHash, _lineStart) = (_line, _now, 0, 0);
    }

    void Turn(int expected, int length)
    {
        uint phase = 0;
        ulong bytes = Recent;
        uint[] to = _phases;
        for (int span = 1; span <= 8; span++, bytes >>= 8)
        {
            phase = PhaseCode.Kicked(phase, (int)(bytes & 255));
            if (span <= 6)
                to[span - 1] = phase;
        }
        int c1 = (int)(Recent & 255), c2 = (int)(Recent >> 8 & 255), c3 = (int)(Recent >> 16 & 255);
        int column = _now - _line, above = _history[(_lineAbove + column) & _mask];
        to[6] = phase;
        to[7] = PhaseCode.Kicked(_word, c1);
        to[8] = PhaseCode.Kicked(_word + (_lastWord * Second), c1);
        to[9] = _word + (_lastWord * Second) + (_beforeWord * Third);
        to[10] = PhaseCode.Kicked(PhaseCode.Kicked(_lastWord, c1), c2);
        to[11] = PhaseCode.Kicked(_word + (_beforeWord * Second), c1);
        to[12] = PhaseCode.Kicked(PhaseCode.Kicked(0, Math.Min(column, 255)), above);
        to[13] = PhaseCode.Kicked(_word, 1) + (_lineStart * Third);
        to[14] = PhaseCode.Kicked(PhaseCode.Kicked(0, expected + 1), Math.Min(length, 15));
        to[15] = PhaseCode.Kicked(PhaseCode.Kicked(0, c1), c3);
        to[16] = PhaseCode.Kicked(_word, 0) + _speaker;
        to[17] = (uint)(_kinds * 0x9E3779B97F4A7C15 >> 32);
    }

    /// <summary>Kinds of bytes that make the shape of a text: letters, digits, blanks, stops, brackets.</summary>
    static byte Kind(int value) => value switch
    {
        >= 'a' and <= 'z' or >= 128 => 1,
        >= 'A' and <= 'Z' => 2,
        >= '0' and <= '9' => 3,
        ' ' => 4,
        '\n' => 5,
        '.' or '!' or '?' => 6,
        ',' or ';' or ':' => 7,
        '"' or '\'' => 8,
        '(' or '[' or '{' or '<' => 9,
        ')' or ']' or '}' or '>' => 10,
        '-' or '+' or '*' or '/' or '=' => 11,
        '\t' or '\r' => 12,
        < 32 => 13,
        _ => 14,
    };
}
