namespace Dum.App.Views.Report;

/// <summary>The head of a document as the page shows it: whole scenes, whole episodes.</summary>
sealed class ShownText
{
    /// <summary>What is shown ends at the first end of a scene past this many bytes of a document…</summary>
    public const int MostBytes = 60_000;

    /// <summary>…or past this many hyperwords: a browser scrolls so many smoothly.</summary>
    public const int MostHyperwords = 20_000;

    /// <summary>Documents shown.</summary>
    public const int MostDocuments = 12;

    public List<int> Ids { get; } = [];

    /// <summary>Hyperwords of each scene.</summary>
    public List<int> Scenes { get; } = [];

    /// <summary>Scenes of each episode.</summary>
    public List<int> Episodes { get; } = [];

    public int Bytes { get; private set; }

    public bool Full => Bytes >= MostBytes || Ids.Count >= MostHyperwords;

    public void Add(ReadOnlySpan<int> scene, int bytes, bool begins)
    {
        if (begins)
            Episodes.Add(0);
        Episodes[^1]++;
        Scenes.Add(scene.Length);
        Ids.AddRange(scene);
        Bytes += bytes;
    }
}

/// <summary>A document of the report.</summary>
sealed record ReportDocument(string Name, long Bytes, string Sha256, ShownText? Shown);
