using Dum.Checkpoints;
using Dum.Lexicon;
using Dum.Models;
using Dum.Plans;

namespace Dum.Training;

/// <summary>
/// A trained model as a folder: a Hugging Face checkpoint (config.json, model.safetensors) with its lexicon beside it.
/// </summary>
public static class ModelFolder
{
    /// <summary>The lexicon of a run that is under way; the finished model gets it too.</summary>
    internal const string TrainingLexiconName = "training.dumlex";

    /// <summary>The lexicon of a run that may go on in this folder; null where there is none.</summary>
    /// <exception cref="DumException">It is damaged.</exception>
    public static LexiconFile? TrainingLexicon(string folder)
    {
        string path = Path.Combine(folder, TrainingLexiconName);
        return File.Exists(path) ? LexiconFile.Load(path) : null;
    }

    /// <summary>Writes lexicon, weights and, last, the configuration: without it there is no model, so a kill leaves no mixture of two.</summary>
    internal static void SaveModel(string folder, PlanModel model, LexiconFile lexicon, int end)
    {
        File.Delete(Path.Combine(folder, "config.json"));
        lexicon.Save(Path.Combine(folder, LanguageModel.LexiconName));
        if (model is SceneModel scenes)
            SceneFile.Write(folder, scenes.Shape, lexicon.Id, Sources(model), StoredFormat.F32);
        else
            HuggingFaceWriter.Write(folder, ((TokenModel)model).Shape, Sources(model), StoredFormat.F32, bos: null, eos: end);
    }

    /// <summary>The parameters under the names of a checkpoint, row by row.</summary>
    internal static IEnumerable<WeightSource> Sources(PlanModel model)
    {
        foreach (Parameter parameter in model.Plan.Parameters)
        {
            int first = 0;
            foreach ((string name, int rows) in parameter.Parts)
            {
                int from = first;
                yield return parameter.IsMatrix
                    ? new WeightSource(new TensorSpec(name, rows, parameter.Inputs), (row, count, to) =>
                    {
                        for (int i = 0; i < count; i++)
                            parameter.Weights!.GetRow(from + row + i, to.Slice(i * parameter.Inputs, parameter.Inputs));
                    })
                    : new WeightSource(new TensorSpec(name, 1, rows, IsVector: true), (_, _, to) => parameter.Value.Span.Slice(from, rows).CopyTo(to));
                first += rows;
            }
        }
    }
}
