using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// Mixes what the statistics say of a decision with what a language model says, by weights that it learns while it codes.
/// Sixteen inputs: the statistics' eight, what they were mixed to, the model, a map of both, a constant. Whole numbers only.
/// </summary>
sealed class GuidedMixer
{
    const int Inputs = 16, Own = 8;

    // Both logits at 32 levels choose a cell of the map, at 8 levels a set of weights; two more sets are chosen by depth and by evidence.
    const int Levels = 32, Coarse = 8, Depths = 32;
    const int DepthSets = Coarse * Coarse, EvidenceSets = DepthSets + Depths, Sets = EvidenceSets + ModelState.Contexts;

    // The rate in 1/256, and how much more at the start: halved after so many decisions. Chosen on the validation texts.
    const int Rate = 16, EarlyRate = 16, Early = 20_000, MapRate = 6;

    readonly int[] _weights = new int[Sets * Inputs];
    readonly ushort[] _map = new ushort[Levels * Levels];
    Vector256<int> _own, _evidence;
    int _byLevel, _byDepth, _byEvidence, _cell, _probability, _seen;

    /// <summary>Forgets what it learned.</summary>
    public void Reset()
    {
        _seen = 0;
        // What the weights of a text tended to, spread over the three sets of which one decision takes the sum.
        ReadOnlySpan<int> start = [6500, 8000, 4000, 0, 0, 0, 0, 0, 1500, 1500, 1500, 1500, 1500, 1500, 1500, 1500];
        for (int set = 0; set < Sets; set++)
            start.CopyTo(_weights.AsSpan(set * Inputs));
        // A cell starts halfway between its two logits.
        for (int s = 0; s < Levels; s++)
            for (int m = 0; m < Levels; m++)
                _map[(s * Levels) + m] = (ushort)Logistic.Squash(((s + m + 1) * 64) - 2048);
    }

    /// <summary>That the right branch is taken, in 1…65535 of 65536.</summary>
    /// <param name="statistics">The logit that the statistics were mixed to.</param>
    /// <param name="model">The language model's logit.</param>
    /// <param name="depth">Decisions made for this hyperword so far.</param>
    /// <param name="evidence">The logits of the statistics.</param>
    /// <param name="kind">Which kinds of evidence there are, in 0…63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Predict(int statistics, int model, int depth, Vector256<int> evidence, int kind)
    {
        int s = (statistics + 2048) >> 7, m = (model + 2048) >> 7;
        _cell = (s * Levels) + m;
        _byLevel = (((s >> 2) * Coarse) + (m >> 2)) * Inputs;
        _byDepth = (DepthSets + Math.Min(depth, Depths - 1)) * Inputs;
        _byEvidence = (EvidenceSets + kind) * Inputs;
        (_own, _evidence) = (Vector256.Create(statistics, model, Logistic.Stretch(_map[_cell]), 256, 0, 0, 0, 0), evidence);
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        int mixed = Mixer.Dot(_own, Sum(ref weights, 0)) + Mixer.Dot(_evidence, Sum(ref weights, Own));
        return _probability = Logistic.Squash(mixed >> 8);
    }

    /// <summary>Learns from the decision that was just predicted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(int bit)
    {
        int rate = Rate + (EarlyRate * Early / (Early + _seen));
        _seen = Math.Min(_seen + 1, 1 << 24);
        int error = (((bit << 16) - _probability) * rate) >> 8;
        Vector256<int> own = Mixer.Step(_own, error), evidence = Mixer.Step(_evidence, error);
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        foreach (int set in (ReadOnlySpan<int>)[_byLevel, _byDepth, _byEvidence])
        {
            Mixer.Moved(ref weights, set, own).StoreUnsafe(ref weights, (nuint)set);
            Mixer.Moved(ref weights, set + Own, evidence).StoreUnsafe(ref weights, (nuint)(set + Own));
        }
        ref ushort p = ref _map[_cell];
        p = (ushort)(p + (((-bit & 65535) - p) >> MapRate));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<int> Sum(ref int weights, int half) =>
        Mixer.Weight(ref weights, _byLevel + half) + Mixer.Weight(ref weights, _byDepth + half) + Mixer.Weight(ref weights, _byEvidence + half);
}
