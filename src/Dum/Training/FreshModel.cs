using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Scenes;

namespace Dum.Training;

/// <summary>A model of a preset's size, from random weights.</summary>
sealed class FreshModel(LexiconFile lexicon, TrainingPreset preset) : TrainingTask
{
    public override string Id => lexicon.Id;

    public override (double Rate, int BatchTokens, int Context) Defaults => (preset.Rate, preset.BatchTokens, preset.Context);

    /// <summary>One entry more than the lexicon: it closes documents.</summary>
    public override int Vocabulary => lexicon.Vocabulary.Count + 1;

    public override string ResultName => "model.safetensors";

    public override int BytesOf(int id) => id < lexicon.Vocabulary.Count ? lexicon.Vocabulary[id].Length : 0;

    public override string Sizes => ShapeOverrides.Describe(preset);

    public override PlanModel Model(int sequences, int length, Shard text, Plans.Candidates? candidates)
    {
        if (preset.Scene is not { } scene)
            return new TokenModel(preset.Token! with { Vocabulary = Vocabulary, Context = length }, sequences, length, training: true, candidates);
        var splitter = new SceneSplitter(lexicon.Vocabulary, scene.Rule);
        return new SceneModel(scene.With(Vocabulary, length), splitter, sequences, length, SceneLayout.Room(splitter, text.Ids, text.End, length), training: true, candidates);
    }

    public override void Initialise(PlanModel model, ulong seed, DrawRecorder? draws) => model.Initialise(seed, draws);

    public override void Begin(string folder) => lexicon.Save(Path.Combine(folder, ModelFolder.TrainingLexiconName));

    public override void Save(string folder, PlanModel model) => ModelFolder.SaveModel(folder, model, lexicon, lexicon.Vocabulary.Count);
}
