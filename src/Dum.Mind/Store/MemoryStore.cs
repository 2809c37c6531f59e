using System.Security.Cryptography;
using Dum.Mind.Search;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>A memory in its database: opening, writing in whole steps, forgetting. One writer at a time; not thread-safe.</summary>
sealed class MemoryStore : IDisposable
{
    /// <summary>With more segments than this, the smallest are joined, until half as many are left.</summary>
    const int MostSegments = 8;

    /// <summary>A segment of so many turns is joined no more: joining holds all of a segment in memory.</summary>
    const int LargeSegment = 400_000;

    /// <summary>The pack opened last: the next piece asked for mostly lies in it, and unfolding takes long.</summary>
    (long Id, byte[] Raw) _opened;

    MemoryStore(Db db) => Db = db;

    public Db Db { get; }

    /// <summary>Opens a memory, or makes an empty one.</summary>
    /// <param name="place">A folder, or a connection string of PostgreSQL.</param>
    /// <param name="create">Make one where there is none.</param>
    /// <exception cref="DumException">There is none and none is to be made (exit code 3), it is damaged, or of a later version.</exception>
    public static MemoryStore Open(string place, bool create)
    {
        Db db = PostgresDb.Is(place) ? PostgresDb.Open(place, create) : SqliteDb.Open(place, create);
        try
        {
            return db.Guard(() => Checked(db));
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    static MemoryStore Checked(Db db)
    {
        bool isNew = db.IsEmpty;
        if (!isNew && !db.HasTable("fact"))
            throw new DumException(Tongue.Say($"the database in {db.Name} is not a memory of dum: give another place", $"база в {db.Name} — не память dum: укажите другое место"));
        long version = isNew ? 0 : db.Number("SELECT value FROM fact WHERE name='version'");
        if (version > Schema.Version)
            throw new DumException(Tongue.Say($"the memory in {db.Name} was made by a later dum (version {version}): update dum", $"память в {db.Name} создана более новым dum (версия {version}): обновите dum"));
        db.Prepare();
        if (version < Schema.Version)
            db.Transaction(() =>
            {
                foreach (string sql in Schema.Create.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    db.Run(db.Translate(sql));
                db.Run("INSERT INTO fact VALUES('version', @a) ON CONFLICT(name) DO UPDATE SET value=excluded.value", Schema.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
            });
        return new MemoryStore(db);
    }

    public long Next(string table) => Db.Number($"SELECT coalesce(max(id),0)+1 FROM {table}");

    /// <summary>The number the next turn gets; numbers are never given twice while their turns are in the index.</summary>
    public long NextTurn() => Math.Max(
        Math.Max(Db.Number("SELECT coalesce(max(first+turns),1) FROM conversation"), Db.Number("SELECT coalesce(max(first+turns),1) FROM dead")),
        Db.Number("SELECT coalesce(max(first+turns),1) FROM sheet"));

    /// <summary>Opens the index for reading.</summary>
    public TurnIndex OpenIndex()
    {
        List<IndexSegment> segments = [.. Db.Rows("SELECT id, data FROM segment ORDER BY id", r => (r.GetInt64(0), (byte[])r.GetValue(1))).Select(s => OpenSegment(s.Item1, s.Item2))];
        List<(long First, long Turns)> dead = Db.Rows("SELECT first, turns FROM dead ORDER BY first", r => (r.GetInt64(0), r.GetInt64(1)));
        return new TurnIndex(segments, turn => IsIn(dead, turn));
    }

    IndexSegment OpenSegment(long id, byte[] meta)
    {
        ulong[] firsts = [.. Db.Rows("SELECT term FROM leaf WHERE segment=@a ORDER BY term", r => Unsigned(r.GetInt64(0)), id)];
        return new IndexSegment(SegmentMeta.FromBytes(meta), firsts, at => (byte[])Db.One("SELECT data FROM leaf WHERE segment=@a AND term=@b", id, Signed(firsts[at]))!);
    }

    public void Write(SegmentBuilder segment)
    {
        if (segment.Meta.Slots == 0)
            return;
        long id = Next("segment");
        Db.Run("INSERT INTO segment VALUES(@a,@b,@c)", id, segment.Meta.Slots, segment.Meta.ToBytes());
        foreach ((ulong first, byte[] data) in segment.Leaves())
            Db.Run("INSERT INTO leaf VALUES(@a,@b,@c)", id, Signed(first), data);
    }

    /// <summary>Joins segments until few are left; leaves out what is dead.</summary>
    /// <param name="all">Join every one that holds something dead, so that no word of it stays.</param>
    /// <param name="cancel">Looked at between leaves.</param>
    public void Join(bool all, CancellationToken cancel)
    {
        List<(long Id, long Slots)> segments = Db.Rows("SELECT id, slots FROM segment ORDER BY id", r => (r.GetInt64(0), r.GetInt64(1)));
        List<(long First, long Turns)> dead = Db.Rows("SELECT first, turns FROM dead ORDER BY first", r => (r.GetInt64(0), r.GetInt64(1)));
        if (all)
        {
            if (dead.Count == 0)
                return;
            foreach ((long id, long _) in segments)
                Rewrite([id], dead, cancel);
            Db.Run("DELETE FROM dead");
            return;
        }
        List<(long Id, long Slots)> small = [.. segments.Where(s => s.Slots < LargeSegment)];
        // the smallest go together, so that a large one is not written anew for the sake of a few turns
        if (small.Count > MostSegments)
            Rewrite([.. small.OrderBy(s => s.Slots).ThenBy(s => s.Id).Take(small.Count - MostSegments / 2).Select(s => s.Id).Order()], dead, cancel);
    }

    void Rewrite(List<long> ids, List<(long First, long Turns)> dead, CancellationToken cancel)
    {
        var joined = new SegmentBuilder();
        bool changed = ids.Count > 1;
        foreach (long id in ids)
        {
            byte[] data = Db.Rows("SELECT data FROM segment WHERE id=@a", r => (byte[])r.GetValue(0), id)[0];
            IndexSegment segment = OpenSegment(id, data);
            int[] moved = new int[segment.Meta.Slots];
            int slot = 0;
            foreach (IndexedEpisode e in segment.Meta.Episodes)
            {
                bool gone = IsIn(dead, e.Turn);
                changed |= gone;
                if (!gone)
                    joined.BeginEpisode(e.Turn, e.Turns, e.Minute);
                for (int i = 0; i < e.Turns; i++, slot++)
                {
                    moved[slot] = gone ? -1 : joined.Meta.Slots;
                    if (gone)
                        continue;
                    joined.Meta.Lengths.Add(segment.Meta.Lengths[slot]);
                    joined.Meta.Terms += (long)SegmentMeta.Terms8(segment.Meta.Lengths[slot]);
                }
            }
            int[] where = new int[1024];
            float[] counts = new float[1024];
            foreach (byte[] leaf in segment.Leaves())
            {
                cancel.ThrowIfCancellationRequested();
                int at = 0;
                while (Leaf.Next(leaf, ref at, out ulong term, out ReadOnlySpan<byte> bytes))
                {
                    int n = 0;
                    Postings.Read(bytes, 0, moved.Length, ref where, ref counts, ref n);
                    for (int i = 0; i < n; i++)
                        if (moved[where[i]] >= 0)
                            joined.ListOf(term).Add(moved[where[i]], (int)counts[i]);
                }
            }
        }
        if (!changed)
            return;
        foreach (long id in ids)
        {
            Db.Run("DELETE FROM leaf WHERE segment=@a", id);
            Db.Run("DELETE FROM segment WHERE id=@a", id);
        }
        Write(joined);
    }

    /// <summary>The turns of a conversation, in order; none when there is no such conversation.</summary>
    /// <exception cref="DumException">A sheet is damaged.</exception>
    public List<Turn> TurnsOf(long conversation) =>
        [.. Range(conversation).SelectMany(r => Db.Rows("SELECT data FROM sheet WHERE first>=@a AND first<@b ORDER BY first", s => (byte[])s.GetValue(0), r.First, r.End)).SelectMany(Sheet.Read)];

    // By number: the turns of a conversation have numbers of their own, and by those sheets are found at once.
    List<(long First, long End)> Range(long conversation) =>
        Db.Rows("SELECT first, first+turns FROM conversation WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), conversation);

    /// <summary>Takes a conversation out; its pieces stay.</summary>
    public void RemoveConversation(long id)
    {
        RemoveState(id);
        Db.Run("DELETE FROM elder WHERE conversation=@a", id);
    }

    /// <summary>Takes a conversation's turns out, to be followed by another state of it.</summary>
    public void RemoveState(long id)
    {
        foreach (long piece in Db.Rows("SELECT piece FROM weave WHERE conversation=@a", r => r.GetInt64(0), id))
            Unweave(piece);
        foreach ((long first, long turns) in Db.Rows("SELECT first, turns FROM conversation WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), id))
            if (turns > 0)
                Db.Run("INSERT INTO dead VALUES(@a,@b) ON CONFLICT(first) DO UPDATE SET turns=excluded.turns", first, turns);
        foreach ((long first, long end) in Range(id))
            Db.Run("DELETE FROM sheet WHERE first>=@a AND first<@b", first, end);
        Db.Run("DELETE FROM episode WHERE conversation=@a", id);
        Db.Run("DELETE FROM conversation WHERE id=@a", id);
    }

    /// <summary>Takes a version of a file out: its parts and gaps.</summary>
    /// <returns>The pieces that it held: they are to be dropped when all that is being stored is in, which may need them.</returns>
    public List<long> RemoveSource(long id)
    {
        List<long> pieces = Db.Rows("SELECT DISTINCT piece FROM part WHERE source=@a AND piece>0", r => r.GetInt64(0), id);
        Db.Run("DELETE FROM part WHERE source=@a", id);
        Db.Run("DELETE FROM gap WHERE source=@a", id);
        Db.Run("DELETE FROM source WHERE id=@a", id);
        return pieces;
    }

    /// <summary>Drops those of the pieces that no file holds any more, and writes their packs anew without them.</summary>
    public void DropPieces(List<long> pieces)
    {
        var packs = new HashSet<long>();
        foreach (long piece in pieces)
        {
            if (Db.Number("SELECT count(*) FROM part WHERE piece=@a", piece) > 0 || Db.Number("SELECT count(*) FROM conversation WHERE piece=@a", piece) > 0)
                continue;
            packs.Add(Db.Number("SELECT pack FROM piece WHERE id=@a", piece));
            Db.Run("DELETE FROM piece WHERE id=@a", piece);
            Db.Run("DELETE FROM blank WHERE piece=@a", piece);
            Db.Run("DELETE FROM weave WHERE piece=@a", piece);
            Db.Run("DELETE FROM elder WHERE piece=@a", piece);
        }
        foreach (long pack in packs)
            Repack(pack);
    }

    /// <summary>Writes a pack anew with the pieces it still has.</summary>
    /// <param name="id">The pack.</param>
    /// <param name="raw">Where they are to be found; as it is stored if null.</param>
    void Repack(long id, byte[]? raw = null)
    {
        List<(long Id, long At, long Bytes)> left = Db.Rows("SELECT id, at, bytes FROM piece WHERE pack=@a ORDER BY at", r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), id);
        if (left.Count == 0)
        {
            Db.Run("DELETE FROM pack WHERE id=@a", id);
            return;
        }
        raw ??= OpenPack(id);
        var kept = new MemoryStream();
        foreach ((long piece, long at, long bytes) in left)
        {
            Db.Run("UPDATE piece SET at=@a WHERE id=@b", kept.Length, piece);
            kept.Write(raw, (int)at, (int)bytes);
        }
        Refill(id, kept.GetBuffer().AsSpan(0, (int)kept.Length));
    }

    /// <exception cref="DumException">The pack is missing or damaged.</exception>
    public byte[] OpenPack(long id)
    {
        List<(int Codec, long Raw, byte[] Data)> packs = Db.Rows("SELECT codec, raw, data FROM pack WHERE id=@a", r => (r.GetInt32(0), r.GetInt64(1), (byte[])r.GetValue(2)), id);
        return packs.Count == 1 ? Pack.Open(packs[0].Codec, packs[0].Raw, packs[0].Data) : Pack.Open(0, 0, []);
    }

    /// <summary>Puts other bytes into a pack.</summary>
    public void Refill(long id, ReadOnlySpan<byte> raw) =>
        Db.Run("UPDATE pack SET codec=@a, raw=@b, data=@c WHERE id=@d", Pack.Quick, raw.Length, Pack.Squeeze(raw), id);

    /// <summary>The exact bytes of a piece, checked by their SHA-256.</summary>
    /// <exception cref="DumException">They are missing or do not match.</exception>
    public byte[] ReadPiece(long id)
    {
        List<(byte[] Sha, long Pack, long At, long Bytes, long Woven)> pieces = Db.Rows("SELECT p.sha, p.pack, p.at, p.bytes, coalesce(w.conversation,0) FROM piece p LEFT JOIN weave w ON w.piece=p.id WHERE p.id=@a",
            r => ((byte[])r.GetValue(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), id);
        if (pieces.Count != 1)
            throw new DumException(Tongue.Say("the original of this has been forgotten", "подлинник этого забыт"));
        (byte[] sha, long pack, long at, long bytes, long woven) = pieces[0];
        // what is remembered may have been forgotten meanwhile, by another program
        byte[]? found = _opened.Id == pack ? Piece(_opened.Raw, at, bytes, woven, sha) : null;
        if (found is not null)
            return found;
        _opened = (pack, OpenPack(pack));
        return Piece(_opened.Raw, at, bytes, woven, sha)
            ?? throw Damage.Of("an original does not match its SHA-256", "подлинник не сходится со своим SHA-256");
    }

    /// <summary>A piece out of an opened pack; null when it is not the one of that hash.</summary>
    /// <param name="raw">The pack.</param>
    /// <param name="at">Where the piece begins in it.</param>
    /// <param name="bytes">How long it is there.</param>
    /// <param name="woven">The conversation that holds its words; 0 when it is kept as it is.</param>
    /// <param name="sha">Its SHA-256.</param>
    public byte[]? Piece(byte[] raw, long at, long bytes, long woven, byte[] sha)
    {
        try
        {
            return Checked(raw, at, bytes, woven == 0 ? null : TurnsOf(woven), sha);
        }
        catch (DumException)
        {
            return null;
        }
    }

    /// <summary>The same, with the turns that hold its words; null where it is kept as it is.</summary>
    /// <exception cref="DumException">The bytes are damaged.</exception>
    public static byte[]? Checked(byte[] raw, long at, long bytes, IReadOnlyList<Turn>? turns, byte[] sha)
    {
        if (at < 0 || bytes < 0 || at > raw.Length - bytes)
            return null;
        byte[] piece = turns is null ? raw[(int)at..(int)(at + bytes)] : Weave.Restore(raw.AsSpan((int)at, (int)bytes), turns);
        return SHA256.HashData(piece).AsSpan().SequenceEqual(sha) ? piece : null;
    }

    /// <summary>Writes a woven piece as it is: before its words change.</summary>
    public void Unweave(long piece)
    {
        byte[] bytes = ReadPiece(piece);
        (long pack, long place) = Db.Rows("SELECT pack, at FROM piece WHERE id=@a", r => (r.GetInt64(0), r.GetInt64(1)), piece)[0];
        byte[] raw = OpenPack(pack);
        Db.Run("DELETE FROM weave WHERE piece=@a", piece);
        Db.Run("UPDATE piece SET at=@a, bytes=@b WHERE id=@c", raw.Length, bytes.Length, piece);
        Repack(pack, [.. raw, .. bytes]);
    }

    static bool IsIn(List<(long First, long Turns)> ranges, long turn)
    {
        int low = 0, high = ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].First <= turn)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && turn < ranges[low - 1].First + ranges[low - 1].Turns;
    }

    // Terms are kept as signed numbers in the same order.
    static long Signed(ulong term) => (long)(term ^ 0x8000_0000_0000_0000);

    static ulong Unsigned(long term) => (ulong)term ^ 0x8000_0000_0000_0000;

    public void Dispose() => Db.Dispose();
}
