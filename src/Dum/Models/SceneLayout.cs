using Dum.Scenes;

namespace Dum.Models;

/// <summary>Which hyperword of a batch stands where in which scene, as the row numbers that the operations of a scene model take.</summary>
sealed class SceneLayout
{
    readonly SceneTrack _track;
    readonly int _length, _scenes;

    /// <param name="track">Where scenes end.</param>
    /// <param name="sequences">Sequences per batch.</param>
    /// <param name="length">Hyperwords per sequence.</param>
    /// <param name="scenes">Scenes per sequence at most.</param>
    public SceneLayout(SceneTrack track, int sequences, int length, int scenes)
    {
        (_track, _length, _scenes) = (track, length, scenes);
        Folded = new int[sequences * scenes * track.Slots];
        Places = new int[sequences * length];
        Context = new int[sequences * length];
    }

    /// <summary>For every place of every scene its row, or −1.</summary>
    public int[] Folded { get; }

    /// <summary>For every row its place among <see cref="Folded"/>, or −1.</summary>
    public int[] Places { get; }

    /// <summary>For every row the last scene that was complete there, whose context predicts the next hyperword; −1 before the first.</summary>
    public int[] Context { get; }

    /// <summary>Room for as many scenes as a window of a text usually has, and some more; a window with still more is read in part.</summary>
    /// <param name="splitter">Divides the text.</param>
    /// <param name="ids">The text; its first million ids are looked at.</param>
    /// <param name="end">The id that closes documents.</param>
    /// <param name="length">Hyperwords of a window.</param>
    public static int Room(SceneSplitter splitter, ReadOnlySpan<int> ids, int end, int length)
    {
        var track = new SceneTrack(splitter, end);
        var cursor = new SceneSplitter.Cursor();
        int looked = Math.Min(ids.Length, 1 << 20), scenes = 1;
        foreach (int id in ids[..looked])
            scenes += track.Add(ref cursor, id, out _) ? 1 : 0;
        return (int)Math.Min(length, Math.Ceiling(1.06 * scenes / looked * length) + 1);
    }

    /// <summary>How many of these ids fit into one sequence: all until the scene after the last begins.</summary>
    public int Fit(ReadOnlySpan<int> ids)
    {
        var cursor = new SceneSplitter.Cursor();
        int scene = 0, count = Math.Min(ids.Length, _length);
        for (int i = 0; i < count; i++)
            if (_track.Add(ref cursor, ids[i], out _) && ++scene == _scenes)
                return i + 1;
        return count;
    }

    /// <summary>Fills the rows of all sequences. Scenes begin anew with every sequence.</summary>
    /// <returns>Hyperwords at the ends of sequences that did not fit.</returns>
    public int Arrange(ReadOnlySpan<int> ids)
    {
        int left = 0;
        Array.Fill(Folded, -1);
        for (int first = 0; first < ids.Length; first += _length)
        {
            var cursor = new SceneSplitter.Cursor();
            int at = first / _length * _scenes, end = at + _scenes, complete = -1;
            for (int row = first; row < first + _length; row++)
            {
                if (at == end)
                {
                    (Places[row], Context[row]) = (-1, complete);
                    left++;
                    continue;
                }
                bool closes = _track.Add(ref cursor, ids[row], out int slot);
                Places[row] = (at * _track.Slots) + slot;
                Folded[Places[row]] = row;
                if (closes)
                    complete = at++;
                Context[row] = complete;
            }
        }
        return left;
    }
}
