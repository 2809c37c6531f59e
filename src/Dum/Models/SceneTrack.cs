using Dum.Scenes;

namespace Dum.Models;

/// <summary>Follows a stream of a model's ids, the closing one among them, and says where in its scene every id stands.</summary>
/// <param name="splitter">Of the model's lexicon and rule.</param>
/// <param name="end">The id that closes a document, beyond the lexicon. It ends its scene, and the next text starts afresh.</param>
sealed class SceneTrack(SceneSplitter splitter, int end)
{
    /// <summary>Most hyperwords of a scene.</summary>
    public int Slots => splitter.Rule.Most;

    /// <summary>Takes the next id.</summary>
    /// <param name="cursor">The place in the stream.</param>
    /// <param name="id">At most the closing one.</param>
    /// <param name="slot">Its number inside its scene.</param>
    /// <returns>True where it ends the scene.</returns>
    public bool Add(ref SceneSplitter.Cursor cursor, int id, out int slot)
    {
        slot = cursor.Hyperwords;
        if (id >= end)
        {
            cursor = default;
            return true;
        }
        splitter.Add(ref cursor, id);
        return cursor.Hyperwords == 0;
    }
}
