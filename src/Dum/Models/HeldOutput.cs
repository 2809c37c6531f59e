namespace Dum.Models;

/// <summary>Holds back bytes that may turn out to be the beginning of a stop text.</summary>
sealed class HeldOutput(IReadOnlyList<byte[]> stops, Action<ReadOnlyMemory<byte>> give)
{
    readonly List<byte> _held = [];
    readonly int _longest = stops.Count == 0 ? 0 : stops.Max(s => s.Length);

    /// <summary>True when a stop text is complete; what stands before it has been given out.</summary>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        _held.AddRange(bytes);
        ReadOnlySpan<byte> held = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);
        int first = -1;
        foreach (byte[] stop in stops)
        {
            int at = stop.Length == 0 ? -1 : held.IndexOf(stop);
            if (at >= 0 && (first < 0 || at < first))
                first = at;
        }
        if (first >= 0)
        {
            Give(first);
            _held.Clear();
            return true;
        }
        Give(Math.Max(0, held.Length - Math.Max(0, _longest - 1)));
        return false;
    }

    /// <summary>Nothing more will come.</summary>
    public void Finish() => Give(_held.Count);

    void Give(int count)
    {
        if (count == 0)
            return;
        give(_held.GetRange(0, count).ToArray());
        _held.RemoveRange(0, count);
    }
}
