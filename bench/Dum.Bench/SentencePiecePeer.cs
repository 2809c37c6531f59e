namespace Dum.Bench;

/// <summary>The program <c>spm_encode</c> of Debian's package sentencepiece.</summary>
sealed class SentencePiecePeer
{
    const string Program = "spm_encode";

    readonly string _model;
    readonly double _start;

    SentencePiecePeer(string model, double start) => (_model, _start) = (model, start);

    public string Name => $"sentencepiece ({Path.GetFileName(_model)})";

    /// <summary>The program, or null and a sentence that says why not.</summary>
    public static SentencePiecePeer? Find(string? model, out string? missing)
    {
        missing = model is null ? "sentencepiece is not compared: give --spm-model FILE." : null;
        if (model is null)
            return null;
        Arguments.Existing([model]);
        using var nothing = new PeerText([]);
        var starts = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            if (Encode(model, nothing) is not { } seconds)
            {
                missing = "sentencepiece is missing: spm_encode (Debian package sentencepiece) is not there or fails.";
                return null;
            }
            starts.Add(seconds);
        }
        return new SentencePiecePeer(model, Rounds.Median(starts));
    }

    /// <summary>Processor time of encoding the text, without the program's start.</summary>
    public double Seconds(PeerText text) =>
        (Encode(_model, text) ?? throw new DumException("spm_encode failed")) - _start;

    static double? Encode(string model, PeerText text) =>
        Child.Run(Program, "--model=" + model, "--output_format=id", text.Path) is (_, var seconds) ? seconds : null;
}

/// <summary>Documents in a temporary file, one after the other.</summary>
sealed class PeerText : IDisposable
{
    public PeerText(IEnumerable<ReadOnlyMemory<byte>> documents)
    {
        using FileStream file = File.OpenWrite(Path);
        foreach (ReadOnlyMemory<byte> document in documents)
            file.Write(document.Span);
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
