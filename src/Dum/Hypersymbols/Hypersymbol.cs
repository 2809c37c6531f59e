namespace Dum.Hypersymbols;

/// <summary>One of about a thousand codes over scenes: a field of meaning.</summary>
/// <param name="Code">Its number.</param>
/// <param name="English">Words of its own scenes that set it apart; empty where it has no English scenes.</param>
/// <param name="Russian">The same in Russian.</param>
/// <param name="Scenes">Scenes of the texts it was learned from that have this code.</param>
/// <param name="Named">Share of those that hold a word of the name.</param>
/// <param name="Examples">The scenes nearest to its centre, nearest first.</param>
/// <param name="X">Its place on the map, 0 … 1.</param>
/// <param name="Y">Its place on the map, 0 … 1.</param>
/// <param name="Region">The region of the map it lies in.</param>
/// <param name="Strength">Scenes of this code in each of the atlas's <see cref="Atlas.Bins"/>.</param>
public sealed record Hypersymbol(int Code, string English, string Russian, int Scenes, float Named, IReadOnlyList<string> Examples, float X, float Y, int Region, IReadOnlyList<int> Strength)
{
    /// <summary>The name in the languages that occur.</summary>
    public string Name => English.Length == 0 ? Russian : Russian.Length == 0 ? English : $"{English} / {Russian}";
}
