namespace Dum.Mind.Recall;

/// <summary>How near something recalled is shown.</summary>
public enum Zoom
{
    /// <summary>The words themselves.</summary>
    Full,

    /// <summary>A sentence of a scene.</summary>
    Gist,

    /// <summary>A conversation by its title.</summary>
    Map,
}

/// <summary>One thing recalled.</summary>
/// <param name="Id">What <c>dum expand</c> takes: conversation, or conversation.turn.</param>
/// <param name="Zoom">How near it is shown.</param>
/// <param name="Score">Comparable within one recall; higher is better.</param>
/// <param name="Title">Of the conversation.</param>
/// <param name="Source">The file it came from.</param>
/// <param name="Time">When it was said; null when not known.</param>
/// <param name="Speaker">Who said it.</param>
/// <param name="Text">The words.</param>
/// <param name="Turn">Its number in the store; −1 where it is more than a turn.</param>
public sealed record Recalled(string Id, Zoom Zoom, double Score, string Title, string Source, DateTimeOffset? Time, string Speaker, string Text, long Turn);

/// <summary>The answer to a question: passages within a budget, best first.</summary>
/// <param name="Question">As it was asked.</param>
/// <param name="Budget">Tokens allowed, of four characters each.</param>
/// <param name="Used">Tokens taken.</param>
/// <param name="Confidence">0…1: how likely it is that the memory holds an answer at all.</param>
/// <param name="Abstains">True when nothing fits well enough.</param>
/// <param name="Items">What was recalled.</param>
public sealed record Recollection(string Question, int Budget, int Used, double Confidence, bool Abstains, IReadOnlyList<Recalled> Items);
