using System.Text;
using Dum.App.Views.Atlas;
using Dum.Files;
using Dum.Folding;
using Dum.Hypersymbols;
using Dum.Models;

namespace Dum.App.Views;

/// <summary>The hypersymbols of what was folded, in a file of JSON lines beside the archive: the archive stays what it is without them. Scenes are those of the atlas' model, told by their bytes in the document.</summary>
sealed class FoldTags : IDisposable
{
    readonly LanguageModel _model;
    readonly Hypersymbols.Atlas _atlas;
    readonly SceneTagger _tagger;

    /// <param name="atlas">The atlas' file.</param>
    /// <param name="model">The scene model that it was made with.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="DumException">The two do not belong together.</exception>
    public FoldTags(string atlas, string model, int threads)
    {
        _model = LanguageModel.Open(model);
        try
        {
            _atlas = Hypersymbols.Atlas.Load(atlas, _model);
            _tagger = new SceneTagger(_atlas, _model, threads);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>Where the tags of an archive stand.</summary>
    public static string Beside(string archive) => archive + ".tags.jsonl";

    /// <summary>A line with the name of each document, then one per scene.</summary>
    /// <param name="archive">The folded file.</param>
    /// <param name="append">Whether what is there stays.</param>
    /// <param name="inputs">What was folded; folders have no scenes.</param>
    /// <param name="done">Told the bytes of the documents that are done.</param>
    /// <param name="cancel">Stops; the file is then as it was.</param>
    public void Write(string archive, bool append, IEnumerable<FoldInput> inputs, Action<long> done, CancellationToken cancel) => SafeFile.Write(Beside(archive), stream =>
    {
        if (append && File.Exists(Beside(archive)))
            using (FileStream before = File.OpenRead(Beside(archive)))
                before.CopyTo(stream);
        long bytes = 0;
        using var to = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        foreach (FoldInput input in inputs.Where(i => i.Document.Kind == DocumentKind.File))
        {
            to.WriteLine($"{{\"document\":{AtlasView.Quote(input.Document.Name)}}}");
            using FileStream text = File.OpenRead(input.Path);
            AtlasView.Tags(_atlas, _tagger, _model.Lexicon!.Vocabulary, text, json: true, to, cancel);
            done(bytes += text.Length);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _tagger.Dispose();
        _model.Dispose();
    }
}
