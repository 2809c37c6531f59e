using System.Text;
using System.Text.Json;

namespace Dum.Mind.Import;

/// <summary>A stretch of a file that is stored and understood as one, and what stands between it and the last.</summary>
/// <param name="At">Where <paramref name="Bytes"/> begin in the file.</param>
/// <param name="Before">Bytes between the pieces: brackets, commas, white space.</param>
/// <param name="Bytes">The piece; empty for the end of a file.</param>
/// <param name="Fault">Why it is known to be damaged before anyone reads it; null when it is not.</param>
sealed record Piece(long At, byte[] Before, byte[] Bytes, string? Fault = null);

/// <summary>
/// Cuts a JSON array of any size into its records, reading once and holding one record. A record that never closes does
/// not take the rest with it: cutting goes on at the next place that looks like the start of a record. A record that is too long
/// is given in parts, none of which is understood, and cutting goes on behind its end.
/// </summary>
sealed class JsonArrayCutter(Stream input, int mostRecord = JsonArrayCutter.MostRecord)
{
    /// <summary>A longer record is not read: it would have to be held as a whole.</summary>
    public const int MostRecord = 1 << 26;

    /// <summary>So many keys tell the start of a record from the start of something within one.</summary>
    const int KeysToKnow = 3;

    /// <summary>Bytes of a record's start that hold those keys.</summary>
    const int StartBytes = 1 << 12;

    const int ReadBytes = 1 << 20;

    readonly ReadBuffer _lent = new(2 * ReadBytes);
    byte[] _buffer = [];
    int _length, _scanned, _start = -1, _done, _depth;
    bool _inString, _escaped, _array, _ended, _isLong;
    long _offset;
    byte[]? _signature;
    string _keys = "";

    public IEnumerable<Piece> Read()
    {
        _buffer = _lent.Bytes;
        try
        {
            foreach (Piece piece in Cut())
                yield return piece;
        }
        finally
        {
            _lent.Return();
        }
    }

    IEnumerable<Piece> Cut()
    {
        while (true)
        {
            if (Scan())
            {
                if (_isLong)
                {
                    foreach (Piece part in Parts(_scanned, TooLong(mostRecord)))
                        yield return part;
                    _isLong = false;
                }
                else
                    yield return Take(_scanned, null);
                continue;
            }
            if (_start >= 0 && (_ended || _isLong || _length - _start > mostRecord))
            {
                // The record never closed. What follows the next look-alike of a record's start may be whole.
                int next = _signature is null ? -1 : FindStart(_start + 1);
                if (next >= 0 || _ended)
                {
                    foreach (Piece part in Parts(next >= 0 ? next : _length, Tongue.Say("a record that does not end", "запись без конца")))
                        yield return part;
                    Restart();
                    continue;
                }
                // It is longer than is held: what has been read of it goes, but for what may be the start of the next record.
                _isLong = true;
                if (_length - _start > StartBytes)
                {
                    foreach (Piece part in Parts(_length - StartBytes, TooLong(mostRecord)))
                        yield return part;
                    _start = _done;
                }
            }
            if (_ended)
                break;
            Fill();
        }
        yield return new Piece(_offset + _done, _buffer[_done.._length], []);
    }

    /// <summary>Why a record is not read.</summary>
    public static string TooLong(int most) => Tongue.Say($"a record longer than {most >> 20} MiB", $"запись длиннее {most >> 20} МиБ");

    /// <summary>Takes what is held up to a place as parts that are not understood.</summary>
    IEnumerable<Piece> Parts(int end, string fault)
    {
        while (_done < end)
        {
            if (_start < 0)
                _start = _done;
            yield return Take(Math.Min(end, _start + LineCutter.FaultBytes), fault);
        }
    }

    void Restart()
    {
        (_inString, _escaped, _depth, _array, _isLong) = (false, false, 1, true, false);
        _scanned = _done;
    }

    void Fill()
    {
        if (_done > 0 && _start < 0 || _done > _buffer.Length / 2)
        {
            Array.Copy(_buffer, _done, _buffer, 0, _length - _done);
            _offset += _done;
            (_length, _scanned, _start, _done) = (_length - _done, _scanned - _done, _start < 0 ? -1 : _start - _done, 0);
        }
        if (_buffer.Length - _length < ReadBytes)
            _buffer = _lent.Grow();
        int read = input.Read(_buffer, _length, ReadBytes);
        _ended = read == 0;
        _length += read;
    }

    /// <summary>Goes on until a record has ended; <c>_scanned</c> is then behind it.</summary>
    bool Scan()
    {
        byte[] buffer = _buffer;
        int at = _scanned, end = _length;
        while (at < end)
        {
            byte b = buffer[at];
            if (_inString)
            {
                if (_escaped)
                {
                    _escaped = false;
                    at++;
                    continue;
                }
                int skip = buffer.AsSpan(at, end - at).IndexOfAny((byte)'"', (byte)'\\');
                if (skip < 0)
                {
                    at = end;
                    break;
                }
                at += skip;
                if (buffer[at] == (byte)'\\')
                    _escaped = true;
                else
                    _inString = false;
                at++;
                continue;
            }
            at++;
            if (b == (byte)'"')
                _inString = true;
            else if (b is (byte)'{' or (byte)'[')
            {
                if (_depth == 0 && b == (byte)'[')
                    _array = true;
                else if (_depth == (_array ? 1 : 0))
                    _start = at - 1;
                _depth++;
            }
            else if (b is (byte)'}' or (byte)']' && _depth > 0)
            {
                _depth--;
                if (_start >= 0 && _depth == (_array ? 1 : 0))
                {
                    _scanned = at;
                    return true;
                }
            }
        }
        _scanned = at;
        return false;
    }

    Piece Take(int end, string? fault)
    {
        if (fault is null && _signature is null && _buffer.AsSpan(_start, end - _start) is { Length: > 8 } record)
        {
            // {"title": — up to the colon, as it stands in this file
            int colon = record.IndexOf((byte)':');
            _signature = colon is > 2 and < 64 ? record[..(colon + 1)].ToArray() : null;
            _keys = KeysOf(record);
        }
        var piece = new Piece(_offset + _start, _buffer[_done.._start], _buffer[_start..end], fault);
        (_done, _start) = (end, -1);
        return piece;
    }

    int FindStart(int from)
    {
        int at = from;
        while (at < _length && _buffer.AsSpan(at, _length - at).IndexOf(_signature) is >= 0 and int found)
        {
            int before = at + found - 1;
            while (before > from && _buffer[before] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                before--;
            if (_buffer[before] == (byte)',' && KeysOf(_buffer.AsSpan(at + found, _length - at - found)) is { } keys && (keys == _keys || (_keys.StartsWith(keys, StringComparison.Ordinal) && _ended)))
                return at + found;
            at += found + 1;
        }
        return -1;
    }

    /// <summary>The first keys of a record, as far as they can be read.</summary>
    static string KeysOf(ReadOnlySpan<byte> record)
    {
        var keys = new StringBuilder();
        try
        {
            var reader = new Utf8JsonReader(record[..Math.Min(record.Length, StartBytes)], isFinalBlock: false, default);
            for (int n = 0; n < KeysToKnow && reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0);)
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    keys.Append(reader.GetString()).Append('\n');
                    n++;
                }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // damaged behind the keys that were read
        }
        return keys.ToString();
    }
}
