using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dum.Checkpoints;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Tests.Models;

namespace Dum.Tests.Numerics;

/// <summary>A tiny model with AdamW, as the tests of allocation, of processes and of the golden run train it.</summary>
sealed unsafe class SmallTraining : IDisposable
{
    readonly KernelTable _kernels;
    readonly NativeFloats _mean, _square;
    double _power1 = 1, _power2 = 1;

    public SmallTraining(KernelTable kernels, ModelShape shape)
    {
        _kernels = kernels;
        Model = Shapes.Random(shape, 2, 37, training: true);
        // As a corpus is: what follows depends on what was there, so that there is something to learn.
        for (int i = 0; i < Model.Ids.Length; i++)
            Model.Targets[i] = i % 9 == 4 ? -1 : Model.Ids[i] * 7 % Model.Shape.Vocabulary;
        (_mean, _square) = (new(Count, "means"), new(Count, "squares"));
    }

    public TokenModel Model { get; }

    long Count => Model.Plan.Values.Bytes / sizeof(float);

    /// <summary>Nats of all rows, added in order.</summary>
    public double Loss
    {
        get
        {
            double sum = 0;
            foreach (float loss in Model.Losses)
                sum += loss;
            return sum;
        }
    }

    /// <summary>Forward, backward, clip to 1, AdamW.</summary>
    public void Step()
    {
        Model.Plan.Forward(_kernels);
        Model.Plan.Backward(_kernels);
        double size = Math.Sqrt(_kernels.SumOfSquares(Model.Plan.Gradients.Base, Count));
        (_power1, _power2) = (_power1 * 0.9, _power2 * 0.95);
        _kernels.AdamW(Model.Plan.Values.Base, Model.Plan.Gradients.Base, _mean.Data, _square.Data, Count,
            new AdamStep(3e-3f, 0.9f, 0.95f, 1e-8f, 0.1f, (float)(1 / (1 - _power1)), (float)(1 / (1 - _power2)), (float)Math.Min(1, 1 / size)));
    }

    /// <summary>A fingerprint of everything that arithmetic can touch: two steps' losses, gradients, weights, then a session's logits in every format of its cache.</summary>
    public static string Hash()
    {
        using var pool = new WorkerPool(2);
        using var training = new SmallTraining(new CpuKernels(pool), Shapes.Qwen);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int step = 0; step < 2; step++)
        {
            training.Step();
            hash.AppendData(MemoryMarshal.AsBytes(training.Model.Losses));
            hash.AppendData(MemoryMarshal.AsBytes(training.Model.Plan.Gradients.All));
            hash.AppendData(MemoryMarshal.AsBytes(training.Model.Plan.Values.All));
        }
        using TokenWeights weights = TokenWeights.Of(training.Model);
        foreach (CacheFormat format in Enum.GetValues<CacheFormat>())
        {
            using var session = new TokenSession(weights, 2, format);
            int a = session.Open(), b = session.Open();
            session.Append(a, training.Model.Ids.AsSpan(0, 40));
            session.Append(b, training.Model.Ids.AsSpan(40, 3));
            for (int step = 0; step < 3; step++)
            {
                session.Step([a, b], [step, step + 5]);
                hash.AppendData(MemoryMarshal.AsBytes(session.Logits(0)));
                hash.AppendData(MemoryMarshal.AsBytes(session.Logits(1)));
            }
        }
        // The formats of weights, which a model in training does not have; one row and several.
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            using PackedWeights packed = Weights.Random(1, format, 50, 100);
            using Sheet x = Sheet.Random(2, 9, 100), y = new(9, 50);
            var kernels = new CpuKernels(pool);
            for (int rows = 1; rows <= 9; rows++)
            {
                kernels.Linear(x.View.Part(0, rows), packed, null, y.View.Part(0, rows));
                for (int r = 0; r < rows; r++)
                    hash.AppendData(MemoryMarshal.AsBytes(y[r]));
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Model.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }
}
