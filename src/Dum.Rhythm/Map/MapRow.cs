namespace Dum.Rhythm.Map;

/// <summary>Who won a row of the map.</summary>
public enum MapVerdict
{
    /// <summary>Not measured: something is missing, which the row's note names.</summary>
    Waits,

    /// <summary>The rhythm alternative.</summary>
    Rhythm,

    /// <summary>Neither, within two percent.</summary>
    Even,

    /// <summary>The accused choice.</summary>
    Conventional,
}

/// <summary>A sentence in both languages: a page shows either.</summary>
/// <param name="English">In English.</param>
/// <param name="Russian">In Russian.</param>
public readonly record struct MapText(string English, string Russian)
{
    /// <summary>In the language of this run.</summary>
    public override string ToString() => Tongue.Say(English, Russian);
}

/// <summary>One side of a row as it was measured.</summary>
/// <param name="Value">What it reached; the median over seeds.</param>
/// <param name="Seconds">Processor time of all threads, learning and answering; the median over seeds.</param>
/// <param name="Bytes">Memory that it still holds at the end, with which it could go on; the median over seeds.</param>
public readonly record struct MapSide(double Value, double Seconds, long Bytes);

/// <summary>A row of the map: an accused choice, the experiment, and what both sides reached in it.</summary>
/// <param name="Id">A short name: <c>--only</c> knows it.</param>
/// <param name="Accused">The choice.</param>
/// <param name="Experiment">What was to be done.</param>
/// <param name="Measure">What is compared, with its unit.</param>
/// <param name="Less">Whether less of it is better.</param>
/// <param name="OurName">What the rhythm side is.</param>
/// <param name="TheirName">What the conventional side is.</param>
/// <param name="Ours">The rhythm side; null where the row waits.</param>
/// <param name="Theirs">The conventional side; null where the row waits.</param>
/// <param name="Note">How to read it, or what it waits for.</param>
public sealed record MapRow(string Id, MapText Accused, MapText Experiment, MapText Measure, bool Less, MapText OurName, MapText TheirName, MapSide? Ours, MapSide? Theirs, MapText Note)
{
    // Closer than this share of the larger one, both are called even.
    const double Margin = 0.02;

    // Times and memories within this factor of each other count as equal.
    const double Level = 1.25;

    /// <summary>What the conventional side took of the rhythm side's time and memory: 1 for as much; NaN where the row waits.</summary>
    public (double Time, double Memory) Shares => Ours is { } ours && Theirs is { } theirs
        ? (theirs.Seconds / Math.Max(ours.Seconds, 1e-6), Math.Max(theirs.Bytes, 1.0) / Math.Max(ours.Bytes, 1.0))
        : (double.NaN, double.NaN);

    /// <summary>Whether a share is close enough to 1 to call both sides equal in it.</summary>
    public static bool IsLevel(double share) => share is >= 1 / Level and <= Level;

    /// <summary>Who won.</summary>
    public MapVerdict Verdict
    {
        get
        {
            if (Ours is not { } ours || Theirs is not { } theirs)
                return MapVerdict.Waits;
            double lead = Less ? theirs.Value - ours.Value : ours.Value - theirs.Value;
            return Math.Abs(lead) <= Margin * Math.Max(Math.Abs(ours.Value), Math.Abs(theirs.Value)) ? MapVerdict.Even : lead > 0 ? MapVerdict.Rhythm : MapVerdict.Conventional;
        }
    }
}
