using System.Runtime.CompilerServices;
using Dum.Lexicon;

namespace Dum.Scenes;

/// <summary>What ends after a hyperword.</summary>
[Flags]
public enum SceneEnd : byte
{
    /// <summary>Nothing: the scene goes on.</summary>
    None = 0,

    /// <summary>A scene ends.</summary>
    Scene = 1,

    /// <summary>A scene ends, and with it an episode.</summary>
    Episode = 2,
}

/// <summary>Divides a stream of hyperwords into scenes and episodes. Immutable and thread-safe; the place in a stream is a <see cref="Cursor"/>.</summary>
/// <example><code>
/// var splitter = new SceneSplitter(vocabulary);
/// List&lt;Scene&gt; scenes = splitter.Split(vocabulary.Encoder.Encode(text));
/// ReadOnlySpan&lt;byte&gt; third = text.AsSpan((int)scenes[2].Byte, scenes[2].Bytes);
/// </code></example>
public sealed class SceneSplitter
{
    readonly HyperwordMark[] _marks;
    readonly Vocabulary _vocabulary;

    /// <param name="vocabulary">Whose ids will come.</param>
    /// <param name="rule">Where scenes end; <see cref="SceneRule.Default"/> if null.</param>
    /// <exception cref="DumException">The rule contradicts itself.</exception>
    public SceneSplitter(Vocabulary vocabulary, SceneRule? rule = null)
    {
        Rule = (rule ?? SceneRule.Default).Checked();
        _vocabulary = vocabulary;
        _marks = HyperwordMarks.Of(vocabulary);
    }

    /// <summary>Where scenes end.</summary>
    public SceneRule Rule { get; }

    /// <summary>How many hyperwords the open scene holds, and how many scenes the open episode.</summary>
    public struct Cursor
    {
        internal byte Words, Scenes;

        /// <summary>Hyperwords in the scene that is still open.</summary>
        public readonly int OpenHyperwords => Words;

        /// <summary>Closed scenes in the episode that is still open.</summary>
        public readonly int OpenScenes => Scenes;
    }

    /// <summary>Takes the next hyperword and says what ends after it.</summary>
    /// <exception cref="IndexOutOfRangeException">The id is not in the vocabulary.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SceneEnd Add(ref Cursor cursor, int id)
    {
        HyperwordMark mark = _marks[id];
        int words = ++cursor.Words;
        bool ends = words >= Rule.Most || (words >= Rule.Least && (mark & HyperwordMark.Clause) != 0);
        if (!ends)
            return SceneEnd.None;
        cursor.Words = 0;
        int scenes = ++cursor.Scenes;
        bool last = scenes >= Rule.EpisodeMost ||
            (scenes >= Rule.EpisodeEnough && (mark & HyperwordMark.Line) != 0) ||
            (scenes >= Rule.EpisodeLeast && (mark & HyperwordMark.EmptyLine) != 0);
        if (!last)
            return SceneEnd.Scene;
        cursor.Scenes = 0;
        return SceneEnd.Scene | SceneEnd.Episode;
    }

    /// <summary>The scenes of a whole text, with their places in its bytes. The end of the text ends the last scene.</summary>
    public List<Scene> Split(ReadOnlySpan<int> ids)
    {
        var scenes = new List<Scene>();
        var cursor = new Cursor();
        int first = 0, episode = 0, start = 0;
        long at = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            start += _vocabulary[ids[i]].Length;
            SceneEnd end = Add(ref cursor, ids[i]);
            if (end == SceneEnd.None && i < ids.Length - 1)
                continue;
            scenes.Add(new Scene(first, i + 1 - first, at, start, episode));
            if ((end & SceneEnd.Episode) != 0)
                episode++;
            (first, at, start) = (i + 1, at + start, 0);
        }
        return scenes;
    }
}

/// <summary>One scene and its place.</summary>
/// <param name="First">Index of its first hyperword.</param>
/// <param name="Hyperwords">How many it holds.</param>
/// <param name="Byte">Offset of its first byte in the original text.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="Episode">Index of the episode it belongs to.</param>
public readonly record struct Scene(int First, int Hyperwords, long Byte, int Bytes, int Episode);
