using Dum.Models;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Hypersymbols;

/// <summary>The scenes of one document and what a model makes of each.</summary>
/// <param name="Scenes">In order.</param>
/// <param name="Contents">[scenes × global width]: every scene folded from its own hyperwords.</param>
/// <param name="Thoughts">[scenes × global width]: every scene after all before it in its window.</param>
/// <param name="Opens">True for the first scene of a window, before which the model has seen nothing.</param>
sealed record SceneVectors(List<Scene> Scenes, float[] Contents, float[] Thoughts, bool[] Opens);

/// <summary>
/// Reads documents for the vectors of their scenes. A document longer than the model's context is read in windows that begin
/// with a scene, each by itself, so the result is a function of the document alone.
/// </summary>
sealed unsafe class SceneReader : IDisposable
{
    readonly SceneSession _session;
    readonly SceneSplitter _splitter;
    readonly int _end;
    readonly List<float> _contents = [], _thoughts = [];

    /// <param name="model">A scene model; not disposed here.</param>
    /// <param name="threads">Threads of this reader; several readers of one thread each are quicker.</param>
    /// <exception cref="DumException">The model has no scenes.</exception>
    public SceneReader(LanguageModel model, int threads)
    {
        SceneWeights weights = model.Scenes ?? throw new DumException(Tongue.Say(
            $"{model.Name} does not think in scenes: train one with 'dum train … --preset scene-3m'",
            $"{model.Name} — модель без сцен: обучите её командой 'dum train … --preset scene-3m'"));
        _splitter = new SceneSplitter(model.Lexicon!.Vocabulary, weights.Shape.Rule);
        _end = weights.Shape.Vocabulary - 1;
        Width = weights.Shape.Global.Width;
        _session = new SceneSession(weights, _splitter, new WorkerPool(threads)) { Hook = Keep };
    }

    /// <summary>Channels of a vector.</summary>
    public int Width { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="ids">Hyperwords of the model's lexicon, without the closing one.</param>
    public SceneVectors Read(ReadOnlySpan<int> ids)
    {
        List<Scene> scenes = _splitter.Split(ids);
        var opens = new bool[scenes.Count];
        _contents.Clear();
        _thoughts.Clear();
        for (int first = 0; first < scenes.Count;)
        {
            int last = first, start = scenes[first].First;
            // One place is left for the id that closes an unfinished scene.
            while (last < scenes.Count && scenes[last].First + scenes[last].Hyperwords - start < _session.Context)
                last++;
            last = Math.Max(last, first + 1);
            opens[first] = true;
            ReadWindow(ids[start..(last < scenes.Count ? scenes[last].First : ids.Length)], last - first);
            first = last;
        }
        return new SceneVectors(scenes, [.. _contents], [.. _thoughts], opens);
    }

    public void Dispose() => _session.Dispose();

    void ReadWindow(ReadOnlySpan<int> ids, int scenes)
    {
        int sequence = _session.Open();
        try
        {
            _session.ReadScenes(sequence, ids);
            if (_session.Scenes(sequence) < scenes)
                _session.ReadScenes(sequence, [_end]);
        }
        finally
        {
            _session.Close(sequence);
        }
    }

    void Keep(SceneStage stage, Matrix scenes)
    {
        List<float> to = stage == SceneStage.Content ? _contents : _thoughts;
        for (int r = 0; r < scenes.Rows; r++)
            to.AddRange(new ReadOnlySpan<float>(scenes.Row(r), Width));
    }
}
