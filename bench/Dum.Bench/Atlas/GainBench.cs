using Dum.Checkpoints;
using Dum.Hypersymbols;
using Dum.Lexicon;
using Dum.Models;
using Dum.Numerics;
using Dum.Numerics.Kernels;
using Dum.Plans;
using Dum.Scenes;
using Dum.Training;

namespace Dum.Bench;

/// <summary>
/// Bits that a decoder saves when it is told the hypersymbol of the scene it unfolds, less the bits that naming it costs, beside
/// the same with the codes of other scenes. The model is frozen; only the map from a code's centre to the context is learned.
/// </summary>
static unsafe class GainBench
{
    const int Sequences = 4, Resamples = 2000, Windows = 100;

    /// <summary>High, because the centres are of length 1: each of their channels is about an eighth.</summary>
    const double Rate = 0.06;
    const uint Domain = 74;

    public static void Run(LanguageModel model, Atlas atlas, IReadOnlyList<LexiconSource> texts, IReadOnlyList<LexiconSource> held, AtlasOptions options, int steps, Report report)
    {
        using var pool = new WorkerPool(options.Threads);
        var kernels = new CpuKernels(pool);
        SceneSample sample = SceneSample.Read(model, texts, options.Scenes, options.Seed, options.Threads, null, default);
        using SceneCodes codes = SceneCodes.Of(sample, atlas, pool);
        using CodeHead head = CodeHead.Learn(sample, codes, atlas.Symbols.Count, kernels);
        Console.Error.WriteLine("head learned");
        SceneShape shape = model.Scenes!.Shape;
        int length = model.Context, room = length / 3;
        CodeAddition? addition = null;
        Tensor? thoughts = null;
        Parameter? map = null;
        var splitter = new SceneSplitter(model.Lexicon!.Vocabulary, shape.Rule);
        bool[] complete = new bool[Sequences * room];
        using var plan = new SceneModel(shape, splitter, Sequences, length, room, training: true, addition: (p, contents, thought, context) =>
        {
            Tensor features = p.Tensor("codes", contents.Value.Rows, atlas.Space.Outputs), after = p.After(context, "context with code");
            addition = p.Append(new CodeAddition(atlas, room, contents, r => complete[r], features, pool));
            map = p.Matrix("code map", atlas.Space.Outputs, ("code map", shape.ContextWidth));
            p.Append(new Linear(p, map, null, p.Room(map), features, after, context));
            thoughts = thought;
            return after;
        });
        Load(model.Path, plan, map!);
        int start = Enumerable.Range(0, plan.Plan.Operations.Count).First(i => plan.Plan.Operations[i] == addition) + 1;
        Shard train = Shard.Read(texts, model.Lexicon!.Vocabulary, null, default), test = Shard.Read(held, model.Lexicon.Vocabulary, null, default);

        Dictionary<CodeGiven, Weights> learned = new() { [CodeGiven.True] = new Weights(map!), [CodeGiven.Shuffled] = new Weights(map!) };
        var random = new Philox(options.Seed, Domain);
        for (int step = 1; step <= steps; step++)
        {
            for (int s = 0; s < Sequences; s++)
                Fill(plan, train, s, (int)(random.Unit(0, (uint)step, (uint)s) * (train.Ids.Length - length - 1)));
            foreach ((CodeGiven given, Weights weights) in learned)
            {
                weights.Into(map!);
                Forward(given, (uint)step);
                for (int i = plan.Plan.Operations.Count - 1; i >= start; i--)
                    plan.Plan.Operations[i].Backward(kernels);
                weights.Step(map!, kernels, Rate * Math.Min(1, 1.02 - ((double)step / steps)), step);
            }
            if (step % 20 == 0)
                Console.Error.WriteLine($"step {step}");
        }

        List<Window> windows = [];
        int count = Math.Min(Windows, (test.Ids.Length - 1) / length);
        for (int first = 0; first + Sequences <= count; first += Sequences)
        {
            for (int s = 0; s < Sequences; s++)
                Fill(plan, test, s, (int)((long)(first + s) * (test.Ids.Length - length - 1) / count));
            var nats = new double[3, Sequences];
            foreach (CodeGiven given in Enum.GetValues<CodeGiven>())
            {
                if (learned.TryGetValue(given, out Weights? weights))
                    weights.Into(map!);
                Forward(given, (uint)first);
                for (int r = 0; r < plan.Ids.Length; r++)
                    nats[(int)given, r / length] += plan.Losses[r];
            }
            for (int s = 0; s < Sequences; s++)
            {
                List<(ReadOnlyMemory<float>, int)> pairs = [];
                for (int r = s * room; r < (s + 1) * room; r++)
                    if (addition!.Next[r] >= 0)
                        pairs.Add((thoughts!.Value.Row(r).ToArray(), addition.Next[r]));
                Vocabulary vocabulary = model.Lexicon.Vocabulary;
                long bytes = plan.Targets.Skip(s * length).Take(length).Sum(id => id >= 0 && id < vocabulary.Count ? (long)vocabulary[id].Length : 0);
                windows.Add(new Window(bytes, pairs.Count, nats[0, s] / Math.Log(2), nats[1, s] / Math.Log(2), nats[2, s] / Math.Log(2), head.Bits(pairs, kernels).Sum()));
            }
        }
        Write(report, windows, atlas, steps);

        void Forward(CodeGiven given, uint batch)
        {
            // The scenes do not change between the arms: only what stands after the codes runs again.
            if (given == learned.Keys.First() || given == CodeGiven.None)
            {
                plan.Arrange();
                Complete(plan, splitter, room, complete);
                addition!.Given = given;
                addition.Batch = batch;
                plan.Plan.Forward(kernels);
                return;
            }
            addition!.Given = given;
            addition.Lay();
            for (int i = start; i < plan.Plan.Operations.Count; i++)
                plan.Plan.Operations[i].Forward(kernels);
        }
    }

