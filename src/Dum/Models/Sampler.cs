using Dum.Numerics;

namespace Dum.Models;

/// <summary>How the next token is chosen.</summary>
public sealed record SamplingOptions
{
    /// <summary>0 always takes the most probable token; 1 the model's own distribution.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>Only so many of the most probable tokens; 0 for all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>The most probable tokens up to this share of probability (nucleus, arXiv 1904.09751); 1 for all.</summary>
    public double TopP { get; init; } = 0.95;

    /// <summary>Only tokens at least this probable compared with the first (arXiv 2407.01082); 0 for all.</summary>
    public double MinP { get; init; } = 0.05;

    /// <summary>Logits of recent tokens are divided by it where positive and multiplied where negative (arXiv 1909.05858); 1 for no change.</summary>
    public double Repetition { get; init; } = 1;

    /// <summary>Tokens that count as recent.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>The same seed draws the same tokens.</summary>
    public ulong Seed { get; init; } = 1;

    /// <exception cref="DumException">A value is out of range.</exception>
    internal void Validate()
    {
        if (!(Temperature >= 0 && Temperature <= 100) || TopK < 0 || !(TopP > 0 && TopP <= 1) || !(MinP >= 0 && MinP <= 1) || !(Repetition > 0 && Repetition <= 10) || RepetitionWindow < 0)
            throw new DumException(Tongue.Say(
                "sampling: temperature 0 to 100, top-k from 0, top-p above 0 and up to 1, min-p 0 to 1, repetition above 0 and up to 10",
                "выбор токена: температура от 0 до 100, top-k от 0, top-p больше 0 и до 1, min-p от 0 до 1, штраф повторов больше 0 и до 10"));
    }
}

/// <summary>
/// Chooses tokens from logits: repetition, temperature, top-k, min-p, top-p, then one draw. A draw depends on the seed and the
/// number of the token only. Not thread-safe; allocates nothing after its first token.
/// </summary>
public sealed class Sampler
{
    /// <summary>Tokens this many nats below the best are never drawn: together they are rarer than one in ten thousand million.</summary>
    const float Depth = 40;

    readonly SamplingOptions _options;
    readonly Philox _random;
    float[] _logits = [];
    ulong[] _order = [];
    double[] _weights = [];

    /// <param name="options">Rules.</param>
    /// <param name="draws">Is told every draw; null for nobody.</param>
    /// <exception cref="DumException">A rule is out of range.</exception>
    public Sampler(SamplingOptions options, DrawRecorder? draws = null)
    {
        options.Validate();
        (_options, _random) = (options, new Philox(options.Seed, DrawDomain.Sampling, draws));
    }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">One per entry of the vocabulary.</param>
    /// <param name="recent">Tokens so far; the last of them count for repetition.</param>
    /// <param name="sequence">Which of several sequences: each has draws of its own.</param>
    /// <param name="step">Which token of the sequence.</param>
    /// <exception cref="DumException">No logit is a number.</exception>
    public int Next(ReadOnlySpan<float> logits, ReadOnlySpan<int> recent, int sequence, int step)
    {
        logits = Penalised(logits, recent);
        int best = Best(logits);
        // Below this a softmax is the best token, and its arithmetic would overflow.
        if (_options.Temperature < 1e-6 || !float.IsFinite(logits[best]))
            return best;
        if (_order.Length < logits.Length)
            (_order, _weights) = (new ulong[logits.Length], new double[logits.Length]);
        double scale = 1 / _options.Temperature;
        int count = 0;
        for (int i = 0; i < logits.Length; i++)
            if ((logits[i] - logits[best]) * scale > -Depth)
                _order[count++] = Key(logits[i], i);
        Array.Sort(_order, 0, count);
        if (_options.TopK > 0)
            count = KeepLast(count, _options.TopK);
        // From the end, where the best are.
        double sum = 0;
        int kept = 0;
        for (int i = count - 1; i >= 0; i--, kept++)
        {
            double weight = FixedMath.Exp((logits[Token(i)] - (double)logits[best]) * scale);
            if (weight < _options.MinP)
                break;
            _weights[i] = weight;
            sum += weight;
        }
        double limit = sum * _options.TopP, drawn = 0;
        int first = count - kept;
        if (_options.TopP < 1)
        {
            double reached = 0;
            for (int i = count - 1; i >= first; i--)
            {
                reached += _weights[i];
                if (reached >= limit)
                {
                    (first, sum) = (i, reached);
                    break;
                }
            }
        }
        double at = _random.Unit((uint)sequence, 0, (uint)step) * sum;
        for (int i = count - 1; i > first; i--)
        {
            drawn += _weights[i];
            if (at < drawn)
                return Token(i);
        }
        return Token(first);
    }

    /// <summary>The index of the largest logit, the first of several.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = -1;
        for (int i = 0; i < logits.Length; i++)
            if (!float.IsNaN(logits[i]) && (best < 0 || logits[i] > logits[best]))
                best = i;
        return best >= 0 ? best : throw new DumException(Tongue.Say(
            "the model's output is not a number: its weights are damaged, or its format is not what it says", "выход модели — не число: веса повреждены или формат не тот"));
    }

    ReadOnlySpan<float> Penalised(ReadOnlySpan<float> logits, ReadOnlySpan<int> recent)
    {
        if (_options.Repetition == 1 || recent.IsEmpty)
            return logits;
        if (_logits.Length < logits.Length)
            _logits = new float[logits.Length];
        logits.CopyTo(_logits);
        float by = (float)_options.Repetition;
        foreach (int token in recent[Math.Max(0, recent.Length - _options.RepetitionWindow)..])
            // From the original: a token that came twice is not punished twice.
            if ((uint)token < (uint)logits.Length)
                _logits[token] = logits[token] > 0 ? logits[token] / by : logits[token] * by;
        return _logits.AsSpan(0, logits.Length);
    }

    /// <summary>Moves the last few of the order to its start.</summary>
    int KeepLast(int count, int most)
    {
        if (count <= most)
            return count;
        Array.Copy(_order, count - most, _order, 0, most);
        return most;
    }

    /// <summary>Sorts by logit; of equal logits the smaller token is the better one.</summary>
    static ulong Key(float logit, int token)
    {
        uint bits = BitConverter.SingleToUInt32Bits(logit);
        bits = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ((ulong)bits << 32) | (uint)~token;
    }

    int Token(int place) => ~(int)(uint)_order[place];
}
