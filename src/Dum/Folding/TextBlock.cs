using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Folding;

/// <summary>A stretch of a text cut at a scene's end: its bytes and its hyperwords.</summary>
/// <param name="Raw">The bytes.</param>
/// <param name="Ids">The hyperwords that stand for them.</param>
/// <param name="Scenes">Scenes in it.</param>
/// <param name="Episodes">Episodes in it; the block's end ends the last.</param>
sealed record TextBlock(byte[] Raw, int[] Ids, int Scenes, int Episodes)
{
    /// <summary>The block as a reader finds it who has its bytes alone and encodes them to find its scenes.</summary>
    public TextBlock ReadAlone(Encoder encoder, SceneSplitter splitter)
    {
        int[] ids = encoder.Encode(Raw);
        List<Scene> scenes = splitter.Split(ids);
        return this with { Ids = ids, Scenes = scenes.Count, Episodes = scenes[^1].Episode + 1 };
    }
}
