using System.Text;

namespace Dum.Rhythm.Series;

/// <summary>Lines of a text that may be endless, in bounded memory: a line that is too long is left out and counted.</summary>
/// <param name="input">Read as far as lines are asked for; stays open.</param>
/// <param name="most">Characters of the longest line that is read.</param>
public sealed class LineReader(TextReader input, int most = 1 << 16)
{
    readonly StringBuilder _line = new();
    readonly char[] _buffer = new char[4096];
    int _at, _filled;
    bool _ended, _returned;

    /// <summary>Lines left out because they were too long.</summary>
    public long Skipped { get; private set; }

    /// <summary>Lines come by, those left out among them.</summary>
    public long Lines { get; private set; }

    /// <summary>The next line without its end; null behind the last.</summary>
    public string? Next()
    {
        while (true)
        {
            _line.Clear();
            bool any = false, cut = false;
            while (Take() is { } c)
            {
                // A line ends with \n, \r or both; the second of both is no line of its own.
                bool both = _returned && c == '\n';
                _returned = c == '\r';
                if (both)
                    continue;
                any = true;
                if (c is '\n' or '\r')
                    break;
                if (c != '\uFEFF' && !(cut |= _line.Length >= most))
                    _line.Append(c);
            }
            if (!any)
                return null;
            Lines++;
            if (!cut)
                return _line.ToString();
            Skipped++;
        }
    }

    char? Take()
    {
        if (_at == _filled)
        {
            (_at, _filled) = (0, _ended ? 0 : input.Read(_buffer, 0, _buffer.Length));
            if (_filled == 0)
            {
                _ended = true;
                return null;
            }
        }
        return _buffer[_at++];
    }
}
