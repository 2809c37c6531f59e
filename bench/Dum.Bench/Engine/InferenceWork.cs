using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;

namespace Dum.Bench;

/// <summary>The 110 M model in fresh memory, reading prompts and generating with one or many sequences.</summary>
sealed class InferenceWork : IDisposable
{
    const int ShortPrompt = 8;

    readonly TokenWeights _weights;
    readonly TokenSession _session;
    readonly int[] _ids;
    readonly int _sequence;

    public InferenceWork(WeightFormat format, int threads, Func<KernelTable, KernelTable>? observe = null)
    {
        _weights = RandomModel.Make(RandomModel.Llama110M, format);
        int context = InferenceBench.Prompt + InferenceBench.Generated;
        if (observe is null)
        {
            _session = new TokenSession(_weights, threads, context: context);
        }
        else
        {
            var pool = new WorkerPool(threads); // the session's from here on
            _session = new TokenSession(_weights, pool, null, CacheFormat.F32, context, observe(new CpuKernels(pool)));
        }
        _ids = RandomModel.Ids(InferenceBench.Prompt, RandomModel.Llama110M.Vocabulary);
        _sequence = _session.Open();
    }

    /// <summary>Bytes of weights that a token reads.</summary>
    public long Bytes => _weights.Bytes;

    /// <summary>Reads a prompt from the start of the sequence.</summary>
    public void Prefill(int tokens = InferenceBench.Prompt)
    {
        _session.Truncate(_sequence, 0);
        Check(_session.Append(_sequence, _ids.AsSpan(0, tokens)));
    }

    /// <summary>Puts the sequence after a short prompt.</summary>
    public void Begin() => Prefill(ShortPrompt);

    /// <summary>Generates after what is there; the tokens are given, so that nothing but the model is measured.</summary>
    public void Decode(int tokens = InferenceBench.Generated)
    {
        for (int i = 0; i < tokens; i++)
            Check(_session.Append(_sequence, _ids.AsSpan(i, 1)));
    }

    /// <summary>Opens sequences, each with a short prompt.</summary>
    public int[] Open(int count)
    {
        int[] sequences = new int[count];
        foreach (ref int sequence in sequences.AsSpan())
        {
            sequence = _session.Open();
            _session.Append(sequence, _ids.AsSpan(0, ShortPrompt));
        }
        return sequences;
    }

    /// <summary>One token for each of the sequences, some times over.</summary>
    public void Step(ReadOnlySpan<int> sequences, int times)
    {
        for (int i = 0; i < times; i++)
            _session.Step(sequences, _ids.AsSpan(i, sequences.Length));
        Check(_session.Logits(0));
    }

    public void Close(int[] sequences)
    {
        foreach (int sequence in sequences)
            _session.Close(sequence);
    }

    public void Dispose()
    {
        _session.Dispose();
        _weights.Dispose();
    }

    static void Check(ReadOnlySpan<float> logits)
    {
        if (!float.IsFinite(logits[0]) || logits[0] == 0)
            throw new DumException("the model came out wrong");
    }
}
