using Dum.Files;
using Dum.Folding.Deep;
using Dum.Lexicon;

namespace Dum.Folding;

/// <summary>Folds files into a file, and unfolds them again, so that a failure at any moment leaves nothing half-done under a final name.</summary>
public static class FoldJob
{
    /// <summary>Folds documents into <paramref name="output"/>, beside it first; then reads what was written and checks it.</summary>
    /// <param name="inputs">What to fold.</param>
    /// <param name="output">The folded file.</param>
    /// <param name="append">Keep the documents that <paramref name="output"/> holds already and add to them.</param>
    /// <param name="lexicon">Codes the text.</param>
    /// <param name="options">How to fold.</param>
    /// <param name="progress">Told how many bytes have been read, over all documents.</param>
    /// <param name="cancel">Stops within a block.</param>
    /// <returns>The documents added, the size of the folded file, and how well the model predicted, where there was one.</returns>
    /// <exception cref="DumException">An input cannot be read, the output cannot be written, or verification failed; the output is as it was before.</exception>
    public static (List<FoldedDocument> Documents, long FoldedBytes, DeepScore? Score) Fold(IReadOnlyList<FoldInput> inputs, string output, bool append, LexiconFile lexicon, FoldOptions options, Action<long> progress, CancellationToken cancel)
    {
        var done = new List<FoldedDocument>();
        long size = 0;
        DeepScore? score = null;
        SafeFile.Write(output, stream =>
        {
            FoldWriter writer;
            using FileStream? before = append && File.Exists(output) ? File.OpenRead(output) : null;
            if (before is not null)
            {
                writer = FoldWriter.Continue(stream, new FoldReader(before, output, lexicon, model: options.Model), lexicon, options);
                FoldInput.RequireDifferent([.. writer.Names, .. inputs.Select(i => i.Document.Name)]);
            }
            else
                writer = new FoldWriter(stream, lexicon, options);
            long read = 0;
            // Where a model codes, reading is no measure of what is done.
            bool deep = options.Model is not null;
            writer.Coded = progress;
            foreach (FoldInput input in inputs)
            {
                using Stream content = Open(input);
                FoldedDocument document = writer.Add(input.Document, content, deep ? null : bytes => progress(read + bytes), cancel);
                read += document.Bytes;
                done.Add(document);
            }
            writer.Finish(cancel);
            score = writer.Score;
            stream.Flush();
            size = stream.Length;
            if (options.Verify && new FoldReader(stream, output, lexicon).Check(cancel) is [var first, ..])
                throw new DumException(Tongue.Say($"what was written reads back damaged ({first}): check the disk", $"записанное читается с повреждением ({first}): проверьте диск"));
        });
        return (done, size, score);
    }

    /// <summary>Unfolds documents into a folder, each beside its place first. Documents that are damaged are left out and named.</summary>
    /// <param name="reader">The folded file.</param>
    /// <param name="documents">Which of its documents.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="overwrite">Replace files that are there.</param>
    /// <param name="progress">Told how many bytes are unfolded, over all documents.</param>
    /// <param name="cancel">Stops within a block.</param>
    /// <returns>What went wrong, a line each; empty when all went well.</returns>
    /// <exception cref="DumException">A file is in the way, a name leads outside the folder, or the folder cannot be written; nothing was unfolded.</exception>
    public static List<string> Unfold(FoldReader reader, IReadOnlyList<FoldedDocument> documents, string folder, bool overwrite, Action<long> progress, CancellationToken cancel)
    {
        string root = Path.GetFullPath(folder);
        reader.RequireLexicon();
        FoldInput.RequireDifferent(documents.Select(d => d.Name));
        foreach (FoldedDocument document in documents)
        {
            DocumentName.Require(document.Name);
            string path = Path.Combine(root, document.Name);
            if (Path.DirectorySeparatorChar == '\\' && document.Name.Contains('\\'))
                throw new DumException(Tongue.Say($"the name '{document.Name}' cannot exist on this system", $"имя «{document.Name}» на этой системе невозможно"));
            if (!overwrite && document.Kind == DocumentKind.File && (File.Exists(path) || Directory.Exists(path)))
                throw new DumException(Tongue.Say(
                    $"{path} is there already: give another folder with -o, or --force to replace it",
                    $"{path} уже есть: укажите другую папку через -o или --force, чтобы заменить"));
            RequireNoLinkOnTheWay(root, document.Name);
        }
        var faults = new List<string>();
        long done = 0;
        foreach (FoldedDocument document in documents)
        {
            string path = Path.Combine(root, document.Name);
            try
            {
                Directory.CreateDirectory(document.Kind == DocumentKind.EmptyFolder ? path : Path.GetDirectoryName(path)!);
                if (document.Kind == DocumentKind.EmptyFolder)
                {
                    Directory.SetLastWriteTimeUtc(path, document.Modified.UtcDateTime);
                    continue;
                }
                SafeFile.Write(path, stream => reader.Unfold(document, stream, bytes => progress(done + bytes), cancel));
                File.SetLastWriteTimeUtc(path, document.Modified.UtcDateTime);
                if (document.UnixMode != 0 && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, (UnixFileMode)document.UnixMode & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit));
            }
            catch (Exception e) when (e is DumException or IOException or UnauthorizedAccessException)
            {
                faults.Add(e.Message);
            }
            done += document.Bytes;
        }
        return faults;
    }

    // A folder on the way that is a link could lead anywhere.
    static void RequireNoLinkOnTheWay(string root, string name)
    {
        string at = root;
        foreach (string part in name.Split('/')[..^1])
        {
            at = Path.Combine(at, part);
            if (new DirectoryInfo(at) is { Exists: true, LinkTarget: not null })
                throw new DumException(Tongue.Say($"{at} is a link: unfold into another folder", $"{at} — ссылка: разверните в другую папку"));
        }
    }

    static Stream Open(FoldInput input)
    {
        if (input.Document.Kind == DocumentKind.EmptyFolder)
            return Stream.Null;
        if (input.Path == FoldInput.StandardInput)
            return Console.OpenStandardInput();
        try
        {
            return new FileStream(input.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(input.Path, e);
        }
    }
}
