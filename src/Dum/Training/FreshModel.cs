using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;

namespace Dum.Training;

/// <summary>A model of a preset's size, from random weights.</summary>
sealed class FreshModel(LexiconFile lexicon, TrainingPreset preset) : TrainingTask
{
    public override string Id => lexicon.Id;

    public override (double Rate, int BatchTokens, int Context) Defaults => (preset.Rate, preset.BatchTokens, preset.Shape.Context);

    /// <summary>One entry more than the lexicon: it closes documents.</summary>
    public override int Vocabulary => lexicon.Vocabulary.Count + 1;

    public override string ResultName => "model.safetensors";

    public override int BytesOf(int id) => id < lexicon.Vocabulary.Count ? lexicon.Vocabulary[id].Length : 0;

    public override TokenModel Model(int sequences, int length, Plans.Candidates? candidates)
    {
        ModelShape shape = preset.Shape with { Vocabulary = Vocabulary, Context = length };
        return new TokenModel(shape, sequences, length, training: true, candidates);
    }

    public override void Initialise(TokenModel model, ulong seed) => model.Initialise(seed);

    public override void Begin(string folder) => lexicon.Save(Path.Combine(folder, ModelFolder.TrainingLexiconName));

    public override void Save(string folder, TokenModel model) => ModelFolder.SaveModel(folder, model, lexicon, lexicon.Vocabulary.Count);
}
