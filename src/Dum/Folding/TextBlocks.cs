using System.Security.Cryptography;
using Dum.Files;
using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>
/// Reads a stream once, encodes it to hyperwords as one text, and cuts it into blocks: where the first episode
/// begins past the wished size, or a scene when none comes soon. Memory is bounded by the block size, but for a
/// stretch in which no encoding has a certain border; such a stretch is cut by force at <see cref="MostPending"/>.
/// </summary>
sealed class TextBlocks(string name, Stream input, Encoder encoder, SceneSplitter splitter, int blockBytes, Action<long> progress)
{
    const int ReadBytes = 1 << 18;
    const int MostPending = 1 << 22;

    // Room for a block of the usual size; larger ones grow into theirs, so that many small documents cost little.
    const int FirstBytes = 5 << 18;

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Bytes [0, _length) of the open block and beyond; [0, _encoded) have their ids in _ids.
    byte[] _text = new byte[Math.Min(blockBytes + blockBytes / 4, FirstBytes) + 2 * ReadBytes];
    int _length, _encoded;
    int[] _ids = new int[1 << 16];
    int _count, _scenes, _episodes;
    SceneSplitter.Cursor _cursor;

    // How much was pending when encoding last came to nothing: no use in trying again before it has doubled.
    int _fruitless;

    /// <summary>Bytes read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>SHA-256 of all that was read, once the blocks are through.</summary>
    public string Sha256 { get; private set; } = "";

    public IEnumerable<TextBlock> Read()
    {
        bool final = false;
        while (!final)
        {
            if (_text.Length - _length < ReadBytes)
                Array.Resize(ref _text, _text.Length * 2);
            int read = Read(_text.AsSpan(_length, ReadBytes));
            final = read == 0;
            _hash.AppendData(_text, _length, read);
            _length += read;
            Bytes += read;
            int pending = _length - _encoded;
            if (!final && pending < 2 * _fruitless && pending < MostPending)
                continue;
            foreach (TextBlock block in Encode(final || pending >= MostPending))
                yield return block;
            progress(Bytes);
        }
        if (_length > 0)
            yield return Cut(_length, _count);
        Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
        _hash.Dispose();
    }

    /// <summary>A failure to read is told apart from a failure to write, which happens around it.</summary>
    int Read(Span<byte> room)
    {
        try
        {
            return input.Read(room);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read {name} to its end: {FileFault.Reason(e)}", $"{name} не дочитать до конца: {FileFault.Reason(e)}"), e);
        }
    }

    IEnumerable<TextBlock> Encode(bool whole)
    {
        int pending = _length - _encoded;
        if (_ids.Length - _count < pending)
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _count + pending));
        encoder.Encode(_text.AsSpan(_encoded, pending), _ids.AsSpan(_count), out int consumed, out int written, whole);
        _fruitless = consumed == 0 ? pending : 0;
        int at = _encoded, end = _count + written;
        for (int i = _count; i < end; i++)
        {
            SceneStart begins = splitter.Add(ref _cursor, _ids[i]);
            bool cut = i > 0 && ((at >= blockBytes && (begins & SceneStart.Episode) != 0) || (at >= blockBytes + blockBytes / 4 && begins != SceneStart.None));
            if (cut)
            {
                (_encoded, _count) = (at, i);
                yield return Cut(at, i);
                // What follows the cut has moved to the front, and starts a block of its own.
                (at, end, i) = (0, end - i, 0);
                begins = splitter.Add(ref _cursor, _ids[0]);
            }
            _scenes += begins != SceneStart.None ? 1 : 0;
            _episodes += (begins & SceneStart.Episode) != 0 ? 1 : 0;
            at += encoder.LengthOf(_ids[i]);
        }
        (_encoded, _count) = (at, end);
    }

    /// <summary>Takes the block off the front.</summary>
    TextBlock Cut(int bytes, int ids)
    {
        var block = new TextBlock(_text[..bytes], _ids[..ids], _scenes, _episodes);
        Array.Copy(_text, bytes, _text, 0, _length - bytes);
        Array.Copy(_ids, ids, _ids, 0, _ids.Length - ids);
        (_length, _encoded, _count, _scenes, _episodes, _cursor) = (_length - bytes, _encoded - bytes, _count - ids, 0, 0, default);
        return block;
    }
}
