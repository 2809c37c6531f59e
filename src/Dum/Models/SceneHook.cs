using Dum.Numerics;

namespace Dum.Models;

/// <summary>Where in the walk of a scene model a scene can be looked at.</summary>
enum SceneStage
{
    /// <summary>Folded from its own hyperwords, before the global model: what the scene says.</summary>
    Content,

    /// <summary>After the global model, normed: what the scene means after all before it, and what the next one is unfolded from.</summary>
    Thought,
}

/// <summary>Is shown the scenes that end in a walk, in order of sequences and places.</summary>
/// <param name="stage">Content comes first, then Thought, for the same scenes.</param>
/// <param name="scenes">[scenes × global width], valid during the call; thoughts may be changed.</param>
delegate void SceneHook(SceneStage stage, Matrix scenes);
