using Dum.Mind.Recall;
using Dum.Mind.Search;
using Dum.Mind.Words;

namespace Dum.Bench;

/// <summary>How much of the evidence a memory brings back: at so many turns, within so many tokens, without any model.</summary>
static class RecallBench
{
    public const string Usage = "LOCOMO.json… [--facts FILE.jsonl] [--xquad FILE.json]… [--tuned N] [--turns N] [--fuzz N] [--mojibake FILE.json] [--json] [--save]";

    static readonly int[] s_at = [5, 10, 20, 50];
    static readonly int[] s_budgets = [500, 1000, 2000, 6000];

    public static int Run(Arguments arguments)
    {
        IReadOnlyList<string> files = arguments.Files("--facts", "--xquad", "--tuned", "--turns", "--fuzz", "--mojibake", "--sweep");
        int tuned = arguments.Number("--tuned", 2);
        var report = new Report(arguments);
        List<RecallData> talks = [.. files.SelectMany(RecallData.Locomo)];
        if (arguments.One("--sweep") is not null)
            return RecallSweep.Run(talks[..tuned], confidenceOnly: arguments.One("--sweep") == "confidence");
        Locomo(report, $"LoCoMo, the {tuned} conversations the weights were chosen on", talks[..Math.Min(tuned, talks.Count)]);
        Locomo(report, "LoCoMo, the other conversations", talks[Math.Min(tuned, talks.Count)..]);
        Locomo(report, "LoCoMo, all of them", talks);
        Vectors(report, talks[Math.Min(tuned, talks.Count)..]);
        Abstention(report, talks[Math.Min(tuned, talks.Count)..]);
        var other = new Table("Recall at 5 beside plain BM25 over lower-case words, and over our stems", ("text", ""), ("questions", "0"), ("BM25 words", "0.0"), ("BM25 stems", "0.0"), ("ours", "0.0"), ("ours − words", "0.00"), ("95 % from", "0.00"), ("to", "0.00"));
        if (arguments.One("--facts") is { } facts)
            Beside(other, Path.GetFileName(facts), RecallData.Facts(facts));
        foreach (string xquad in arguments.All("--xquad"))
            Beside(other, Path.GetFileName(xquad), RecallData.Paragraphs(xquad));
        report.Add(other);
        if (arguments.One("--turns") is not null)
            RecallSpeed.Run(report, arguments.Number("--turns", 100_000), talks);
        if (arguments.One("--mojibake") is { } mojibake)
            ImportTorture.Mojibake(report, mojibake);
        if (arguments.One("--fuzz") is not null)
            ImportTorture.Fuzz(report, arguments.Number("--fuzz", 10_000));
        foreach (RecallData talk in talks)
            talk.Dispose();
        report.Note("Evidence recall: found / wanted per question, averaged; a token is four characters; in the budget only turns shown in full count. Questions without usable evidence are left out.");
        return report.Finish();
    }

    /// <summary>The same questions without word vectors, and with the vectors dealt out to other words.</summary>
    static void Vectors(Report report, List<RecallData> talks)
    {
        var table = new Table("What word vectors add: recall at 10, the other conversations", ("ranked by", ""), ("1 multi-hop", "0.0"), ("1–4", "0.0"), ("all", "0.0"));
        foreach ((string name, WordVectors? vectors) in new[] { ("words and vectors", WordVectors.Default), ("words alone", null), ("words and shuffled vectors", WordVectors.Default?.Shuffled()) })
        {
            var scores = new List<(int Category, double Value)>();
            foreach (RecallData talk in talks)
            {
                talk.Memory.Use(vectors);
                scores.AddRange(talk.Questions.Select(q => (q.Category, Found(talk.Search(q.Text, 10, out _), q.Evidence, 10))));
                talk.Memory.Use(WordVectors.Default);
            }
            if (scores.Count > 0)
                table.Add(name, 100 * scores.Where(s => s.Category == 1).Average(s => s.Value), 100 * scores.Where(s => s.Category < 5).Average(s => s.Value), 100 * scores.Average(s => s.Value));
        }
        report.Add(table);
    }

