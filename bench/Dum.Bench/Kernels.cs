using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Dum.Coding;
using Dum.Lexicon;
using Dum.Scenes;

namespace Dum.Bench;

/// <summary>The inner loops, by BenchmarkDotNet, on 100 KB of made-up text.</summary>
public class Kernels
{
    internal const string Usage = "[BenchmarkDotNet's options, such as --filter *Encode*]";

    const int TextBytes = 100_000;

    byte[] _text = [], _room = [], _coded = [];
    int[] _ids = [], _idRoom = [];
    Vocabulary _words = null!;
    BlockCoder _coder = null!;
    SceneSplitter _splitter = null!;

    [ParamsSource(nameof(Languages))]
    public string Language { get; set; } = "";

    public static IEnumerable<string> Languages => SampleText.Languages;

    internal static int Run(Arguments arguments)
    {
        // In this process: a project built anew for each run would need the lexicon copied along.
        IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Report.Root, "BenchmarkDotNet.Artifacts"));
        string[] rest = arguments.Rest.Contains("--filter") ? arguments.Rest : [.. arguments.Rest, "--filter", "*"];
        BenchmarkSwitcher.FromTypes([typeof(Kernels)]).Run(rest, config);
        return 0;
    }

    [GlobalSetup]
    public void Prepare()
    {
        LexiconFile lexicon = LexiconFile.Default;
        _words = lexicon.Vocabulary;
        _text = SampleText.Make(lexicon, Language, TextBytes);
        _ids = _words.Encoder.Encode(_text);
        (_room, _idRoom) = (new byte[TextBytes + 16], new int[TextBytes]);
        _coder = new BlockCoder(lexicon.Prior);
        _coded = _coder.Encode(_ids);
        _splitter = new SceneSplitter(_words);
    }

    [Benchmark]
    public int Encode() => _words.Encoder.Encode(_text, _idRoom);

    [Benchmark]
    public int Decode() => _words.Decode(_ids, _room);

    [Benchmark]
    public byte[] BlockEncode() => _coder.Encode(_ids);

    [Benchmark]
    public bool BlockDecode() => _coder.Decode(_coded, _idRoom.AsSpan(0, _ids.Length));

    [Benchmark]
    public int Scenes() => _splitter.Split(_ids).Count;
}
