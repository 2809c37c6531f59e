using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;

namespace Dum.Models;

/// <summary>
/// A model as a plan over a fixed batch of rows = sequences × length: ids in, the loss of every next id out. What is
/// between the embedding and the head is the business of the models themselves.
/// </summary>
abstract class PlanModel : IDisposable
{

    /// <summary>Rows whose full logits are held at once where training does not need them.</summary>
    const int ExactRows = 256;

    readonly Candidates? _candidates;
    Block? _losses, _logSums;
    Tensor? _normed;

    /// <param name="vocabulary">Ids that are predicted.</param>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Positions per sequence.</param>
    /// <param name="plan">What to append to; disposed with the model.</param>
    /// <param name="candidates">Makes training use a sampled loss; null for the full one.</param>
    protected PlanModel(int vocabulary, int sequences, int length, Plan plan, Candidates? candidates)
    {
        (Vocabulary, Sequences, Length, _candidates) = (vocabulary, sequences, length, candidates);
        int rows = checked(sequences * length);
        (Ids, Targets) = (new int[rows], new int[rows]);
        Plan = plan;
    }

    public Plan Plan { get; }
    public int Vocabulary { get; }
    public int Sequences { get; }
    public int Length { get; }

    /// <summary>Input ids, row by row; set before <see cref="Arrange"/>.</summary>
    public int[] Ids { get; }

    /// <summary>The id after each row; below 0 where nothing is to be predicted.</summary>
    public int[] Targets { get; }

    /// <summary>[rows × vocabulary], or some rows of it where the loss is sampled.</summary>
    public Tensor Logits { get; private set; } = null!;

    /// <summary>The full loss; null where it is sampled.</summary>
    public CrossEntropy? Loss { get; private set; }

    /// <summary>The sampled loss; null where it is full.</summary>
    public SampledCrossEntropy? SampledLoss { get; private set; }

    /// <summary>Nats of every row, exactly.</summary>
    public ReadOnlySpan<float> Losses => _losses!.Row(0);

    public Parameter Embedding { get; private set; } = null!;
    public Parameter FinalGain { get; private set; } = null!;
    public Parameter Head { get; private set; } = null!;

    /// <summary>Layers that write into the stream of tokens: the depth by which their start is scaled.</summary>
    protected abstract int Depth { get; }

    /// <summary>Whether a matrix begins with 0: what it adds is noise until it has learned.</summary>
    protected virtual bool BeginsSilent(Parameter parameter) => false;

    /// <summary>Weights of the model, frozen ones among them.</summary>
    public abstract long Parameters { get; }

    /// <summary>Floating-point operations to learn from one unit: six per weight of a product, and attention.</summary>
    public abstract double FlopsPerUnit { get; }

    /// <summary>How many of these ids, from the first, one sequence of the batch takes.</summary>
    public virtual int Fit(ReadOnlySpan<int> ids) => Math.Min(ids.Length, Length);

    /// <summary>Prepares what follows from <see cref="Ids"/>; called before every forward pass.</summary>
    public virtual void Arrange()
    {
    }

    /// <summary>Runs forward to exact <see cref="Losses"/>, whichever loss training uses.</summary>
    public unsafe void ForwardExactly(KernelTable kernels)
    {
        Arrange();
        Plan.Forward(kernels);
        if (SampledLoss is null)
            return;
        for (int row = 0; row < Ids.Length; row += Logits.Value.Rows)
        {
            int count = Math.Min(Logits.Value.Rows, Ids.Length - row);
            Matrix normed = _normed!.Value, logits = Logits.Value.Top(count);
            kernels.Linear(normed.Part(row, count), Head.Weights!, null, logits);
            kernels.CrossEntropy(logits, Targets.AsSpan(row, count), _losses!.Data + row, _logSums!.Data + row);
        }
    }

    /// <summary>Normal weights of deviation 0.02, those that write into the stream divided by √(2·layers) (GPT-2), those that <see cref="BeginsSilent"/> names 0; gains 1.</summary>
    /// <param name="seed">The same seed gives the same bits on every machine.</param>
    /// <param name="draws">Is told every draw; null for nobody.</param>
    public unsafe void Initialise(ulong seed, DrawRecorder? draws = null)
    {
        var random = new Philox(seed, DrawDomain.Weights, draws);
        double branch = 0.02 / Math.Sqrt(2.0 * Depth);
        uint index = 0;
        float[] row = [];
        foreach (Parameter parameter in Plan.Parameters)
        {
            index++;
            if (!parameter.IsMatrix)
            {
                parameter.Value.Span[..parameter.Inputs].Fill(parameter.Name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
                continue;
            }
            double deviation = BeginsSilent(parameter) ? 0 : parameter.Name.EndsWith("o_proj", StringComparison.Ordinal) || parameter.Name.EndsWith("down_proj", StringComparison.Ordinal) ? branch : 0.02;
            Array.Resize(ref row, parameter.Inputs);
            for (int n = 0; n < parameter.Outputs; n++)
            {
                for (int i = 0; i < row.Length; i += 2)
                {
                    (double first, double second) = random.Normal(index, (uint)n, (uint)i);
                    row[i] = (float)(first * deviation);
                    if (i + 1 < row.Length)
                        row[i + 1] = (float)(second * deviation);
                }
                parameter.Weights!.SetRow(n, row);
            }
        }
    }

    public virtual void Dispose() => Plan.Dispose();

    /// <summary>Appends the table of ids; its rows begin the stream.</summary>
    protected Tensor Embed(int width, bool tied)
    {
        Embedding = Plan.Matrix("model.embed_tokens", width, ("model.embed_tokens.weight", Vocabulary));
        Tensor stream = Plan.Tensor("stream", Ids.Length, width);
        Plan.Append(new Embed(Plan, Embedding, Ids, stream, tied));
        return stream;
    }

    /// <summary>Appends the last norm, the head and the loss.</summary>
    protected void Predict(Tensor stream, float epsilon, bool tied)
    {
        int rows = Ids.Length, width = stream.Value.Columns;
        FinalGain = Plan.Vector("model.norm", ("model.norm.weight", width));
        Head = tied ? Embedding : Plan.Matrix("lm_head", width, ("lm_head.weight", Vocabulary));
        Tensor normed = Plan.Tensor("normed", rows, width);
        Plan.Append(new Norm(FinalGain, stream, normed, Plan.Column("inverse", rows), epsilon, last: true));
        int exact = _candidates is null ? rows : Math.Min(rows, ExactRows);
        Block logits = Plan.Activations.Take("logits", exact, Vocabulary);
        Logits = new Tensor(logits, Plan.Training && _candidates is null ? logits : null);
        (_losses, _logSums, _normed) = (Plan.Column("losses", rows), Plan.Column("log sums", rows), normed);
        if (_candidates is null)
        {
            Plan.Product(Head, null, normed, Logits);
            Loss = Plan.Append(new CrossEntropy(Logits, Targets, _losses, _logSums));
        }
        else
            SampledLoss = Plan.Append(new SampledCrossEntropy(Plan, Head, normed, Targets, _candidates, new SampledBlocks(Plan, rows, _candidates.Ids.Length, width)));
    }
}
