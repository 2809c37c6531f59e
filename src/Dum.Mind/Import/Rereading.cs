using Dum.Mind.Store;
using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>Where a file holds a piece.</summary>
/// <param name="Source">The file's number.</param>
/// <param name="Path">Its name, which is in the keys of conversations without an id.</param>
/// <param name="Format">Its format.</param>
/// <param name="Modified">When it was changed, in milliseconds since 1970.</param>
/// <param name="IsComplete">Whether it was imported to its end.</param>
/// <param name="At">Where the piece begins in it.</param>
/// <param name="Number">How many pieces stand before it.</param>
readonly record struct PiecePlace(long Source, string Path, string Format, long Modified, bool IsComplete, long At, int Number);

/// <summary>Understands pieces that the memory keeps once more, as at their import. The files' maps and what is forgotten must not change meanwhile.</summary>
sealed class Rereading(MemoryStore store)
{
    /// <summary>Where the pieces of a file begin: a piece is counted by them.</summary>
    readonly Dictionary<long, List<long>> _begins = [];

    /// <summary>The places of a piece, those of the files imported first before the others.</summary>
    public List<PiecePlace> PlacesOf(long piece) => [.. store.Db.Rows(
        "SELECT s.id, s.path, s.format, s.modified, s.complete, p.at FROM part p JOIN source s ON s.id=p.source WHERE p.piece=@a ORDER BY s.id, p.at",
        r => new PiecePlace(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt32(4) == 1, r.GetInt64(5), 0), piece).Select(p => p with { Number = NumberOf(p) })];

    int NumberOf(PiecePlace place)
    {
        if (!_begins.TryGetValue(place.Source, out List<long>? begins))
            _begins[place.Source] = begins = store.Db.Rows("SELECT at FROM part WHERE source=@a ORDER BY at", r => r.GetInt64(0), place.Source);
        return begins.BinarySearch(place.At);
    }

    /// <summary>What was read last: many conversations may lie in one piece.</summary>
    (long Piece, PiecePlace Place, List<Chat> Chats) _last = (0, default, []);

    /// <summary>The conversations that a piece holds at a place. A turn that was forgotten is there without its words, where its format lets its place be told.</summary>
    /// <exception cref="DumException">The piece is damaged.</exception>
    public List<Chat> ChatsOf(long piece, PiecePlace place)
    {
        if (_last.Piece == piece && _last.Place == place)
            return _last.Chats;
        List<Stretch> blanks = store.Db.Rows("SELECT at, bytes FROM blank WHERE piece=@a ORDER BY at", r => new Stretch(r.GetInt64(0), r.GetInt64(1)), piece);
        FileFormat format = FileFormat.Of(place.Format);
        List<Chat> chats = format.Understand(new Piece(place.At, [], format.Readable(store.ReadPiece(piece), blanks)), place.Number, place.Path, place.Modified).Chats;
        Repair.RepairStep.Apply(chats);
        HashSet<long> forgotten = [.. blanks.Select(b => b.At)];
        foreach (Chat chat in forgotten.Count > 0 ? chats : [])
            for (int i = 0; i < chat.Turns.Count; i++)
                if (forgotten.Contains(chat.Turns[i].At))
                    chat.Turns[i] = Forgotten.Blank(chat.Turns[i]);
        _last = (piece, place, chats);
        return chats;
    }
}
