using System.Security.Cryptography;
using Dum.Numerics;

namespace Dum.Mind.Store;

/// <summary>
/// Puts every imported file together again from its pieces and compares it with the hash taken when it came in. Of a file from which
/// something was forgotten every piece is compared with its own hash, and their places with each other.
/// </summary>
/// <param name="store">The memory.</param>
/// <param name="progress">Told what is being looked at, and how much of it (0…1).</param>
/// <param name="cancel">Stops it.</param>
sealed class Verification(MemoryStore store, Action<string, double> progress, CancellationToken cancel)
{
    readonly Db _db = store.Db;
    long _done;

    public CheckReport Run()
    {
        var report = (Exact: 0, Forgotten: new List<string>(), Broken: new List<string>());
        HashSet<long> blanks = [.. _db.Rows("SELECT DISTINCT piece FROM blank", r => r.GetInt64(0))];
        List<Source> sources = _db.Rows("SELECT id, path, sha, bytes FROM source WHERE complete=1 ORDER BY id", r => new Source(r.GetInt64(0), r.GetString(1), r.IsDBNull(2) ? [] : (byte[])r.GetValue(2), r.GetInt64(3)));
        long all = sources.Sum(s => s.Bytes);
        foreach (Source source in sources)
        {
            switch (Check(source, blanks, all))
            {
                case Outcome.Exact:
                    report.Exact++;
                    break;
                case Outcome.Forgotten:
                    report.Forgotten.Add(source.Path);
                    break;
                default:
                    report.Broken.Add(source.Path);
                    break;
            }
        }
        List<long> unreadable = Unreadable();
        progress(Tongue.Say("the database", "база"), 0);
        return new CheckReport(report.Exact, report.Forgotten, report.Broken, unreadable, _db.Fault());
    }

    enum Outcome
    {
        Exact,
        Forgotten,
        Broken,
    }

    readonly record struct Source(long Id, string Path, byte[] Sha, long Bytes);

    readonly record struct Part(long At, long Piece, byte[] Before, long Pack, long PackAt, long Bytes, byte[] Sha, long Woven);

    Outcome Check(Source source, HashSet<long> blanks, long all)
    {
        List<Part> parts = _db.Rows("SELECT p.at, p.piece, p.before, coalesce(q.pack,0), coalesce(q.at,0), coalesce(q.bytes,-1), q.sha, coalesce(w.conversation,0) FROM part p LEFT JOIN piece q ON q.id=p.piece LEFT JOIN weave w ON w.piece=p.piece WHERE p.source=@a ORDER BY p.at",
            r => new Part(r.GetInt64(0), r.GetInt64(1), Bytes(r, 2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), Bytes(r, 6), r.GetInt64(7)), source.Id);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (bool whole, bool forgotten) = (true, false);
        // where the next part has to begin; -1 where a forgotten one of unknown length stood
        long expected = 0;
        OrderedWork.Run(Runs(parts), run => (run.Parts, Raw: Open(run.Codec, run.Raw, run.Data)), done =>
        {
            foreach (Part part in done.Parts)
            {
                hash.AppendData(part.Before);
                long begins = part.Piece == 0 ? part.At : part.At - part.Before.Length;
                whole &= expected < 0 || begins == expected;
                byte[]? piece = part.Piece > 0 && done.Raw is not null ? store.Piece(done.Raw, part.PackAt, part.Bytes, part.Woven, part.Sha) : null;
                expected = part.Piece == 0 ? part.At + part.Before.Length : part.Piece < 0 ? -1 : part.At + (piece?.Length ?? 0);
                forgotten |= part.Piece < 0 || blanks.Contains(part.Piece);
                whole &= part.Piece <= 0 || piece is not null;
                hash.AppendData(piece ?? []);
                _done += piece?.Length ?? 0;
                progress(Tongue.Say("files", "файлы"), all > 0 ? Math.Min(1, (double)_done / all) : 1);
            }
        }, Environment.ProcessorCount, cancel);
        if (!whole || (expected >= 0 && expected != source.Bytes))
            return Outcome.Broken;
        // spaces may stand for what was forgotten, and may have stood there before
        return hash.GetHashAndReset().AsSpan().SequenceEqual(source.Sha) ? Outcome.Exact : forgotten ? Outcome.Forgotten : Outcome.Broken;
    }

    /// <summary>Parts that follow one another and lie in one pack, with that pack as it is stored: it is opened once for all of them.</summary>
    IEnumerable<(List<Part> Parts, int Codec, long Raw, byte[] Data)> Runs(List<Part> parts)
    {
        for (int from = 0; from < parts.Count;)
        {
            int to = from + 1;
            while (to < parts.Count && parts[to].Pack == parts[from].Pack)
                to++;
            List<(int, long, byte[])> packs = parts[from].Pack == 0 ? [] : _db.Rows("SELECT codec, raw, data FROM pack WHERE id=@a", r => (r.GetInt32(0), r.GetInt64(1), (byte[])r.GetValue(2)), parts[from].Pack);
            (int codec, long raw, byte[] data) = packs.Count == 1 ? packs[0] : (0, 0, []);
            yield return (parts[from..to], codec, raw, data);
            from = to;
        }
    }

    static byte[]? Open(int codec, long raw, byte[] data)
    {
        try
        {
            return Pack.Open(codec, raw, data);
        }
        catch (DumException)
        {
            return null;
        }
    }

    List<long> Unreadable()
    {
        var unreadable = new List<long>();
        List<(long, long)> conversations = _db.Rows("SELECT id, turns FROM conversation ORDER BY id", r => (r.GetInt64(0), r.GetInt64(1)));
        int done = 0;
        foreach ((long id, long turns) in conversations)
        {
            progress(Tongue.Say("words", "слова"), (double)done++ / conversations.Count);
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (store.TurnsOf(id).Count != turns)
                    unreadable.Add(id);
            }
            catch (DumException)
            {
                unreadable.Add(id);
            }
        }
        return unreadable;
    }

    static byte[] Bytes(System.Data.Common.DbDataReader r, int column) => r.IsDBNull(column) ? [] : (byte[])r.GetValue(column);
}
