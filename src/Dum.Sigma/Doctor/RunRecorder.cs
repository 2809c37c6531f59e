using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Scenes;

namespace Dum.Sigma.Doctor;

/// <summary>
/// Records a run at the kernel table: of every result of every operation a hash for each row, filed under the place of the row
/// in its sequence. The bits of the run are not touched.
/// </summary>
sealed unsafe class RunRecorder : NamedKernels
{
    readonly RecordingWriter? _writer;
    readonly SceneTrack? _track;
    readonly Dictionary<int, SceneSplitter.Cursor> _cursors = [];
    readonly Place[][] _places = [[], [], []];
    readonly Dictionary<string, ResidualPrint> _prints = [];
    ulong[] _hashes = new ulong[256];
    bool _heads;

    /// <param name="inner">The table that does the work.</param>
    /// <param name="model">Whose run it is.</param>
    /// <param name="writer">Takes the recording; null for the tree alone.</param>
    public RunRecorder(KernelTable inner, LanguageModel model, RecordingWriter? writer)
        : base(inner, model.Frozen)
    {
        _writer = writer;
        if (model.Rule is { } rule)
            _track = new SceneTrack(new SceneSplitter(model.Lexicon!.Vocabulary, rule), model.Vocabulary - 1);
    }

    /// <summary>Of all rows so far.</summary>
    public HashTree Tree { get; } = new();

    /// <summary>Fingerprints by operation, of one row in sixteen, chosen by its place.</summary>
    public IReadOnlyDictionary<string, ResidualPrint> Prints => _prints;

    /// <summary>Says whose the rows of the next walk are.</summary>
    /// <param name="rows">The place of every token, sequences one behind the other.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="heads">Whether its logits count: those inside a prompt depend on how it was cut.</param>
    public void Next(ReadOnlySpan<Place> rows, ReadOnlySpan<int> tokens, bool heads)
    {
        _writer?.EndWalk();
        _heads = heads;
        var last = new List<Place>();
        var scenes = new List<Place>();
        for (int r = 0; r < rows.Length; r++)
        {
            if (r + 1 == rows.Length || rows[r + 1].Sequence != rows[r].Sequence)
                last.Add(rows[r]);
            if (_track is null)
                continue;
            SceneSplitter.Cursor cursor = _cursors.GetValueOrDefault(rows[r].Sequence);
            if (_track.Add(ref cursor, tokens[r], out _))
                scenes.Add(rows[r]);
            _cursors[rows[r].Sequence] = cursor;
        }
        (_places[(int)RowsOf.Tokens], _places[(int)RowsOf.Scenes], _places[(int)RowsOf.Heads]) = (rows.ToArray(), [.. scenes], [.. last]);
        _writer?.BeginWalk(_places);
    }

    protected override void See(NamedOperation operation, Matrix y)
    {
        if (operation.Rows == RowsOf.Heads && !_heads)
            return;
        Place[] places = _places[(int)operation.Rows];
        if (places.Length != y.Rows)
            throw new InvalidOperationException($"{operation.Name} has {y.Rows} rows, its walk {places.Length}");
        if (_hashes.Length < y.Rows)
            _hashes = new ulong[y.Rows];
        if (!_prints.TryGetValue(operation.Name, out ResidualPrint? print))
            _prints[operation.Name] = print = new ResidualPrint();
        for (int r = 0; r < y.Rows; r++)
        {
            _hashes[r] = RowHash.Of(y.Row(r), y.Columns);
            if ((RowHash.Mix(((ulong)(uint)places[r].Sequence << 32) | (uint)places[r].Position) & 15) == 0)
                print.Add(new ReadOnlySpan<float>(y.Row(r), y.Columns));
        }
        Tree.Add(operation, places, _hashes.AsSpan(0, y.Rows));
        _writer?.Add(operation, y, _hashes.AsSpan(0, y.Rows));
    }
}
