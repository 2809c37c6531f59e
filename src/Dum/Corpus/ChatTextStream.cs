using System.Text;
using System.Text.Json;

namespace Dum.Corpus;

/// <summary>
/// Reads chats kept as JSON lines (one object a line; every string under <c>t</c>, <c>text</c> or <c>content</c> is
/// something said) as plain text: one turn a line, a separator line after each chat. A line that is no JSON stays as it is.
/// </summary>
public sealed class ChatTextStream : Stream
{
    /// <summary>The line that parts documents in a training text.</summary>
    public const string Separator = "<|endoftext|>";

    readonly StreamReader _lines;
    byte[] _ready = [];
    int _taken;

    /// <param name="lines">JSON lines in UTF-8; closed with this stream.</param>
    public ChatTextStream(Stream lines) => _lines = new StreamReader(lines, Encoding.UTF8);

    /// <summary>True when the first line of a text is a JSON object that holds something said.</summary>
    public static bool Looks(ReadOnlySpan<byte> head)
    {
        int end = head.IndexOf((byte)'\n');
        var reader = new Utf8JsonReader(end < 0 ? head : head[..end], isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
                if (IsSaid(ref reader))
                    return true;
        }
        catch (JsonException)
        {
            // Not JSON: plain text.
        }
        return false;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_taken == _ready.Length)
        {
            if (_lines.ReadLine() is not { } line)
                return 0;
            (_ready, _taken) = (Encoding.UTF8.GetBytes(TextOf(line)), 0);
        }
        int length = Math.Min(buffer.Length, _ready.Length - _taken);
        _ready.AsSpan(_taken, length).CopyTo(buffer);
        _taken += length;
        return length;
    }

    static string TextOf(string line)
    {
        var text = new StringBuilder();
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            while (reader.Read())
                if (IsSaid(ref reader) && reader.Read() && reader.TokenType == JsonTokenType.String)
                    text.Append(reader.GetString()).Append('\n');
            return text.Append(Separator).Append('\n').ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return line + "\n";
        }
    }

    static bool IsSaid(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("t"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("content"u8));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lines.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
