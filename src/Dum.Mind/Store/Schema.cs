namespace Dum.Mind.Store;

/// <summary>
/// The tables of a memory. A file is a row of <c>source</c> and a sequence of <c>part</c>s; a part's bytes are a
/// <c>piece</c>, kept once however many files hold it, inside a compressed <c>pack</c>. A <c>conversation</c>'s turns lie in
/// <c>sheet</c>s, their words in the leaves of index <c>segment</c>s. A <c>blank</c> is a stretch of a piece that was forgotten: spaces
/// stand there. An <c>elder</c> is a piece that holds another state of a conversation than the one that is kept.
/// A piece with a row in <c>weave</c> is kept without the words that the turns of that conversation hold (<see cref="Weave"/>).
/// </summary>
static class Schema
{
    /// <summary>Raised when the tables change; a store of a higher version is not touched.</summary>
    public const int Version = 2;

    public const string Create = """
        CREATE TABLE IF NOT EXISTS fact(name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS source(id BIGINT PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, bytes BIGINT NOT NULL, sha BLOB, modified BIGINT NOT NULL,
            imported BIGINT NOT NULL, complete INT NOT NULL, turn_bytes BIGINT NOT NULL, gap_bytes BIGINT NOT NULL);
        CREATE INDEX IF NOT EXISTS source_path ON source(path);
        CREATE TABLE IF NOT EXISTS pack(id BIGINT PRIMARY KEY, codec INT NOT NULL, raw BIGINT NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS piece(id BIGINT PRIMARY KEY, sha BLOB NOT NULL, pack BIGINT NOT NULL, at BIGINT NOT NULL, bytes BIGINT NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS piece_sha ON piece(sha);
        CREATE INDEX IF NOT EXISTS piece_pack ON piece(pack);
        CREATE TABLE IF NOT EXISTS part(source BIGINT NOT NULL, at BIGINT NOT NULL, piece BIGINT NOT NULL, before BLOB, PRIMARY KEY(source, at));
        CREATE INDEX IF NOT EXISTS part_piece ON part(piece);
        CREATE TABLE IF NOT EXISTS gap(source BIGINT NOT NULL, at BIGINT NOT NULL, bytes BIGINT NOT NULL, why TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS gap_source ON gap(source);
        CREATE TABLE IF NOT EXISTS conversation(id BIGINT PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, title TEXT NOT NULL, gist TEXT NOT NULL, source BIGINT NOT NULL,
            piece BIGINT NOT NULL, hash BLOB NOT NULL, began BIGINT NOT NULL, ended BIGINT NOT NULL, updated BIGINT NOT NULL, first BIGINT NOT NULL, turns BIGINT NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS conversation_name ON conversation(name);
        CREATE INDEX IF NOT EXISTS conversation_first ON conversation(first);
        CREATE INDEX IF NOT EXISTS conversation_source ON conversation(source);
        CREATE INDEX IF NOT EXISTS conversation_piece ON conversation(piece);
        CREATE TABLE IF NOT EXISTS sheet(first BIGINT PRIMARY KEY, conversation BIGINT NOT NULL, turns BIGINT NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS episode(first BIGINT PRIMARY KEY, conversation BIGINT NOT NULL, turns BIGINT NOT NULL, began BIGINT NOT NULL, ended BIGINT NOT NULL, gist TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS episode_conversation ON episode(conversation);
        CREATE TABLE IF NOT EXISTS segment(id BIGINT PRIMARY KEY, slots BIGINT NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS leaf(segment BIGINT NOT NULL, term BIGINT NOT NULL, data BLOB NOT NULL, PRIMARY KEY(segment, term)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dead(first BIGINT PRIMARY KEY, turns BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS forgotten(name BLOB PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS blank(piece BIGINT NOT NULL, at BIGINT NOT NULL, bytes BIGINT NOT NULL, PRIMARY KEY(piece, at));
        CREATE TABLE IF NOT EXISTS weave(piece BIGINT PRIMARY KEY, conversation BIGINT NOT NULL);
        CREATE INDEX IF NOT EXISTS weave_conversation ON weave(conversation);
        CREATE TABLE IF NOT EXISTS elder(conversation BIGINT NOT NULL, piece BIGINT NOT NULL, PRIMARY KEY(conversation, piece));
        CREATE INDEX IF NOT EXISTS elder_piece ON elder(piece);
        """;
}
