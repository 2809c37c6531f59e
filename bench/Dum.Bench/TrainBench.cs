using System.Diagnostics;
using System.Globalization;
using Dum.Lexicon;
using Dum.Lexicon.Foreign;

namespace Dum.Bench;

/// <summary>What it takes to train a vocabulary, and what it is worth on text it has not seen.</summary>
static class TrainBench
{
    public const string Usage = "FILE… [--size N] [--threads N] [--eval FILE]… [--json] [--save]";

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--size", "--threads", "--eval");
        var options = new LexiconTrainingOptions { Size = arguments.Number("--size", 32768), Threads = arguments.Number("--threads", Environment.ProcessorCount) };
        IReadOnlyList<string> evaluated = Arguments.Existing(arguments.All("--eval"));
        IReadOnlyList<LexiconSource> sources = LexiconFiles.Collect(files);
        double before = Cpu.Self;
        long start = Stopwatch.GetTimestamp();
        (int, int)[] merges = LexiconTrainer.Train(sources, options, null, CancellationToken.None);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, spent = Cpu.Self - before;
        using var me = Process.GetCurrentProcess();
        long peak = me.PeakWorkingSet64;
        Vocabulary words = Vocabulary.FromMerges(merges);

        var training = new Table("Training of the vocabulary",
            ("MB of text", "0.0"), ("entries", "0"), ("threads", "0"), ("CPU seconds", "0.0"), ("seconds on the wall", "0.0"), ("peak memory, MB", "0"));
        training.Add(sources.Sum(s => s.Length) / 1e6, words.Count, options.Threads, spent, seconds, peak / 1e6);
        var report = new Report(arguments);
        report.Add(training);
        if (evaluated.Count > 0)
        {
            var worth = new Table("On other text", ("file", ""), ("bytes", "0"), ("bytes/hyperword", "0.00"), ("bytes/scene", "0.0"));
            foreach (string file in evaluated)
            {
                UnitCount count = UnitCount.Of(words, TokenizerComparison.Documents(File.ReadAllBytes(file)));
                worth.Add(Path.GetFileName(file), count.Bytes, count.BytesPerUnit, (double)count.Bytes / count.Scenes);
            }
            report.Add(worth);
        }
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"One run. Processor time of all threads, the process's start not counted; peak memory is the largest resident set of the process so far. The statistics of the fold coder are not part of it."));
        return report.Finish();
    }
}
