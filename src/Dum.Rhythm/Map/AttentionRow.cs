using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dum.Coding;
using Dum.Numerics;
using Dum.Rhythm.Bytes;

namespace Dum.Rhythm.Map;

/// <summary>Attention over all that was, against phases that lead to where the same stood before.</summary>
static class AttentionRow
{
    // Passages of random bytes; each comes twice. The first bytes of the second time cannot be known.
    const int Passage = 48, Known = 8, Dimension = 32, Suffix = 6, Bits = 16, Lane = 8;
    const double Sharpness = 40, Doubt = 1e-3;
    const float Like = 0.5f;

    public static MapExperiment Make(MapOptions o)
    {
        int passages = o.Quick ? 400 : 1600;
        return new MapExperiment(new MapRow(
            "attention", new("attention", "внимание"),
            new($"{passages} passages of {Passage} random bytes, each told twice at a random distance up to {2 * passages * Passage / 1000} KB; the second time foretold byte by byte", $"отрывков по {Passage} случайных байт: {passages}, каждый дважды, на случайном расстоянии до {2 * passages * Passage / 1000} КБ; второй раз предсказать по байту"),
            new("bytes believed by more than a half, %", "байты с верой больше половины, %"), Less: false,
            new("byte predictor: phases as addresses", "предсказатель байтов: фазы как адреса"),
            new($"softmax attention over the last moments, keys of {Dimension} numbers", $"softmax-внимание по последним моментам, ключи по {Dimension} чисел"), null, null,
            new("the window of attention is what the time allows; with no limit it would find as many, at a cost that grows with the square of the length", "окно внимания — сколько позволяет время; без предела оно нашло бы столько же, но цена растёт как квадрат длины")),
            seed =>
            {
                (byte[] stream, bool[] asked) = Stream(passages, seed);
                var model = new ByteRhythm(Bits, Bits + 2);
                var coder = new BitWriter(stream.Length);
                int right = 0;
                for (int t = 0; t < stream.Length; t++)
                {
                    model.Code(ref coder, stream[t]);
                    right += asked[t] && model.Cost < 1 ? 1 : 0;
                }
                return new MapOutcome(100.0 * right / asked.Count(a => a), model);
            },
            (seed, seconds) =>
            {
                (byte[] stream, bool[] asked) = Stream(passages, seed);
                // How long a key takes is measured on part of the stream, so that the window uses up the time.
                const int Trial = 512, TrialBytes = 4096;
                double each = MapExperiment.Least(() => new Window(Trial, seed).Share(stream.AsSpan(0, TrialBytes), asked)) / ((double)TrialBytes * Trial);
                var window = new Window((int)Math.Clamp(seconds / each / stream.Length, 16, stream.Length), seed);
                return new MapOutcome(window.Share(stream, asked), window);
            });
    }

    static (byte[] Stream, bool[] Asked) Stream(int passages, ulong seed)
    {
        var random = new Philox(seed, 0x415454);
        int[] order = [.. Enumerable.Range(0, 2 * passages)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)(random.Unit(0, (uint)i, 0) * (i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        var (stream, asked, told) = (new byte[order.Length * Passage], new bool[order.Length * Passage], new bool[passages]);
        for (int i = 0; i < order.Length; i++)
        {
            int p = order[i] % passages;
            for (int k = 0; k < Passage; k++)
                (stream[(i * Passage) + k], asked[(i * Passage) + k]) = ((byte)random.At(1, (uint)p, (uint)k).A, told[p] && k >= Known);
            told[p] = true;
        }
        return (stream, asked);
    }

    /// <summary>One head of attention over a window of moments: keys are codes of the last bytes, values the bytes that came.</summary>
    sealed class Window(int length, ulong seed)
    {
        readonly float[] _keys = new float[(length + Lane) / Lane * Lane * Dimension];
        readonly byte[] _values = new byte[length];
        readonly float[] _codes = Codes(seed);

        /// <summary>Bytes asked for that were believed by more than a half, %.</summary>
        public double Share(ReadOnlySpan<byte> stream, bool[] asked)
        {
            int right = 0, all = 0;
            var query = new float[Dimension];
            for (int t = 0; t < stream.Length; t++)
            {
                Code(stream[Math.Max(0, t - Suffix)..t], query);
                double belief = Belief(query, Math.Min(t, length), stream[t]);
                (right, all) = asked[t] ? (right + (belief > 0.5 ? 1 : 0), all + 1) : (right, all);
                int place = t % length;
                for (int j = 0; j < Dimension; j++)
                    _keys[(place / Lane * Lane * Dimension) + (j * Lane) + (place % Lane)] = query[j];
                _values[place] = stream[t];
            }
            return all == 0 ? 0 : 100.0 * right / all;
        }

        /// <summary>Softmax over all keys; how much of it speaks for a byte. A little is left for what was never seen.</summary>
        double Belief(float[] query, int count, byte value)
        {
            double sum = 0, agrees = 0;
            ref float keys = ref MemoryMarshal.GetArrayDataReference(_keys);
            // Eight keys at once, number by number: the fastest that a dot product can be had.
            for (int k = 0; k < count; k += Lane)
            {
                nuint at = (nuint)(k * Dimension);
                Vector256<float> even = default, odd = default;
                for (int j = 0; j < Dimension; j += 2, at += 2 * Lane)
                {
                    even = Vector256.FusedMultiplyAdd(Vector256.Create(query[j]), Vector256.LoadUnsafe(ref keys, at), even);
                    odd = Vector256.FusedMultiplyAdd(Vector256.Create(query[j + 1]), Vector256.LoadUnsafe(ref keys, at + Lane), odd);
                }
                Vector256<float> scores = even + odd;
                // Unlike keys weigh e^−20 and less: their exponential is left out, which only makes attention faster.
                if (!Vector256.GreaterThanAny(scores, Vector256.Create(Like)))
                    continue;
                for (int lane = 0; lane < Math.Min(Lane, count - k); lane++)
                {
                    double weight = scores[lane] > Like ? FixedMath.Exp(Sharpness * (scores[lane] - 1)) : 0;
                    (sum, agrees) = (sum + weight, _values[k + lane] == value ? agrees + weight : agrees);
                }
            }
            return agrees / (sum + Doubt);
        }

        /// <summary>A code of unit length of the last bytes, each byte with its place.</summary>
        void Code(ReadOnlySpan<byte> last, float[] to)
        {
            Array.Clear(to);
            for (int i = 0; i < last.Length; i++)
            {
                int at = (((last.Length - 1 - i) * 256) + last[i]) * Dimension;
                for (int j = 0; j < Dimension; j++)
                    to[j] += _codes[at + j];
            }
            float size = 1e-9f;
            foreach (float x in to)
                size += x * x;
            size = 1 / MathF.Sqrt(size);
            for (int j = 0; j < Dimension; j++)
                to[j] *= size;
        }

        static float[] Codes(ulong seed)
        {
            var random = new Philox(seed, 0x434F4445);
            return [.. Enumerable.Range(0, Suffix * 256 * Dimension).Select(i => (float)random.Normal((uint)i, 0, 0).First)];
        }
    }
}
