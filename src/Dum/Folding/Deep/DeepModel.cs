using Dum.Lexicon;
using Dum.Models;

namespace Dum.Folding.Deep;

/// <summary>A language model to fold with: named by its content, with a coder of its own. Not thread-safe.</summary>
public sealed class DeepModel : IDisposable
{
    readonly LanguageModel _model;
    readonly int _threads;
    DeepCoder? _coder;

    DeepModel(LanguageModel model, LexiconFile lexicon, string name, string id, int threads) =>
        (_model, Lexicon, Name, Id, _threads) = (model, lexicon, name, id, threads);

    /// <summary>Its folder's name, or <c>default</c>: what a folded file says that it needs.</summary>
    public string Name { get; }

    /// <summary>Names configuration, weights and lexicon: 32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Its units.</summary>
    public LexiconFile Lexicon { get; }

    internal DeepCoder Coder => _coder ??= new DeepCoder(_model.NewSession(_threads), Lexicon.Prior);

    /// <summary>Opens a model to fold or unfold with.</summary>
    /// <param name="path">A folder that <c>dum train</c> made, or <c>default</c>.</param>
    /// <param name="threads">Threads that work; the result does not depend on it.</param>
    /// <exception cref="DumException">Missing, damaged, without a lexicon, or lexicon and model do not belong together.</exception>
    public static DeepModel Open(string path, int threads)
    {
        LanguageModel model = LanguageModel.Open(path);
        try
        {
            LexiconFile lexicon = model.Lexicon ?? throw new DumException(Tongue.Say(
                $"{path} has no lexicon: fold with a model that 'dum train' made", $"у {path} нет лексикона: для свёртки нужна модель от 'dum train'"));
            if (model.Vocabulary - lexicon.Vocabulary.Count is not (0 or 1))
                throw new DumException(Tongue.Say(
                    $"{path}: the model predicts {model.Vocabulary} ids, its lexicon has {lexicon.Vocabulary.Count} entries: they do not belong together",
                    $"{path}: модель предсказывает {model.Vocabulary} номеров, а в лексиконе единиц {lexicon.Vocabulary.Count}: они от разных моделей"));
            lexicon.Warm(encoder: true);
            string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            return new DeepModel(model, lexicon, name, ModelIdentity.Of(model.Path, lexicon), threads);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _coder?.Dispose();
        _model.Dispose();
    }
}
