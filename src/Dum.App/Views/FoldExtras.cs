using Dum.App.Views.Report;
using Dum.Folding;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;

namespace Dum.App.Views;

/// <summary>What a fold is compared with and shown as, beyond the fold itself.</summary>
sealed record FoldExtras(IReadOnlyList<ForeignTokenizer> Tokenizers, string? Report, bool Peers, bool Json)
{
    /// <summary>Beyond this, other compressors run only when asked for: they would take longer than the fold.</summary>
    const long PeerBytes = 8 << 20;

    const int Piece = 1 << 24;

    public FoldSummary Complete(FoldSummary summary, IReadOnlyList<FoldInput> inputs, LexiconFile lexicon, FoldOptions options, CancellationToken cancel)
    {
        summary = summary with { Tokens = [.. Tokenizers.Select(t => new TokenCount(t.Name, t.Count, inputs.Sum(i => Count(t, i, cancel))))] };
        if (!summary.Appended && (Peers || summary.Bytes <= PeerBytes))
            summary = summary with { Peers = PeerCompressor.Measure(inputs, cancel) };
        if (Report is not null)
        {
            summary = summary with { Report = Report };
            ReportPage.Save(Report, summary, ReportFacts.Of(inputs, summary.Output, lexicon, options, cancel), CommandLine.Typed());
        }
        return summary;
    }

    /// <summary>Tokens of a file, read in pieces that end at a line's end: a tokenizer's own cuts lie there too, but for blank lines in a row.</summary>
    static long Count(ForeignTokenizer tokenizer, FoldInput input, CancellationToken cancel)
    {
        if (input.Document.Kind != DocumentKind.File)
            return 0;
        using FileStream stream = File.OpenRead(input.Path);
        var buffer = new byte[Math.Min(Piece, Math.Max(stream.Length, 1))];
        long tokens = 0;
        int length = 0;
        for (int read; (read = stream.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            length += read;
            int end = stream.Position == stream.Length ? length : buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end == 0)
                end = length;
            tokens += tokenizer.CountUnits(buffer.AsSpan(0, end));
            buffer.AsSpan(end, length - end).CopyTo(buffer);
            length -= end;
        }
        return tokens + tokenizer.CountUnits(buffer.AsSpan(0, length));
    }
}
