using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Logistic mixing of many logits by several weight sets, each chosen by a context of its own, and of their answers by a
/// last small set (Mahoney's PAQ8): a delta rule, local to each set, fast at first and slower later. Whole numbers, eight lanes wide.
/// </summary>
sealed class WideMixer
{
    const int Lanes = 8;

    // Rates: what stays, and what falls to half of it after so many decisions.
    const int Rate = 16, FirstRate = 400, LastRate = 16;
    const long Half = 100_000;

    readonly int _vectors, _sets;
    readonly int[] _weights, _first, _last;
    readonly int[] _chosen, _answer, _probabilities;
    int _lastChosen;
    long _decisions;

    /// <param name="inputs">Logits mixed, a multiple of eight.</param>
    /// <param name="contexts">How many contexts each set can be chosen by; at most eight sets.</param>
    /// <param name="lastContexts">Contexts of the last set.</param>
    /// <param name="start">Weight of every input at first, 65536 = 1.</param>
    public WideMixer(int inputs, int[] contexts, int lastContexts, int start)
    {
        (_vectors, _sets) = (inputs / Lanes, contexts.Length);
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
            _last[i] = i % Lanes < _sets ? 65536 / _sets : 0;
        (_chosen, _answer, _probabilities) = (new int[_sets], new int[Lanes], new int[_sets]);
    }

    /// <summary>The logits, to be filled before <see cref="Mix"/>.</summary>
    public int[] Inputs { get; }

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
            _probabilities[s] = Logistic.Squash(_answer[s]);
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
        int rate = Rate + (int)(FirstRate * Half / (Half + _decisions++));
        for (int s = 0; s < _sets; s++)
        {
            int error = ((((bit << 16) - _probabilities[s]) * rate) + 512) >> 10, at = _chosen[s];
            // What would move nothing is not tried.
            if (error == 0)
                continue;
            for (int v = 0; v < _vectors; v++)
                Mixer.Moved(ref weights, at + (v * Lanes), Mixer.Step(Vector256.LoadUnsafe(ref inputs, (nuint)(v * Lanes)), error)).StoreUnsafe(ref weights, (nuint)(at + (v * Lanes)));
        }
        Vector256<int> answers = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_answer));
        Mixer.Moved(ref last, _lastChosen, Mixer.Step(answers, (((bit << 16) - probability) * LastRate) >> 8)).StoreUnsafe(ref last, (nuint)_lastChosen);
    }
}
