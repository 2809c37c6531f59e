using Dum.Hypersymbols;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Training;

namespace Dum.Bench;

/// <summary>Predicts the code of the next scene from the thought of this one: multinomial logistic regression over a frozen model.</summary>
sealed unsafe class CodeHead : IDisposable
{
    const int Rows = 512, Epochs = 6;
    const double Rate = 3e-3;
    const uint Domain = 72;

    readonly Plan _plan = new(training: true);
    readonly Tensor _x, _logits;
    readonly int[] _targets = new int[Rows];
    readonly CrossEntropy _loss;

    CodeHead(int width, int codes)
    {
        _x = _plan.Tensor("thoughts", Rows, width);
        Parameter weights = _plan.Matrix("head", width, ("head", codes)), bias = _plan.Vector("head bias", ("bias", codes));
        Block logits = _plan.Activations.Take("logits", Rows, codes);
        _logits = new Tensor(logits, logits);
        _plan.Append(new Linear(_plan, weights, bias, _plan.Room(weights), _x, _logits));
        _loss = _plan.Append(new CrossEntropy(_logits, _targets, _plan.Column("losses", Rows), _plan.Column("log sums", Rows)));
        _plan.Allocate();
    }

    /// <summary>Learns from all scenes of a sample that have a scene before them in their window.</summary>
    public static CodeHead Learn(SceneSample sample, SceneCodes codes, int count, KernelTable kernels)
    {
        List<(ReadOnlyMemory<float> Thought, int Next)> pairs = [];
        int row = 0;
        foreach (SceneStretch stretch in SceneCodes.Ordered(sample))
            for (int i = 0; i < stretch.Vectors.Scenes.Count; i++, row++)
                if (!stretch.Vectors.Opens[i] && row < codes.Learned)
                    pairs.Add((stretch.Vectors.Thoughts.AsMemory((i - 1) * sample.Width, sample.Width), codes.Codes[row]));
        var head = new CodeHead(sample.Width, count);
        using var optimiser = new Optimiser(head._plan, kernels, OptimiserKind.AdamW, decay: 0.01);
        var random = new Philox(1, Domain);
        int steps = Epochs * pairs.Count / Rows;
        for (int step = 1; step <= steps; step++)
        {
            for (int r = 0; r < Rows; r++)
            {
                (ReadOnlyMemory<float> thought, int next) = pairs[(int)(random.Unit(0, (uint)step, (uint)r) * pairs.Count)];
                thought.Span.CopyTo(head._x.Value.Row(r));
                head._targets[r] = next;
            }
            head._plan.Forward(kernels);
            head._plan.Backward(kernels);
            optimiser.Step(Rate * Math.Min(1, 1.02 - ((double)step / steps)), 1, step);
        }
        return head;
    }

    /// <summary>Bits to name the code of the scene after each thought.</summary>
    public double[] Bits(IReadOnlyList<(ReadOnlyMemory<float> Thought, int Next)> pairs, KernelTable kernels)
    {
        var bits = new double[pairs.Count];
        for (int first = 0; first < pairs.Count; first += Rows)
        {
            Array.Fill(_targets, -1);
            for (int r = 0; r < Math.Min(Rows, pairs.Count - first); r++)
            {
                pairs[first + r].Thought.Span.CopyTo(_x.Value.Row(r));
                _targets[r] = pairs[first + r].Next;
            }
            _plan.Forward(kernels);
            for (int r = 0; r < Math.Min(Rows, pairs.Count - first); r++)
                bits[first + r] = _loss.Losses[r] / Math.Log(2);
        }
        return bits;
    }

    public void Dispose() => _plan.Dispose();
}
