using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>Reads a text once and gives its hyperwords block by block, cut just as <see cref="FoldWriter"/> cuts them. Memory is bounded by the block.</summary>
/// <example><code>
/// var walk = new FoldWalk(File.OpenRead("book.txt"), lexicon);
/// foreach (ReadOnlyMemory&lt;int&gt; block in walk.Read())
///     Count(block.Span);
/// </code></example>
public sealed class FoldWalk
{
    readonly TextBlocks _blocks;

    /// <param name="content">Read to its end; stays open.</param>
    /// <param name="lexicon">Whose hyperwords.</param>
    /// <param name="options">How the text is or will be folded.</param>
    /// <param name="progress">Told how many bytes have been read.</param>
    public FoldWalk(Stream content, LexiconFile lexicon, FoldOptions? options = null, Action<long>? progress = null)
    {
        options = (options ?? new FoldOptions()).Checked();
        _blocks = new TextBlocks("", content, lexicon.Vocabulary.Encoder, new SceneSplitter(lexicon.Vocabulary, options.Rule), options.BlockBytes, progress ?? (_ => { }));
    }

    /// <summary>Bytes read so far.</summary>
    public long Bytes => _blocks.Bytes;

    /// <summary>SHA-256 of the whole, 64 hexadecimal digits, once it has been read.</summary>
    public string Sha256 => _blocks.Sha256;

    /// <summary>The hyperwords of each block, in order; a block's end ends its last scene and episode. To be walked once.</summary>
    public IEnumerable<ReadOnlyMemory<int>> Read()
    {
        foreach (TextBlock block in _blocks.Read())
            yield return block.Ids;
    }
}
