using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>
/// The second mixer: statistics and language model into one probability. It learns while it codes, from nothing.
/// </summary>
sealed class GuidedState
{
    public static int Rate = int.Parse(Environment.GetEnvironmentVariable("DF_RATE") ?? "6"), MapRate = int.Parse(Environment.GetEnvironmentVariable("DF_MAP") ?? "6");
    const int Inputs = 8, Levels = 32, Depths = 32;

    readonly int[] _weights = new int[((Levels * Levels) + Depths) * Inputs];
    readonly ushort[] _map = new ushort[Levels * Levels];
    Vector256<int> _logits;
    int _first, _second, _cell, _probability;

    /// <summary>Forgets what it learned.</summary>
    public void Reset()
    {
        for (int i = 0; i < _weights.Length; i += Inputs)
        {
            _weights.AsSpan(i, Inputs).Clear();
            (_weights[i], _weights[i + 1], _weights[i + 2]) = (65536 / 8, 65536 / 4, 65536 / 8);
        }
        for (int s = 0; s < Levels; s++)
            for (int m = 0; m < Levels; m++)
                _map[(s * Levels) + m] = (ushort)Logistic.Squash(((s * 128) + (m * 128) + 128 - 4096) / 2);
    }

    /// <summary>That the right branch is taken, of 65536.</summary>
    public int Predict(int statistics, int model, int depth)
    {
        int s = (statistics + 2048) >> 7, m = (model + 2048) >> 7;
        _cell = (s * Levels) + m;
        _logits = Vector256.Create(statistics, model, Logistic.Stretch(_map[_cell]), 256, 0, 0, 0, 0);
        (_first, _second) = (_cell * Inputs, ((Levels * Levels) + Math.Min(depth, Depths - 1)) * Inputs);
        _probability = Logistic.Squash(Mixer.Dot(_logits, ref MemoryMarshal.GetArrayDataReference(_weights), _first, _second));
        return _probability;
    }

    /// <summary>Tells what came.</summary>
    public void Learn(int bit)
    {
        Mixer.Learn(_logits, ref MemoryMarshal.GetArrayDataReference(_weights), _first, _second, ((bit << 16) - _probability) * Rate >> 4);
        ref ushort p = ref _map[_cell];
        p = (ushort)(p + (((-bit & 65535) - p) >> MapRate));
    }
}
