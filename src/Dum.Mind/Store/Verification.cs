using System.Security.Cryptography;

namespace Dum.Mind.Store;

/// <summary>Puts every imported file together again from its pieces and compares it with the hash taken when it came in.</summary>
static class Verification
{
    /// <returns>Files that came back exactly, and those that did not.</returns>
    public static (int Exact, List<string> Broken) Run(MemoryStore store, CancellationToken cancel)
    {
        Db db = store.Db;
        int exact = 0;
        var broken = new List<string>();
        foreach ((long id, string path, byte[] sha) in db.Rows("SELECT id, path, sha FROM source WHERE complete=1 ORDER BY id", r => (r.GetInt64(0), r.GetString(1), (byte[])r.GetValue(2))))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            bool whole = true;
            foreach ((long piece, byte[]? before) in db.Rows("SELECT piece, before FROM part WHERE source=@a ORDER BY at", r => (r.GetInt64(0), r.IsDBNull(1) ? null : (byte[])r.GetValue(1)), id))
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(before ?? []);
                try
                {
                    hash.AppendData(piece > 0 ? store.ReadPiece(piece) : []);
                    whole &= piece >= 0;
                }
                catch (DumException)
                {
                    whole = false;
                }
            }
            if (whole && hash.GetHashAndReset().AsSpan().SequenceEqual(sha))
                exact++;
            else
                broken.Add(path);
        }
        return (exact, broken);
    }
}
