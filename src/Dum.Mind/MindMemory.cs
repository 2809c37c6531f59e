using Dum.Mind.Import;
using Dum.Mind.Recall;
using Dum.Mind.Search;
using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind;

/// <summary>
/// A memory: everything imported, kept exactly, found again by a question. One folder, or one schema of a PostgreSQL server. Not thread-safe.
/// </summary>
/// <example><code>
/// using var memory = MindMemory.Open("memory", create: true);
/// memory.Import(["conversations.json"]);
/// Recollection found = memory.Recall("Where did I leave the keys?", budget: 2000);
/// </code></example>
public sealed class MindMemory : IDisposable
{
    readonly MemoryStore _store;
    readonly Dictionary<long, Turn[]> _sheets = [];
    TurnIndex? _index;
    Ranker? _ranker;
    RankSettings _settings = RankSettings.Default;

    MindMemory(MemoryStore store) => _store = store;

    internal MemoryStore Store => _store;

    internal TurnIndex Index => _index ??= _store.OpenIndex();

    /// <summary>Opens a memory.</summary>
    /// <param name="place">Its folder; or a connection string of PostgreSQL: <c>postgres://user:password@host/database?schema=name</c>, or Npgsql's <c>Host=…;Database=…</c>.</param>
    /// <param name="create">Make an empty one where there is none.</param>
    /// <exception cref="DumException">There is none (exit code 3), it is damaged or of a later version, or the server cannot be reached.</exception>
    public static MindMemory Open(string place, bool create = false) => new(MemoryStore.Open(place, create));

    /// <summary>Imports files, folders and archives; the same thing twice adds nothing.</summary>
    /// <param name="paths">What to import.</param>
    /// <param name="progress">Told how many bytes have been read.</param>
    /// <param name="cancel">Stops between pieces; what was stored stays and is not done again.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="DumException">A path does not exist, or the memory cannot be written.</exception>
    public ImportReport Import(IReadOnlyList<string> paths, Action<long>? progress = null, CancellationToken cancel = default)
    {
        using IDisposable writing = _store.Db.Write();
        using ImportJob job = _store.Db.Guard(() => new ImportJob(_store, progress ?? (_ => { }), cancel));
        try
        {
            _store.Db.Guard(() =>
            {
                job.Run(paths);
                Healing.Heal(_store, job.Result, cancel);
                return 0;
            });
        }
        finally
        {
            Forget();
        }
        return ImportReport.Of(job);
    }

    /// <summary>Recalls what fits a question, within a budget.</summary>
    /// <param name="question">Russian or English, in plain words; times such as 'last June' and 'прошлым летом' are understood.</param>
    /// <param name="budget">Tokens of four characters (100 … 1,000,000).</param>
    /// <param name="now">What relative times are counted from; the clock if null.</param>
    /// <exception cref="DumException">The budget is out of range, or the memory is damaged.</exception>
    public Recollection Recall(string question, int budget = 2000, DateTimeOffset? now = null) =>
        budget is < 100 or > 1_000_000
            ? throw new DumException(Tongue.Say($"a budget of {budget} tokens: give 100 to 1000000", $"бюджет в {budget} токенов: нужно от 100 до 1000000"))
            : _store.Db.Guard(() => new Packer(this).Pack(question, budget, now ?? DateTimeOffset.Now));

    /// <summary>The exact original of something recalled.</summary>
    /// <param name="id">A conversation (12), a turn (12.34) or turns (12.34-40).</param>
    /// <exception cref="DumException">It is no address, there is no such thing, or the original is damaged.</exception>
    public Expanded Expand(string id) => _store.Db.Guard(() => Expanded.Read(this, id));

    /// <summary>Puts every imported file together again and compares it with its SHA-256. A file of which something was forgotten is not exact any more.</summary>
    /// <returns>How many came back exactly, and which did not.</returns>
    public (int Exact, IReadOnlyList<string> Broken) Check(CancellationToken cancel = default) => _store.Db.Guard(() => Verification.Run(_store, cancel));

    /// <summary>What is in the memory.</summary>
    public Overview Look() => _store.Db.Guard(() => Overview.Read(_store));

    /// <summary>Conversations in the order they began.</summary>
    public IReadOnlyList<ConversationRow> Conversations() => _store.Db.Guard(() => Overview.ReadConversations(_store));

    /// <summary>The episodes of a conversation.</summary>
    public IReadOnlyList<EpisodeRow> EpisodesOf(long conversation) => _store.Db.Guard(() => Overview.ReadEpisodes(_store, conversation));

    /// <summary>Folds the originals that are only quickly compressed yet: slower, smaller.</summary>
    /// <param name="progress">Told the bytes done and of how many.</param>
    /// <param name="cancel">Stops between packs; what was folded stays folded.</param>
    /// <exception cref="DumException">A pack is damaged.</exception>
    public void Compact(Action<long, long>? progress = null, CancellationToken cancel = default) 
    {
        using IDisposable writing = _store.Db.Write();
        _store.Db.Guard(() => Compacting.Run(_store, progress ?? ((_, _) => { }), cancel));
    }

    /// <summary>The best turns for a question, without packing.</summary>
    internal Hit[] Search(string question, int most, DateTimeOffset now, out float coverage)
    {
        _ranker ??= new Ranker(Index, _settings);
        Hit[] hits = _ranker.Search(Question.Read(question, now), most);
        coverage = _ranker.Coverage;
        return hits;
    }

    /// <summary>Ranks with other weights: for measuring.</summary>
    internal void Use(RankSettings settings) => (_settings, _ranker) = (settings, null);

    internal Turn TurnAt(long number, out long conversation, out int index)
    {
        List<(long First, long Conversation, byte[]? Data)> rows = _store.Db.Rows("SELECT first, conversation FROM sheet WHERE first<=@a ORDER BY first DESC LIMIT 1", r => (r.GetInt64(0), r.GetInt64(1), (byte[]?)null), number);
        (long first, conversation, _) = rows[0];
        if (!_sheets.TryGetValue(first, out Turn[]? turns))
        {
            if (_sheets.Count > 256)
                _sheets.Clear();
            turns = Sheet.Read((byte[])_store.Db.One("SELECT data FROM sheet WHERE first=@a", first)!);
            _sheets[first] = turns;
        }
        index = (int)(number - _store.Db.Number("SELECT first FROM conversation WHERE id=@a", conversation));
        return turns[number - first];
    }

    /// <summary>Takes conversations out for good: turns, originals and words of the index. They do not come back with the next import.</summary>
    /// <param name="conversations">Their numbers.</param>
    /// <param name="cancel">Looked at before anything is changed.</param>
    /// <returns>How many turns are gone.</returns>
    public long Forget(IReadOnlyList<long> conversations, CancellationToken cancel)
    {
        Forget();
        using IDisposable writing = _store.Db.Write();
        return _store.Db.Guard(() => Forgetting.Forget(_store, conversations, cancel));
    }

    void Forget()
    {
        (_index, _ranker) = (null, null);
        _sheets.Clear();
    }

    /// <summary>Closes the memory.</summary>
    public void Dispose() => _store.Dispose();
}
