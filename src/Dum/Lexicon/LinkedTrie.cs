using System.Runtime.CompilerServices;

namespace Dum.Lexicon;

/// <summary>A trie of first-child and next-sibling links: quick to build, the stepping stone to <see cref="EntryTrie"/>.</summary>
sealed class LinkedTrie
{
    int[] _child, _sibling, _entry;
    byte[] _label;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public LinkedTrie(Vocabulary vocabulary, ReadOnlySpan<bool> reachable, int count)
    {
        int room = vocabulary.Offsets[count] / 2 + 512;
        (_child, _sibling, _entry, _label) = (new int[room], new int[room], new int[room], new byte[room]);
        _entry[0] = -1;
        Count = 1;
        // An entry's path starts with its left part's path, which is already here: only the right part is walked.
        var end = new int[count];
        for (int id = 0; id < count; id++)
        {
            int node = 0;
            ReadOnlySpan<byte> rest = vocabulary[id];
            if (id >= Vocabulary.ByteCount)
            {
                (int left, int right) = vocabulary.MergeOf(id);
                node = end[left];
                rest = vocabulary[right];
            }
            foreach (byte b in rest)
                node = ChildOrNew(node, b);
            end[id] = node;
            if (reachable[id])
                _entry[node] = id;
        }
    }

    public int Count { get; private set; }

    public int FirstChild(int node) => _child[node];

    public int NextSibling(int node) => _sibling[node];

    public byte Label(int node) => _label[node];

    /// <summary>The entry whose bytes lead to this node, or -1.</summary>
    public int EntryAt(int node) => _entry[node];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int ChildOrNew(int node, byte label)
    {
        int previous = 0;
        for (int child = _child[node]; child != 0; child = _sibling[child])
        {
            if (_label[child] == label)
                return child;
            previous = child;
        }
        if (Count == _child.Length)
        {
            int size = Count * 2;
            Array.Resize(ref _child, size);
            Array.Resize(ref _sibling, size);
            Array.Resize(ref _entry, size);
            Array.Resize(ref _label, size);
        }
        int made = Count++;
        (_label[made], _entry[made]) = (label, -1);
        if (previous == 0)
            _child[node] = made;
        else
            _sibling[previous] = made;
        return made;
    }
}
