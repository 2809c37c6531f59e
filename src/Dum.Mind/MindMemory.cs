using Dum.Mind.Import;
using Dum.Mind.Recall;
using Dum.Mind.Search;
using Dum.Mind.Store;
using Dum.Mind.Turns;
using Dum.Mind.Upkeep;
using Dum.Mind.Words;

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
    /// <summary>Sheets kept open: about 40 MB.</summary>
    const int MostSheets = 2048;

    readonly Dictionary<long, KeptSheet> _sheets = [];
    long[]? _sheetFirsts;
    TurnIndex? _index;
    Ranker? _ranker;
    RankSettings _settings = RankSettings.Default;
    WordVectors? _vectors = WordVectors.Default;

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
    /// <param name="budget">Tokens of four characters (<see cref="LeastBudget"/> … <see cref="MostBudget"/>).</param>
    /// <param name="now">What relative times are counted from; the clock if null.</param>
    /// <exception cref="DumException">The budget is out of range, or the memory is damaged.</exception>
    public Recollection Recall(string question, long budget = 2000, DateTimeOffset? now = null) =>
        budget is < LeastBudget or > MostBudget
            ? throw new DumException(Tongue.Say($"a budget of {budget} tokens: give {LeastBudget} to {MostBudget}", $"бюджет в {budget} токенов: нужно от {LeastBudget} до {MostBudget}"))
            : _store.Db.Guard(() => new Packer(this).Pack(question, (int)budget, now ?? DateTimeOffset.Now));

    /// <summary>The range of a budget, in tokens of four characters.</summary>
    public const int LeastBudget = 100, MostBudget = 1_000_000;

    /// <summary>The exact original of something recalled.</summary>
    /// <param name="id">A turn (12.34), a scene or an episode (12.34-40), a conversation (12), or all that began in a month (2024-06).</param>
    /// <exception cref="DumException">It is no address, there is no such thing, or the original is damaged.</exception>
    public Expanded Expand(string id) => _store.Db.Guard(() => Expanded.Read(this, id));

    /// <summary>Puts every imported file together again and compares it with its SHA-256; opens the words of every conversation; asks the database about itself.</summary>
    /// <param name="progress">Told what is being looked at, and how much of it (0…1).</param>
    /// <param name="cancel">Stops it.</param>
    public CheckReport Check(Action<string, double>? progress = null, CancellationToken cancel = default) => _store.Db.Guard(() => new Verification(_store, progress ?? ((_, _) => { }), cancel).Run());

    /// <summary>Copies what can be read of a damaged memory into a new one. The damaged one is not written to.</summary>
    /// <param name="damaged">Its folder.</param>
    /// <param name="into">A folder that is not there yet, or an empty one; it is there when all is done, and not before.</param>
    /// <param name="progress">Told what is being done, and how much of it (0…1).</param>
    /// <param name="cancel">Stops it; nothing is left of it.</param>
    /// <returns>What was saved, and what was not.</returns>
    /// <exception cref="DumException">There is nothing to read, or the new folder holds something already.</exception>
    public static RepairReport Repair(string damaged, string into, Action<string, double>? progress = null, CancellationToken cancel = default) =>
        Salvage.Run(damaged, into, progress ?? ((_, _) => { }), cancel);

    /// <summary>What is in the memory.</summary>
    public Overview Look() => _store.Db.Guard(() => Overview.Read(_store));

    /// <summary>Conversations in the order they began.</summary>
    public IReadOnlyList<ConversationRow> Conversations() => _store.Db.Guard(() => Overview.ReadConversations(_store));

    /// <summary>The episodes of a conversation.</summary>
    public IReadOnlyList<EpisodeRow> EpisodesOf(long conversation) => _store.Db.Guard(() => Overview.ReadEpisodes(_store, conversation));

    /// <summary>The scenes of a conversation, in order; together they are all of its turns.</summary>
    public IReadOnlyList<SceneRow> ScenesOf(long conversation) => _store.Db.Guard(() => new SceneReader(this).Of(conversation));

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
    internal Hit[] Search(string question, int most, DateTimeOffset now, out Fit fit)
    {
        _ranker ??= new Ranker(Index, _settings);
        Hit[] hits = _ranker.Search(Question.Read(question, now), Math.Max(most, _vectors is null ? 0 : Meaning.Most));
        fit = _ranker.Fit;
        if (_vectors is not null)
            hits = new Meaning(this, _vectors).Rank(question, hits);
        return hits.Length > most ? hits[..most] : hits;
    }

    /// <summary>Ranks with other vectors, or none: for measuring.</summary>
    internal void Use(WordVectors? vectors) => _vectors = vectors;

    /// <summary>Ranks with other weights: for measuring.</summary>
    internal void Use(RankSettings settings) => (_settings, _ranker) = (settings, null);

    /// <summary>A turn by its number in the store, with its conversation and its place there.</summary>
    internal Turn TurnAt(long number, out long conversation, out int index)
    {
        _sheetFirsts ??= [.. _store.Db.Rows("SELECT first FROM sheet ORDER BY first", r => r.GetInt64(0))];
        int at = Array.BinarySearch(_sheetFirsts, number);
        long first = _sheetFirsts[at < 0 ? ~at - 1 : at];
        if (!_sheets.TryGetValue(first, out KeptSheet sheet))
        {
            if (_sheets.Count >= MostSheets)
                _sheets.Clear();
            sheet = _store.Db.Rows("SELECT s.data, s.conversation, c.first FROM sheet s JOIN conversation c ON c.id=s.conversation WHERE s.first=@a", r => new KeptSheet(Sheet.Read((byte[])r.GetValue(0)), r.GetInt64(1), r.GetInt64(2)), first)[0];
            _sheets[first] = sheet;
        }
        (conversation, index) = (sheet.Conversation, (int)(number - sheet.Start));
        return sheet.Turns[number - first];
    }

    readonly record struct KeptSheet(Turn[] Turns, long Conversation, long Start);

    /// <summary>Takes something out for good: words, originals and index. It does not come back with the next import; its neighbours keep their addresses.</summary>
    /// <param name="ids">A conversation (12), a turn (12.34), a scene or an episode (12.34-40), or a month (2024-06).</param>
    /// <param name="cancel">Looked at before anything is changed.</param>
    /// <returns>How many turns are gone.</returns>
    /// <exception cref="DumException">One of them is no address, or another program is writing.</exception>
    public long Forget(IReadOnlyList<string> ids, CancellationToken cancel = default)
    {
        Forget();
        using IDisposable writing = _store.Db.Write();
        return _store.Db.Guard(() => new Forgetting(_store, cancel).Forget([.. ids.SelectMany(id => Address.Parse(_store.Db, id)).Select(a => (a.Conversation, a.First, a.Last))]));
    }

    void Forget()
    {
        (_index, _ranker, _sheetFirsts) = (null, null, null);
        _sheets.Clear();
    }

    /// <summary>Learns the word vectors that recall ranks by, from plain texts.</summary>
    /// <param name="texts">Files.</param>
    /// <param name="words">Stems in the table (100 … 200,000).</param>
    /// <param name="dimensions">Numbers of a vector (8 … 512).</param>
    /// <param name="to">Receives the table.</param>
    /// <param name="progress">Told what is being done, and how much of it (0…1).</param>
    /// <param name="cancel">Stops it.</param>
    public static void LearnWords(IReadOnlyList<string> texts, int words, int dimensions, Stream to, Action<string, double>? progress = null, CancellationToken cancel = default) =>
        VectorTraining.Run(texts, words, Math.Min(words, ContextWords), dimensions, to, progress ?? ((_, _) => { }), cancel);

    /// <summary>So many of the commonest words count as company of the others.</summary>
    const int ContextWords = 6000;

    /// <summary>Closes the memory.</summary>
    public void Dispose() => _store.Dispose();
}
