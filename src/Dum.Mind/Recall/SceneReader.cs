using Dum.Mind.Search;
using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Recall;

/// <summary>Works scenes out of the turns of episodes.</summary>
sealed class SceneReader(MindMemory memory)
{
    readonly Dictionary<long, List<SceneRow>> _episodes = [];

    /// <summary>All scenes of a conversation.</summary>
    public List<SceneRow> Of(long conversation)
    {
        var scenes = new List<SceneRow>();
        long first = memory.Store.Db.Number("SELECT first FROM conversation WHERE id=@a", conversation);
        foreach ((long turn, int turns) in memory.Store.Db.Rows("SELECT first, turns FROM episode WHERE conversation=@a ORDER BY first", r => (r.GetInt64(0), r.GetInt32(1)), conversation))
            scenes.AddRange(Read(turn, turns, conversation, (int)(turn - first)));
        return scenes;
    }

    /// <summary>The scene of an episode that holds a turn.</summary>
    public (SceneRow Scene, long Conversation) Around(IndexedEpisode episode, long turn)
    {
        memory.TurnAt(turn, out long conversation, out int index);
        int start = index - (int)(turn - episode.Turn);
        if (!_episodes.TryGetValue(episode.Turn, out List<SceneRow>? scenes))
            _episodes[episode.Turn] = scenes = Read(episode.Turn, episode.Turns, conversation, start);
        int at = start;
        foreach (SceneRow scene in scenes)
            if ((at += scene.Turns) > index)
                return (scene, conversation);
        return (scenes[^1], conversation);
    }

    List<SceneRow> Read(long turn, int turns, long conversation, int start)
    {
        var all = new Turn[turns];
        for (int i = 0; i < turns; i++)
            all[i] = memory.TurnAt(turn + i, out _, out _);
        List<int> starts = SceneCutter.Starts(all);
        string episode = $"{conversation}.{start}-{start + turns - 1}";
        var scenes = new List<SceneRow>(starts.Count);
        for (int i = 0; i < starts.Count; i++)
        {
            int from = starts[i], count = (i + 1 < starts.Count ? starts[i + 1] : turns) - from;
            scenes.Add(new SceneRow($"{conversation}.{start + from}-{start + from + count - 1}", episode, Packer.Moment(all[from].Time), count, Gist.Of(all.AsSpan(from, count), least: 1)));
        }
        return scenes;
    }
}
