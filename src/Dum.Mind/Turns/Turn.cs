namespace Dum.Mind.Turns;

/// <summary>Who speaks.</summary>
public enum TurnRole : byte
{
    /// <summary>The person.</summary>
    User,

    /// <summary>The assistant.</summary>
    Assistant,

    /// <summary>Instructions around the conversation.</summary>
    System,

    /// <summary>What a tool answered.</summary>
    Tool,

    /// <summary>Whoever wrote a note or a letter.</summary>
    Author,
}

/// <summary>What is particular about a turn.</summary>
[Flags]
public enum TurnMarks : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The source marks it as not shown to the person; kept, not searched.</summary>
    Hidden = 1,

    /// <summary>An abandoned edit or regeneration: off the active path.</summary>
    Branch = 2,

    /// <summary>Wrongly decoded characters were put right; the original bytes are kept.</summary>
    Repaired = 4,

    /// <summary>A note's turn whose text was taken from the export with the same id; the export's own turn is searched.</summary>
    Healed = 8,

    /// <summary>Taken out for good; only its place is left.</summary>
    Forgotten = 16,
}

/// <summary>One turn, as an importer reads it.</summary>
sealed record Turn
{
    /// <summary>The id it has in its source; may be empty.</summary>
    public string Id { get; init; } = "";

    /// <summary>Index within the chat of the turn it answers; −1 for none.</summary>
    public int Parent { get; init; } = -1;

    public TurnRole Role { get; init; }

    /// <summary>A name, where there is more than a role.</summary>
    public string Speaker { get; init; } = "";

    /// <summary>Milliseconds since 1970, 0 when not known.</summary>
    public long Time { get; init; }

    public required string Text { get; init; }

    public TurnMarks Flags { get; init; }

    /// <summary>Where its bytes begin in the piece.</summary>
    public int At { get; init; }

    /// <summary>How many bytes of the piece are its own.</summary>
    public int Bytes { get; init; }
}
