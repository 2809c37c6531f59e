using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Predicts a stream of bytes while learning it, decision by decision: rings whose phases are addresses (see <see cref="PhaseCode"/>),
/// the cells that each ring finds there, the nearest earlier moments with the same long phases (echoes), all mixed in the logistic
/// domain by delta rules. Plainly: context mixing over phase codes, after PAQ (Mahoney 2005). No back-propagation, no
/// training beforehand. Whole numbers: the same bits on every machine. Fixed memory: 2^bits × 72 bytes of cells (302 MB by default, touched as they are needed), and 16 MB.
/// </summary>
sealed class ByteRhythm
{
    const int Rings = PhaseBank.Rings, FirstEcho = Rings * RingVoices.PerRing, Bias = FirstEcho + (2 * Echo.Logits), Inputs = (Bias + 8) / 8 * 8;

    // A logit that never changes.
    const int Constant = 256;

    const int NearEcho = 5, FarEcho = 12;

    readonly RingVoices _voices;
    readonly PhaseBank _bank;
    readonly Echo _near, _far;
    readonly WideMixer _mixer;
    readonly Correction _byOne = new(65536, 6), _byTwo = new(65536, 6);
    readonly byte[] _history;

    // How many bytes have come, modulo 2³².
    int _now;

    /// <param name="bits">Memory of each ring: 2^bits cells of four bytes, from 12.</param>
    /// <param name="historyBits">Bytes remembered for echoes, as a power of two.</param>
    public ByteRhythm(int bits = 22, int historyBits = 22)
    {
        _history = new byte[1 << historyBits];
        (_bank, _voices) = (new PhaseBank(_history), new RingVoices(Rings, PhaseBank.Orders, bits));
        (_near, _far) = (new Echo(_history, NearEcho), new Echo(_history, FarEcho));
        _mixer = new WideMixer(Inputs, [256, 256, 8 * 4 * 8, 256, 16 * 16, 256 * 8], 256, 65536 / 24);
        _mixer.Inputs[Bias] = Constant;
        _voices.Begin(_bank.Phases);
    }

    /// <summary>Bits that the last byte cost.</summary>
    public double Cost { get; private set; }

    /// <summary>Codes the next byte, either way, and learns it.</summary>
    /// <param name="coder">Where the decisions go to or come from.</param>
    /// <param name="value">The byte when encoding; anything when decoding.</param>
    /// <returns>The byte.</returns>
    public int Code<TCoder>(ref TCoder coder, int value) where TCoder : IBitCoder, allows ref struct
    {
        int partial = 1, cost = 0;
        int c1 = (int)(_bank.Recent & 255), c2 = (int)(_bank.Recent >> 8) & 255;
        uint pair = (uint)(_bank.Recent & 0xFFFF) * 0x9E3779B1u >> 8;
        for (int i = 7; i >= 0; i--)
        {
            if (i == 3)
                _voices.Turn(partial);
            int node = i >= 4 ? partial : (partial & ((1 << (3 - i)) - 1)) | (1 << (3 - i));
            int known = _voices.Say(node, _mixer.Inputs);
            int echo = _near.Say(partial, i, _mixer.Inputs.AsSpan(FirstEcho)) ? _near.Level : 0;
            _far.Say(partial, i, _mixer.Inputs.AsSpan(FirstEcho + Echo.Logits));
            _mixer.Choose(0, partial);
            _mixer.Choose(1, c1);
            _mixer.Choose(2, (((known * 4) + Math.Min((echo + 3) / 4, 3)) * 8) + i);
            _mixer.Choose(3, c2);
            _mixer.Choose(4, (echo * 16) + Math.Min(_bank.WordLength, 15));
            _mixer.Choose(5, ((_bank.Kinds & 255) * 8) + i);
            int logit = _mixer.Mix(partial), mixed = Logistic.Squash(logit);
            int one = _byOne.Look(logit, partial | c1 << 8), two = _byTwo.Look(logit, (int)(pair ^ ((uint)partial * 0x6F4Bu)) & 0xFFFF);
            int p = Math.Clamp(((mixed * 2) + one + two) >> 2, 16, 65520);

            int bit = coder.Code((value >> i) & 1, p, default, 0);

            cost += BitCost.Of(bit != 0 ? p : 65536 - p);
            _mixer.Learn(bit, mixed);
            _byOne.Learn(bit);
            _byTwo.Learn(bit);
            _near.Learn(bit);
            _far.Learn(bit);
            _voices.Learn(node, bit);
            partial = partial << 1 | bit;
        }
        Cost = cost / 65536.0;
        value = partial & 255;
        Take(value);
        return value;
    }

    /// <summary>A byte has come: it kicks the rings, and echoes go on or are looked for anew.</summary>
    void Take(int value)
    {
        _history[_now & (_history.Length - 1)] = (byte)value;
        _now++;
        _near.Take(_now);
        _far.Take(_now);
        Echo echo = _far.Length > 0 ? _far : _near;
        _bank.Take(value, echo.Expected, echo.Length);
        _voices.Begin(_bank.Phases);
    }
}
