using Dum.Models;
using Dum.Numerics;

namespace Dum.Training;

/// <summary>What a <see cref="Trainer"/> trains: a model from scratch, or an adapter beside a frozen one.</summary>
abstract class TrainingTask
{
    /// <summary>Tells the task from others: a run goes on only with the same.</summary>
    public abstract string Id { get; }

    /// <summary>Rate, tokens per step and positions per sequence, where the options leave them open.</summary>
    public abstract (double Rate, int BatchTokens, int Context) Defaults { get; }

    /// <summary>Ids that are predicted.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>The file by which a folder is known to hold a finished result.</summary>
    public abstract string ResultName { get; }

    /// <summary>Whether the loss may be sampled.</summary>
    public virtual bool MaySample => true;

    /// <summary>Whether what stands before the first step is worth measuring.</summary>
    public virtual bool HasBase => false;

    /// <summary>Bytes of text that an id stands for.</summary>
    public abstract int BytesOf(int id);

    /// <summary>The model in words.</summary>
    public abstract string Sizes { get; }

    /// <summary>Makes the model, its weights not yet set.</summary>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Positions per sequence.</param>
    /// <param name="text">What will be learned from.</param>
    /// <param name="candidates">Of a sampled loss, or null.</param>
    public abstract PlanModel Model(int sequences, int length, Shard text, Plans.Candidates? candidates);

    /// <summary>Sets the weights that a run begins with.</summary>
    /// <param name="model">Whose.</param>
    /// <param name="seed">All draws follow from it.</param>
    /// <param name="draws">Is told them; null for nobody.</param>
    public abstract void Initialise(PlanModel model, ulong seed, DrawRecorder? draws);

    /// <summary>Puts into the folder what a run that goes on needs beside its state.</summary>
    public virtual void Begin(string folder)
    {
    }

    /// <summary>Writes a result that can be used.</summary>
    public abstract void Save(string folder, PlanModel model);
}
