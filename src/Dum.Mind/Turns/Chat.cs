namespace Dum.Mind.Turns;

/// <summary>A conversation, as an importer reads it.</summary>
sealed class Chat
{
    /// <summary>Names it for ever: format and id, or file and place.</summary>
    public required string Key { get; init; }

    public required string Format { get; init; }

    public string Title { get; init; } = "";

    /// <summary>Milliseconds since 1970, 0 when not known.</summary>
    public long Created { get; init; }

    /// <inheritdoc cref="Created"/>
    public long Updated { get; init; }

    /// <summary>Where its own record begins in a piece that holds others too.</summary>
    public int At { get; set; }

    /// <summary>How long that record is; 0 where the piece is the record, or where turns alone make the conversation.</summary>
    public int Bytes { get; set; }

    public List<Turn> Turns { get; init; } = [];
}
