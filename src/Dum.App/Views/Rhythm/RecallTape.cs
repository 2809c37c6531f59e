using System.Numerics;
using Dum.Rhythm.Memory;

namespace Dum.App.Views.Rhythm;

/// <summary>What a page shows of one cue: as it came, as it settled, and what it was taken for.</summary>
/// <param name="Name">Of the slot.</param>
/// <param name="Agreement">Of cue and slot, 0…1.</param>
/// <param name="Cue">N complex numbers; 0 where nothing is known.</param>
/// <param name="Settled">N complex numbers.</param>
readonly record struct RecalledCue(string Name, double Agreement, Complex[] Cue, Complex[] Settled);

/// <summary>What the page of a recall shows: the first cues with what they settled to, and the memory as it is at the end. Bounded.</summary>
/// <param name="store">The memory.</param>
sealed class RecallTape(RhythmStore store)
{
    const int MostCues = 24;

    readonly List<RecalledCue> _cues = [];

    public RhythmStore Store { get; } = store;

    /// <summary>Cues that came, kept or not.</summary>
    public int Asked { get; private set; }

    public IReadOnlyList<RecalledCue> Cues => _cues;

    public void Take(RecalledCue cue)
    {
        Asked++;
        if (_cues.Count < MostCues)
            _cues.Add(cue);
    }
}
