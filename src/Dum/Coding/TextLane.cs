namespace Dum.Coding;

/// <summary>One of several runs of a block that are coded side by side: where it stands, and the repetition it follows.</summary>
struct TextLane
{
    /// <summary>Index in the block of the run's first hyperword.</summary>
    public int First;

    /// <summary>Index in the block of the hyperword that is coded next.</summary>
    public int Next;

    /// <summary>Index in the block of what the repetition expects next; may lie in another lane.</summary>
    public int MatchFrom;

    /// <summary>Hyperwords that agreed so far; 0 where there is no repetition.</summary>
    public int MatchLength;

    /// <summary>A run that begins at <paramref name="first"/>.</summary>
    public static TextLane At(int first) => new() { First = first, Next = first };
}
