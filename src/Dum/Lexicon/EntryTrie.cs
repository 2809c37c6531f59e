using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dum.Lexicon;

/// <summary>
/// A double-array trie over the entries of a vocabulary (Aoe 1989): the longest entry at a place in a text, one table
/// look-up per byte. A slot holds <c>Base</c> (where the children start; the sign bit says that an entry ends here)
/// and <c>Check</c> (the parent's slot).
/// </summary>
sealed class EntryTrie
{
    struct Slot
    {
        public int Base, Check;
    }

    const int EndsHere = int.MinValue;
    const int Free = -1, Root = -2;

    // A node with several children tries this many free places before it takes new room at the end.
    const int Patience = 32;

    Slot[] _slots;
    int[] _entry;
    int _firstFree = 1, _used = 1;

    /// <param name="vocabulary">Source of the entries.</param>
    /// <param name="reachable">False for entries that no encoding ever produces; they are left out.</param>
    /// <param name="count">Only entries below this.</param>
    public EntryTrie(Vocabulary vocabulary, ReadOnlySpan<bool> reachable, int count)
    {
        ShorterEntry = new int[count];
        var plain = new LinkedTrie(vocabulary, reachable, count);
        _slots = [];
        _entry = [];
        Grow(plain.Count + plain.Count / 2 + 1024);
        _slots[0].Check = Root;
        Place(plain);
        // The children of any slot then lie inside the array, whatever byte is looked up.
        Grow(_used + 256);
    }

    /// <summary>For every entry the longest other entry that it starts with, or -1.</summary>
    public int[] ShorterEntry { get; }

    /// <summary>The longest entry that starts at <paramref name="start"/>, and where it ends. Every byte is an entry, so there is always one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Longest(ref byte text, int start, int end, out int next)
    {
        ref Slot slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        int node = 0, found = 0, children = slots.Base;
        next = start;
        for (int i = start; i < end; i++)
        {
            int child = children + Unsafe.Add(ref text, i);
            Slot slot = Unsafe.Add(ref slots, child);
            if (slot.Check != node)
                break;
            node = child;
            children = slot.Base & int.MaxValue;
            found = slot.Base < 0 ? child : found;
            next = slot.Base < 0 ? i + 1 : next;
        }
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entry), found);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Place(LinkedTrie plain)
    {
        Span<byte> labels = stackalloc byte[256];
        var open = new Stack<(int Node, int Slot, int Shorter)>();
        open.Push((0, 0, -1));
        while (open.TryPop(out var at))
        {
            int shorter = at.Shorter, ended = plain.EntryAt(at.Node), flag = 0;
            if (ended >= 0)
            {
                ShorterEntry[ended] = shorter;
                _entry[at.Slot] = shorter = ended;
                flag = EndsHere;
            }
            int n = 0;
            for (int child = plain.FirstChild(at.Node); child > 0; child = plain.NextSibling(child))
                labels[n++] = plain.Label(child);
            int origin = n == 0 ? 0 : FindOrigin(labels[..n]);
            _slots[at.Slot].Base = origin | flag;
            for (int child = plain.FirstChild(at.Node); child > 0; child = plain.NextSibling(child))
            {
                int slot = origin + plain.Label(child);
                _slots[slot].Check = at.Slot;
                _used = Math.Max(_used, slot + 1);
                open.Push((child, slot, shorter));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int FindOrigin(ReadOnlySpan<byte> labels)
    {
        while (_slots[_firstFree].Check != Free)
            _firstFree++;
        int tries = 0;
        for (int place = Math.Max(_firstFree, labels[0]); ; place++)
        {
            if (tries == Patience)
                place = Math.Max(place, _used);
            if (place + 256 >= _slots.Length)
                Grow(place + 256 + place / 4);
            if (_slots[place].Check != Free)
                continue;
            tries++;
            int origin = place - labels[0];
            bool fits = true;
            for (int i = 1; i < labels.Length && fits; i++)
                fits = _slots[origin + labels[i]].Check == Free;
            if (fits && origin + labels[0] > 0)
                return origin;
        }
    }

    void Grow(int size)
    {
        int old = Math.Min(_slots.Length, size);
        Array.Resize(ref _slots, size);
        Array.Resize(ref _entry, size);
        for (int i = old; i < size; i++)
            _slots[i].Check = Free;
    }
}
