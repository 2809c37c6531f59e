using Dum.App.Views.Report;
using Dum.Folding;
using Dum.Lexicon;

namespace Dum.App.Views;

/// <summary>What a fold is compared with and shown as, beyond the fold itself.</summary>
sealed record FoldExtras(string[] Tokenizers, string? Report, bool Peers, bool Json)
{
    /// <summary>Beyond this, other compressors run only when asked for: they would take longer than the fold.</summary>
    const long PeerBytes = 8 << 20;

    public FoldSummary Complete(FoldSummary summary, IReadOnlyList<FoldInput> inputs, LexiconFile lexicon, FoldOptions options, CancellationToken cancel)
    {
        if (!summary.Appended && (Peers || summary.Bytes <= PeerBytes))
            summary = summary with { Peers = PeerCompressor.Measure(inputs, cancel) };
        if (Report is not null)
        {
            summary = summary with { Report = Report };
            ReportPage.Save(Report, summary, ReportFacts.Of(inputs, summary.Output, lexicon, options, cancel), CommandLine.Typed());
        }
        return summary;
    }
}
