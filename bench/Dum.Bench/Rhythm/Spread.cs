namespace Dum.Bench.Rhythm;

/// <summary>Median and quartiles of several runs.</summary>
readonly record struct Spread(double Median, double Low, double High)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] v = [.. values.Order()];
        return new Spread(At(0.5), At(0.25), At(0.75));

        double At(double share)
        {
            double place = share * (v.Length - 1);
            int below = (int)place;
            return below + 1 < v.Length ? v[below] + ((place - below) * (v[below + 1] - v[below])) : v[below];
        }
    }
}

/// <summary>Series that are not in the repository: beside it, in ../shared/data/series, or where <c>--series</c> says.</summary>
static class SeriesData
{
    public static string? Folder { get; set; }

    public static string? Find(string name)
    {
        if (Folder is not null)
            return File.Exists(Path.Combine(Folder, name)) ? Path.Combine(Folder, name) : null;
        for (DirectoryInfo? at = new(Report.Root); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "shared", "data", "series", name)))
                return Path.Combine(at.FullName, "shared", "data", "series", name);
        return null;
    }

    public static string Require(string name) => Find(name) ?? throw new DumException($"{name} is not here: give its folder with --series");
}
