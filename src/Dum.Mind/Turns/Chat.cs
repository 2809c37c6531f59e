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

    public List<Turn> Turns { get; init; } = [];
}
