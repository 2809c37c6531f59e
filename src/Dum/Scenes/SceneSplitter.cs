using System.Runtime.CompilerServices;
using Dum.Lexicon;

namespace Dum.Scenes;

/// <summary>What begins with a hyperword.</summary>
[Flags]
public enum SceneStart : byte
{
    /// <summary>Nothing: the scene goes on.</summary>
    None = 0,

    /// <summary>A scene begins.</summary>
    Scene = 1,

    /// <summary>A scene begins, and with it an episode.</summary>
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

    /// <summary>A place in a stream: what is open there. The default value is the start of a text.</summary>
    public struct Cursor
    {
        internal byte Words, Scenes;
        internal HyperwordMark Last;

        /// <summary>Hyperwords in the open scene; 0 when the next one begins a scene.</summary>
        public readonly int Hyperwords => Words;
    }

    /// <summary>Takes the next hyperword and says what begins with it.</summary>
    /// <exception cref="IndexOutOfRangeException">The id is not in the vocabulary.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SceneStart Add(ref Cursor cursor, int id)
    {
        HyperwordMark mark = _marks[id];
        SceneStart start = cursor.Words == 0 ? Begin(ref cursor, mark) : SceneStart.None;
        int words = ++cursor.Words;
        if (words >= Rule.Most ||
            (words >= Rule.Least && (mark & HyperwordMark.Sentence) != 0) ||
            (words >= Rule.ClauseLeast && (mark & HyperwordMark.Clause) != 0))
            (cursor.Words, cursor.Last) = (0, mark);
        return start;
    }

    SceneStart Begin(ref Cursor cursor, HyperwordMark mark)
    {
        // A paragraph's break stands at the end of one scene or, after a sentence that closed its scene, at the start of the next.
        mark |= cursor.Last;
        bool episode = cursor.Scenes == 0 || cursor.Scenes >= Rule.EpisodeMost ||
            (cursor.Scenes >= Rule.EpisodeEnough && (mark & HyperwordMark.Line) != 0) ||
            (cursor.Scenes >= Rule.EpisodeLeast && (mark & HyperwordMark.EmptyLine) != 0);
        cursor.Scenes = (byte)(episode ? 1 : cursor.Scenes + 1);
        return episode ? SceneStart.Scene | SceneStart.Episode : SceneStart.Scene;
    }

    /// <summary>The scenes of a whole text, with their places in its bytes. The end of the text ends the last one.</summary>
    public List<Scene> Split(ReadOnlySpan<int> ids)
    {
        var scenes = new List<Scene>();
        var cursor = new Cursor();
        int first = 0, episode = -1;
        long at = 0, start = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            SceneStart begins = Add(ref cursor, ids[i]);
            if (begins != SceneStart.None && i > 0)
            {
                scenes.Add(new Scene(first, i - first, start, (int)(at - start), episode));
                (first, start) = (i, at);
            }
            if ((begins & SceneStart.Episode) != 0)
                episode++;
            at += _vocabulary[ids[i]].Length;
        }
        if (ids.Length > 0)
            scenes.Add(new Scene(first, ids.Length - first, start, (int)(at - start), episode));
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
