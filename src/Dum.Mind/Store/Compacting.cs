namespace Dum.Mind.Store;

/// <summary>Turns quickly compressed packs into folded ones, one transaction each, so that it can stop at any moment.</summary>
static class Compacting
{
    public static int Run(MemoryStore store, Action<long, long> progress, CancellationToken cancel)
    {
        Db db = store.Db;
        List<(long Id, long Raw)> packs = db.Rows("SELECT id, raw FROM pack WHERE codec=@a ORDER BY id", r => (r.GetInt64(0), r.GetInt64(1)), Pack.Quick);
        long all = 0, done = 0;
        foreach ((long _, long raw) in packs)
            all += raw;
        foreach ((long id, long raw) in packs)
        {
            cancel.ThrowIfCancellationRequested();
            byte[] folded = Pack.Fold(store.OpenPack(id));
            db.Transaction(() => db.Run("UPDATE pack SET codec=@a, data=@b WHERE id=@c AND length(data)>@d", Pack.Folded, folded, id, folded.Length));
            progress(done += raw, all);
        }
        db.Purge();
        return packs.Count;
    }
}
