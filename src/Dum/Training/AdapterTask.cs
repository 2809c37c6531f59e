using System.Globalization;
using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Plans;
using Dum.Scenes;

namespace Dum.Training;

/// <summary>
/// A LoRA adapter beside a frozen model (arXiv 2106.09685): A begins as PEFT's does, uniform within ±1/√inputs, and B as
/// zeros, so training begins at the base's own loss. The base stays as it is in memory, of any format; only the adapter has
/// gradients and an optimiser's memory.
/// </summary>
/// <param name="model">The base; must outlive the task.</param>
/// <param name="options">The adapter's size and place.</param>
sealed class AdapterTask(LanguageModel model, AdapterOptions options) : TrainingTask
{
    const int MostContext = 512, Batch = 4096;

    readonly Func<string, bool> _applies = options.Selector(model.Stacks);

    public override string Id => string.Create(CultureInfo.InvariantCulture,
        $"{model.Id} rank {options.Rank} alpha {options.Alpha} {string.Join(',', options.Targets)} {options.Part}");

    /// <summary>The rate is the best of the sweep in LOG.md.</summary>
    public override (double Rate, int BatchTokens, int Context) Defaults => (AdapterOptions.DefaultRate, Batch, Math.Min(model.Context, MostContext));

    public override int Vocabulary => model.Vocabulary;

    public override string ResultName => AdapterFile.Weights;

    public override bool MaySample => false;

    public override bool HasBase => true;

    public override int BytesOf(int id) => id < model.Tokenizer.Count ? model.Tokenizer.Bytes(id).Length : 0;

    public override string Sizes => $"{model.Name}, {Tongue.Say("rank", "ранг")} {options.Rank}";

    public override PlanModel Model(int sequences, int length, Shard text, Candidates? candidates)
    {
        var settings = new LoraSettings(options.Rank, (float)(options.Alpha / options.Rank), _applies);
        if (model.Scenes is not { } scenes)
            return new TokenModel(model.Weights!.Shape with { Context = length }, sequences, length, training: true, plan: new Plan(training: true, model.Weights.Frozen(), settings));
        SceneShape shape = scenes.Shape.With(scenes.Shape.Vocabulary, length);
        var splitter = new SceneSplitter(model.Lexicon!.Vocabulary, shape.Rule);
        return new SceneModel(shape, splitter, sequences, length, SceneLayout.Room(splitter, text.Ids, text.End, length), training: true, plan: new Plan(training: true, scenes.Frozen(), settings));
    }

    public override void Initialise(PlanModel made, ulong seed, DrawRecorder? draws)
    {
        var random = new Philox(seed, DrawDomain.Adapter, draws);
        uint index = 0;
        foreach (Parameter parameter in made.Plan.Parameters)
        {
            index++;
            float[] row = new float[parameter.Inputs];
            double bound = parameter.Name.EndsWith(".lora_A", StringComparison.Ordinal) ? 1 / Math.Sqrt(parameter.Inputs) : 0;
            for (int n = 0; n < parameter.Outputs; n++)
            {
                for (int i = 0; bound > 0 && i < row.Length; i++)
                    row[i] = (float)(((2 * random.Unit(index, (uint)n, (uint)i)) - 1) * bound);
                parameter.Weights!.SetRow(n, row);
            }
        }
    }

    public override void Save(string folder, PlanModel made) =>
        AdapterWriter.Write(folder, options.Rank, options.Alpha, [.. ModelFolder.Sources(made)], model.Name, model.Id);
}
