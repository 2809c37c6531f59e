using Dum.Mind.Turns;

namespace Dum.Mind.Import;

/// <summary>A stretch of a file that was not understood, and why.</summary>
readonly record struct Gap(long At, long Bytes, string Why);

/// <summary>What a piece of a file holds.</summary>
sealed class PieceContent
{
    public List<Chat> Chats { get; } = [];

    /// <summary>Places count from the start of the piece.</summary>
    public List<Gap> Gaps { get; } = [];
}
