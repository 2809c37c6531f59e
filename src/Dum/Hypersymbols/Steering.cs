using Dum.Models;

namespace Dum.Hypersymbols;

/// <summary>
/// Leads a model towards a hypersymbol: what thoughts have more of where the next scene has that code is added to every
/// thought (a difference of means, as in contrastive activation addition, arXiv 2312.06681).
/// </summary>
public static class Steering
{
    /// <summary>A strength for those who name none: 1 does next to nothing, beyond 3 the shift grows no more (docs/hypersymbols.md).</summary>
    public const double DefaultStrength = 2;

    /// <summary>From now on, every thought of the session is led towards a hypersymbol.</summary>
    /// <param name="session">Of the atlas's model, which must have scenes.</param>
    /// <param name="atlas">The atlas.</param>
    /// <param name="code">The hypersymbol.</param>
    /// <param name="strength">How far: 1 shifts by the difference itself, 0 changes nothing, below 0 leads away.</param>
    /// <exception cref="DumException">The session is not that of a scene model.</exception>
    public static unsafe void Excite(LanguageSession session, Atlas atlas, int code, double strength)
    {
        if (session is not SceneSession scenes)
            throw new DumException(Tongue.Say("only a model that thinks in scenes can be led towards a hypersymbol", "к гиперсимволу можно вести только модель по сценам"));
        float[] direction = atlas.Direction(code).ToArray();
        for (int i = 0; i < direction.Length; i++)
            direction[i] *= (float)strength;
        scenes.Hook = strength == 0 ? null : (stage, thoughts) =>
        {
            if (stage != SceneStage.Thought)
                return;
            for (int r = 0; r < thoughts.Rows; r++)
                for (int i = 0; i < direction.Length; i++)
                    thoughts.Row(r)[i] += direction[i];
        };
    }
}
