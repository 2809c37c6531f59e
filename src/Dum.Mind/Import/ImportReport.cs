namespace Dum.Mind.Import;

/// <summary>What an import did.</summary>
/// <param name="Files">Files read, by format; <c>unknown</c> are those of which nothing could be taken.</param>
/// <param name="Skipped">Files that had not changed.</param>
/// <param name="Bytes">Bytes read; each is one of the three below.</param>
/// <param name="TurnBytes">Bytes taken as turns.</param>
/// <param name="MetadataBytes">Bytes taken as metadata: all around the turns in what was understood.</param>
/// <param name="UnknownBytes">Bytes not understood.</param>
/// <param name="Unknown">Where those are: file, place, length, reason.</param>
/// <param name="Added">New conversations.</param>
/// <param name="Changed">Conversations replaced by a newer state.</param>
/// <param name="Same">Conversations that were there already.</param>
/// <param name="Older">Conversations left out: older than what is there, or forgotten on purpose.</param>
/// <param name="Turns">Turns stored.</param>
public sealed record ImportReport(IReadOnlyDictionary<string, int> Files, int Skipped, long Bytes, long TurnBytes, long MetadataBytes, long UnknownBytes,
    IReadOnlyList<UnknownPlace> Unknown, int Added, int Changed, int Same, int Older, long Turns)
{
    /// <summary>True when there were files, and none of them could be taken.</summary>
    public bool IsNothing => Skipped == 0 && Files.Count > 0 && Files.Keys.All(f => f == FileFormat.Unknown);

    internal static ImportReport Of(ImportJob job)
    {
        var files = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var unknown = new List<UnknownPlace>();
        (long bytes, long turns, long gaps, int skipped) = (0, 0, 0, 0);
        foreach (ImportedFile file in job.Files)
        {
            if (file.Skipped)
            {
                skipped++;
                continue;
            }
            string format = file is { TurnBytes: 0, GapBytes: > 0 } ? FileFormat.Unknown : file.Format;
            files[format] = files.GetValueOrDefault(format) + 1;
            bytes += file.Bytes;
            turns += file.TurnBytes;
            gaps += file.GapBytes;
            foreach (Gap gap in file.Gaps)
                unknown.Add(new UnknownPlace(file.Path, gap.At, gap.Bytes, gap.Why));
        }
        return new ImportReport(files, skipped, bytes, turns, bytes - turns - gaps, gaps, unknown, job.Result.Added, job.Result.Changed, job.Result.Same, job.Result.Older, job.Result.Turns);
    }
}

/// <summary>A stretch of a file that was not understood.</summary>
/// <param name="File">The file.</param>
/// <param name="At">Its first byte.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Why">What was wrong, in the user's language.</param>
public sealed record UnknownPlace(string File, long At, long Bytes, string Why);
