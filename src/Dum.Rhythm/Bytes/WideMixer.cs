using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Logistic mixing of many logits by several weight sets, each chosen by a context of its own, and of their answers by a
/// last small set (Mahoney's PAQ8): a delta rule, local to each set. Whole numbers, eight lanes wide.
/// </summary>
sealed class WideMixer
{
    const int Lanes = 8, LastStart = 65536 / 4;

    readonly int _vectors, _sets;
    readonly int[] _weights, _first, _last;
    readonly int[] _chosen, _answer;
    readonly int _firstRate, _lastRate;
    int _lastChosen;

    /// <param name="inputs">Logits mixed, a multiple of eight.</param>
    /// <param name="contexts">How many contexts each set can be chosen by; at most eight sets.</param>
    /// <param name="lastContexts">Contexts of the last set.</param>
    /// <param name="start">Weight of every input at first, 65536 = 1.</param>
    /// <param name="firstRate">Rate of the sets.</param>
    /// <param name="lastRate">Rate of the last set.</param>
    public WideMixer(int inputs, int[] contexts, int lastContexts, int start, int firstRate, int lastRate)
    {
        (_vectors, _sets, _firstRate, _lastRate) = (inputs / Lanes, contexts.Length, firstRate, lastRate);
        Inputs = new int[inputs];
        _first = new int[_sets];
        int total = 0;
        for (int s = 0; s < _sets; s++)
        {
            _first[s] = total;
            total += contexts[s] * inputs;
        }
        _weights = new int[total];
        Array.Fill(_weights, start);
        _last = new int[lastContexts * Lanes];
        for (int i = 0; i < _last.Length; i++)
            _last[i] = i % Lanes < _sets ? LastStart * 4 / _sets : 0;
        (_chosen, _answer) = (new int[_sets], new int[Lanes]);
        Probabilities = new int[_sets];
    }

    /// <summary>The logits, to be filled before <see cref="Mix"/>.</summary>
    public int[] Inputs { get; }

    /// <summary>What each set said, of 65536.</summary>
    public int[] Probabilities { get; }

    /// <summary>Chooses a set's weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Choose(int set, int context) => _chosen[set] = _first[set] + (context * _vectors * Lanes);

    /// <summary>The mixed logit.</summary>
    public int Mix(int lastContext)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs), weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        for (int s = 0; s < _sets; s++)
        {
            Vector256<int> sum = default;
            int at = _chosen[s];
            for (int v = 0; v < _vectors; v++)
                sum += (Vector256.LoadUnsafe(ref inputs, (nuint)(v * Lanes)) * Vector256.LoadUnsafe(ref weights, (nuint)(at + (v * Lanes)))) >> 8;
            _answer[s] = Math.Clamp(Vector256.Sum(sum) >> 8, -Logistic.Limit, Logistic.Limit);
            Probabilities[s] = Logistic.Squash(_answer[s]);
        }
        _lastChosen = lastContext * Lanes;
        return Math.Clamp(Mixer.Dot(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_answer)), Mixer.Weight(ref MemoryMarshal.GetArrayDataReference(_last), _lastChosen)) >> 8, -Logistic.Limit, Logistic.Limit);
    }

    /// <summary>Learns the bit that came.</summary>
    /// <param name="bit">0 or 1.</param>
    /// <param name="probability">What <see cref="Mix"/> came to, of 65536.</param>
    public void Learn(int bit, int probability)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs), weights = ref MemoryMarshal.GetArrayDataReference(_weights), last = ref MemoryMarshal.GetArrayDataReference(_last);
        for (int s = 0; s < _sets; s++)
        {
            int error = (((bit << 16) - Probabilities[s]) * _firstRate) >> 4, at = _chosen[s];
            for (int v = 0; v < _vectors; v++)
                Mixer.Moved(ref weights, at + (v * Lanes), Mixer.Step(Vector256.LoadUnsafe(ref inputs, (nuint)(v * Lanes)), error)).StoreUnsafe(ref weights, (nuint)(at + (v * Lanes)));
        }
        Vector256<int> answers = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_answer));
        Mixer.Moved(ref last, _lastChosen, Mixer.Step(answers, (((bit << 16) - probability) * _lastRate) >> 4)).StoreUnsafe(ref last, (nuint)_lastChosen);
    }
}
