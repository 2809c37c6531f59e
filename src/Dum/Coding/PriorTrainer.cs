using System.Runtime.Intrinsics;

namespace Dum.Coding;

/// <summary>Makes a <see cref="CoderPrior"/> from hyperwords: counts, prunes, then tunes maps and weights on text that was not counted.</summary>
static class PriorTrainer
{
    /// <summary>How much statistics is kept: bits a successor must save over the shorter context, per order.</summary>
    public sealed record Options(double Worth1 = 12, double Worth2 = 20, double Worth3 = 24, int Least = 3);

    /// <param name="idAt">Entry ids in byte order.</param>
    /// <param name="ids">Text to count; -1 parts documents.</param>
    /// <param name="tuning">Texts to tune on, none of them in <paramref name="ids"/>.</param>
    /// <param name="options">How much to keep.</param>
    /// <param name="cancel">Checked between the steps.</param>
    public static CoderPrior Train(ushort[] idAt, ReadOnlySpan<int> ids, IReadOnlyList<int[]> tuning, Options options, CancellationToken cancel = default)
    {
        var unigram = new long[idAt.Length];
        Array.Fill(unigram, 1);
        long total = idAt.Length;
        foreach (int id in ids)
            if (id >= 0)
            {
                unigram[id]++;
                total++;
            }
        var levels = new byte[idAt.Length];
        for (int i = 0; i < levels.Length; i++)
            levels[i] = (byte)UnigramLevel.Of(unigram[i]);
        CoderPrior bare = CoderPrior.Untuned(idAt, levels, [NgramTable.Empty, NgramTable.Empty, NgramTable.Empty]);
        SymbolTree tree = bare.Tree;

        double Unigram(int id, int _, int __) => (double)unigram[id] / total;
        NgramTable one = NgramCounter.Count(ids, tree, 1, Unigram, options.Worth1, options.Least);
        cancel.ThrowIfCancellationRequested();
        double Bigram(int id, int last, int _) => one.Share(NgramTable.Key(1, last, 0, 0), tree.PositionOf(id), Unigram(id, 0, 0));
        NgramTable two = NgramCounter.Count(ids, tree, 2, Bigram, options.Worth2, options.Least);
        cancel.ThrowIfCancellationRequested();
        double Trigram(int id, int last, int before) =>
            two.Share(NgramTable.Key(2, last, before, 0), tree.PositionOf(id), Bigram(id, last, 0));
        NgramTable three = NgramCounter.Count(ids, tree, 3, Trigram, options.Worth3, options.Least);
        cancel.ThrowIfCancellationRequested();
        return Tune(CoderPrior.Untuned(idAt, levels, [one, two, three]), tuning);
    }

    /// <summary>Codes the tuning texts twice over, keeping what maps and weights learn.</summary>
    static CoderPrior Tune(CoderPrior prior, IReadOnlyList<int[]> texts)
    {
        var model = new HyperwordModel(prior);
        for (int pass = 0; pass < 2; pass++)
            foreach (int[] text in texts)
            {
                model.Reset(text.Length, keepTuning: true);
                var nowhere = default(NoCoder);
                foreach (int id in text)
                    model.Code(ref nowhere, id);
            }
        return new CoderPrior
        {
            Tree = prior.Tree,
            UnigramLevels = prior.UnigramLevels,
            Tables = prior.Tables,
            State = model.State.WithFreshBranches(prior.Tree),
        };
    }

    struct NoCoder : IBitCoder
    {
        public readonly int Code(int bit, int probability, Vector256<int> logits, int kind) => bit;
    }
}
