using Dum.Bench;
using Dum.Bench.Rhythm;
using Dum.Bench.Sigma;

// A verb is one line here and one file beside this one.
var verbs = new Dictionary<string, (string Usage, Func<Arguments, int> Run)>
{
    ["lexicon"] = (LexiconBench.Usage, LexiconBench.Run),
    ["fold"] = (FoldBench.Usage, FoldBench.Run),
    ["deepfold"] = (DeepFoldBench.Usage, DeepFoldBench.Run),
    ["scenes"] = (SceneBench.Usage, SceneBench.Run),
    ["train"] = (TrainBench.Usage, TrainBench.Run),
    ["start"] = (StartBench.Usage, StartBench.Run),
    ["engine"] = (EngineBench.Usage, EngineBench.Run),
    ["adapters"] = (AdapterBench.Usage, AdapterBench.Run),
    ["recall"] = (RecallBench.Usage, RecallBench.Run),
    ["atlas"] = (AtlasBench.Usage, AtlasBench.Run),
    ["rhythm"] = (RhythmBench.Usage, RhythmBench.Run),
    ["sigma"] = (SigmaBench.Usage, SigmaBench.Run),
    ["kernels"] = (Kernels.Usage, Kernels.Run),
};

if (args.Length == 0 || !verbs.TryGetValue(args[0], out (string Usage, Func<Arguments, int> Run) verb))
{
    Console.Error.WriteLine("dotnet run -c Release --project bench/Dum.Bench -- VERB …, where VERB is one of");
    foreach ((string name, (string usage, _)) in verbs)
        Console.Error.WriteLine($"  {name,-8} {usage}");
    return args is ["--help" or "-h"] ? 0 : 2;
}
try
{
    return verb.Run(new Arguments(args[0], args[1..]));
}
catch (Exception e) when (e is Dum.DumException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine("bench: " + e.Message);
    return (e as Dum.DumException)?.ExitCode ?? 2;
}
