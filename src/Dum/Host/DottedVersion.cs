using System.Globalization;

namespace Dum.Host;

/// <summary>A version as numbers: 570.26 is older than 570.124.06, which no comparison of texts would say.</summary>
readonly record struct DottedVersion(int Major, int Minor, int Patch) : IComparable<DottedVersion>
{
    /// <summary>Reads the digits and dots at the start of <paramref name="text"/>; false when there is no number or one is absurd.</summary>
    public static bool TryParse(string? text, out DottedVersion version)
    {
        version = default;
        if (text is null)
            return false;
        ReadOnlySpan<char> rest = text.AsSpan().Trim().TrimStart('v').TrimStart('V');
        int length = rest.IndexOfAnyExceptInRange('.', '9');
        if (length >= 0)
            rest = rest[..length];
        Span<int> numbers = stackalloc int[3];
        int count = 0;
        foreach (Range part in rest.Split('.'))
        {
            if (count == 3)
                break;
            if (!int.TryParse(rest[part], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 99999)
                break;
            numbers[count++] = number;
        }
        version = new DottedVersion(numbers[0], numbers[1], numbers[2]);
        return count > 0;
    }

    public static DottedVersion? From(string? text) => TryParse(text, out DottedVersion version) ? version : null;

    public int CompareTo(DottedVersion other) =>
        (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(DottedVersion a, DottedVersion b) => a.CompareTo(b) < 0;
    public static bool operator >(DottedVersion a, DottedVersion b) => a.CompareTo(b) > 0;
    public static bool operator <=(DottedVersion a, DottedVersion b) => a.CompareTo(b) <= 0;
    public static bool operator >=(DottedVersion a, DottedVersion b) => a.CompareTo(b) >= 0;
}