    static void Locomo(Report report, string title, List<RecallData> talks)
    {
        var table = new Table(title, [("questions of category", ""), ("n", "0"), .. s_at.Select(k => ($"R@{k}", "0.0")), ("plain R@10", "0.0"), .. s_budgets.Select(b => ($"{b} tokens", "0.0"))]);
        (string Name, Func<int, bool> Is)[] kinds = [("1 multi-hop", c => c == 1), ("2 temporal", c => c == 2), ("3 open-domain", c => c == 3), ("4 single-hop", c => c == 4), ("5 adversarial", c => c == 5), ("1–4", c => c < 5), ("all", _ => true)];
        var scores = new List<(int Category, double[] Values)>();
        foreach (RecallData talk in talks)
        {
            List<double> plain = [.. Plainly(talk, () => talk.Questions.Select(q => Found(talk.Search(q.Text, 10, out _), q.Evidence, 10)))];
            for (int i = 0; i < talk.Questions.Count; i++)
            {
                AskedQuestion q = talk.Questions[i];
                long[] found = talk.Search(q.Text, 50, out _);
                scores.Add((q.Category, [.. s_at.Select(k => Found(found, q.Evidence, k)), plain[i], .. s_budgets.Select(b => InBudget(talk, q, b))]));
            }
        }
        foreach ((string name, Func<int, bool> isKind) in kinds)
            if (scores.FindAll(s => isKind(s.Category)) is { Count: > 0 } of)
                table.Add([name, of.Count, .. Enumerable.Range(0, of[0].Values.Length).Select(v => (object?)(100 * of.Average(s => s.Values[v])))]);
        report.Add(table);
    }

    /// <summary>Measures something with BM25 over turns alone.</summary>
    static double[] Plainly(RecallData data, Func<IEnumerable<double>> measure)
    {
        data.Memory.Use(RankSettings.Plain);
        data.Memory.Use((WordVectors?)null);
        double[] values = [.. measure()];
        data.Memory.Use(RankSettings.Default);
        data.Memory.Use(WordVectors.Default);
        return values;
    }

    public static double Found(long[] found, List<long> wanted, int most)
    {
        int n = 0;
        foreach (long turn in wanted)
            n += Array.IndexOf(found, turn, 0, Math.Min(most, found.Length)) >= 0 ? 1 : 0;
        return (double)n / wanted.Count;
    }

    static double InBudget(RecallData talk, AskedQuestion q, int budget)
    {
        Recollection found = talk.Memory.Recall(q.Text, budget, talk.Now);
        return Found([.. found.Items.Where(i => i.Zoom == Zoom.Full).Select(i => i.Turn)], q.Evidence, int.MaxValue);
    }

    /// <summary>A time of which no conversation here says anything.</summary>
    public const string LongBefore = " in March 1997";

    /// <summary>A question with its longest word replaced by one that nobody said.</summary>
    public static string WithUnsaid(string question) =>
        question.Split(' ', '?', '.', ',').MaxBy(w => w.Length) is { Length: > 3 } longest ? question.Replace(longest, "zaubertrank", StringComparison.Ordinal) : question + " zaubertrank";