    sealed record Window(long Bytes, int Scenes, double Without, double True, double Shuffled, double CodeBits);

    static void Write(Report report, List<Window> windows, Atlas atlas, int steps)
    {
        var table = new Table($"{windows.Count} windows, {windows.Sum(w => w.Bytes)} bytes, {windows.Sum(w => w.Scenes)} scenes with a code; bits per byte, 95 % by bootstrap over windows", ("", ""), ("bits per byte", "0.0000"), ("from", "0.0000"), ("to", "0.0000"));
        Row("without a code", w => w.Without);
        Row("saved by the true code", w => w.Without - w.True);
        Row("saved by a shuffled code", w => w.Without - w.Shuffled);
        Row("what the code costs", w => w.CodeBits);
        Row("net: saved by the true code, less its cost", w => w.Without - w.True - w.CodeBits);
        Row("net over shuffled, which is charged nothing", w => w.Shuffled - w.True - w.CodeBits);
        report.Add(table);
        report.Note($"The code costs {windows.Sum(w => w.CodeBits) / Math.Max(1, windows.Sum(w => w.Scenes)):0.00} bits a scene; {atlas.Symbols.Count} codes; the map was learned for {steps} steps.");

        void Row(string name, Func<Window, double> bits)
        {
            var random = new Philox(1, Domain + 1);
            var means = new double[Resamples];
            for (int b = 0; b < Resamples; b++)
            {
                double sum = 0, bytes = 0;
                for (int i = 0; i < windows.Count; i++)
                {
                    Window w = windows[(int)(random.Unit(0, (uint)b, (uint)i) * windows.Count)];
                    sum += bits(w);
                    bytes += w.Bytes;
                }
                means[b] = sum / bytes;
            }
            Array.Sort(means);
            table.Add(name, windows.Sum(bits) / windows.Sum(w => w.Bytes), means[Resamples / 40], means[Resamples - 1 - (Resamples / 40)]);
        }
    }

    static void Fill(SceneModel plan, Shard text, int sequence, int at)
    {
        text.Ids.Slice(at, plan.Length).CopyTo(plan.Ids.AsSpan(sequence * plan.Length));
        text.Ids.Slice(at + 1, plan.Length).CopyTo(plan.Targets.AsSpan(sequence * plan.Length));
    }

    /// <summary>Which scenes of the batch ended within it.</summary>
    static void Complete(SceneModel plan, SceneSplitter splitter, int room, bool[] complete)
    {
        Array.Clear(complete);
        var track = new SceneTrack(splitter, plan.Vocabulary - 1);
        for (int s = 0; s < plan.Sequences; s++)
        {
            var cursor = new SceneSplitter.Cursor();
            int scene = 0;
            foreach (int id in plan.Ids.AsSpan(s * plan.Length, plan.Length))
                if (scene < room && track.Add(ref cursor, id, out _))
                    complete[(s * room) + scene++] = true;
        }
    }

    static void Load(string folder, SceneModel plan, Parameter own)
    {
        using MappedFile file = MappedFile.Open(Path.Combine(folder, HuggingFaceFolder.Single));
        Dictionary<string, RawTensor> raw = SafetensorsFile.Tensors(file).ToDictionary(t => t.Name);
        var loader = new WeightLoader(SceneShape.Specs(plan.Shape).ToDictionary(spec => spec.Name, spec => new StoredTensor(spec, raw[spec.Name].Format, raw[spec.Name].File, raw[spec.Name].Offset, 0)), WeightFormat.F32);
        foreach (Parameter p in plan.Plan.Parameters.Where(p => p != own))
        {
            string[] names = [.. p.Parts.Select(part => part.Name)];
            if (p.IsMatrix)
                new ReadOnlySpan<float>(loader.Pack(names).Data, checked((int)p.Value.Floats)).CopyTo(p.Value.Span);
            else
                new ReadOnlySpan<float>(loader.Vector(names), p.Inputs).CopyTo(p.Value.Span);
        }
        foreach (IDisposable part in loader.Own)
            part.Dispose();
    }

    /// <summary>The map of one arm, with what AdamW remembers of it.</summary>
    sealed class Weights(Parameter like)
    {
        readonly float[] _w = new float[like.Value.Floats], _m = new float[like.Value.Floats], _v = new float[like.Value.Floats];

        public void Into(Parameter map) => _w.CopyTo(map.Value.Span);

        public void Step(Parameter map, KernelTable kernels, double rate, int step)
        {
            fixed (float* w = _w, m = _m, v = _v)
                kernels.AdamW(w, map.Gradient.Data, m, v, _w.Length, new AdamStep((float)rate, 0.9f, 0.95f, 1e-8f, 0, (float)(1 / (1 - Math.Pow(0.9, step))), (float)(1 / (1 - Math.Pow(0.95, step))), 1));
        }
    }
}