    /// <summary>Questions asked of another conversation than theirs have no evidence there.</summary>
    static void Abstention(Report report, List<RecallData> talks)
    {
        List<Fit> own = [], foreign = [], one = [], five = [], unsaid = [], before = [];
        for (int t = 0; t < talks.Count; t++)
            foreach (AskedQuestion q in talks[t].Questions)
            {
                talks[t].Search(q.Text, 10, out Fit score);
                own.Add(score);
                (q.Category == 5 ? five : one).Add(score);
                talks[t].Search(WithUnsaid(q.Text), 10, out Fit changed);
                unsaid.Add(changed);
                talks[t].Search(q.Text + LongBefore, 10, out Fit early);
                before.Add(early);
                if (talks.Count > 1)
                {
                    talks[(t + 1) % talks.Count].Search(q.Text, 10, out Fit elsewhere);
                    foreign.Add(elsewhere);
                }
            }
        var table = new Table("Abstention, AUROC of the confidence", ("asked", ""), ("with evidence", "0"), ("without", "0"), ("AUROC", "0.000"), ("ECE", "0.000"));
        table.Add("of the next conversation instead of its own; conversations the confidence was not fitted on", own.Count, foreign.Count, Auroc(Sure(own), Sure(foreign)), Ece(own, foreign));
        table.Add("its own with the longest word replaced by one that nobody said", own.Count, unsaid.Count, Auroc(Sure(own), Sure(unsaid)), null);
        table.Add("its own with a time added of which there is nothing", own.Count, before.Count, Auroc(Sure(own), Sure(before)), null);
        table.Add("categories 1–4 against 5 (adversarial)", one.Count, five.Count, Auroc(Sure(one), Sure(five)), null);
        report.Add(table);
    }

    /// <summary>Expected calibration error of the confidence: how far it lies from the share of questions with evidence, over ten equal bins.</summary>
    static double Ece(List<Fit> own, List<Fit> foreign)
    {
        var bins = new (int N, int Own, double Said)[10];
        foreach ((Fit fit, bool isOwn) in own.Select(c => (c, true)).Concat(foreign.Select(c => (c, false))))
        {
            double said = Packer.Confidence(fit);
            ref (int N, int Own, double Said) bin = ref bins[Math.Min(9, (int)(said * 10))];
            bin = (bin.N + 1, bin.Own + (isOwn ? 1 : 0), bin.Said + said);
        }
        return bins.Sum(b => Math.Abs(b.Own - b.Said)) / (own.Count + foreign.Count);
    }

    static List<double> Sure(List<Fit> fits) => [.. fits.Select(Packer.Confidence)];

    static double Auroc(List<double> yes, List<double> no)
    {
        if (yes.Count == 0 || no.Count == 0)
            return double.NaN;
        no.Sort();
        double wins = 0;
        foreach (double y in yes)
        {
            int below = no.FindIndex(n => n >= y) is >= 0 and int b ? b : no.Count;
            int notAbove = no.FindIndex(n => n > y) is >= 0 and int a ? a : no.Count;
            wins += below + (notAbove - below) / 2.0;
        }
        return wins / yes.Count / no.Count;
    }

    static void Beside(Table table, string name, RecallData data)
    {
        using (data)
        {
            double[] plain = Plainly(data, () => data.Questions.Select(q => Found(data.Search(q.Text, 5, out _), q.Evidence, 5)));
            double[] ours = [.. data.Questions.Select(q => Found(data.Search(q.Text, 5, out _), q.Evidence, 5))];
            double[] raw = RawBm25.Recall(data, 5);
            (double low, double high) = Interval([.. ours.Zip(raw, (o, p) => o - p)]);
            table.Add(name, plain.Length, 100 * raw.Average(), 100 * plain.Average(), 100 * ours.Average(), 100 * (ours.Average() - raw.Average()), 100 * low, 100 * high);
        }
    }

    /// <summary>The 95 % interval of a mean, by 2,000 draws with replacement.</summary>
    static (double Low, double High) Interval(double[] values)
    {
        uint state = 20261121;
        var means = new double[2000];
        for (int m = 0; m < means.Length; m++)
        {
            double sum = 0;
            for (int i = 0; i < values.Length; i++)
            {
                state = state * 1664525 + 1013904223;
                sum += values[(int)((ulong)state * (ulong)values.Length >> 32)];
            }
            means[m] = sum / values.Length;
        }
        Array.Sort(means);
        return (means[50], means[1949]);
    }
}
