using System.Numerics;
using System.Runtime.CompilerServices;
using Dum.Coding;

namespace Dum.Rhythm.Bytes;

/// <summary>
/// Predicts a stream of bytes while learning it, decision by decision: rings whose phases are addresses (see <see cref="PhaseCode"/>),
/// the cells that each ring finds there, the nearest earlier moment with the same long phase (echo), all mixed in the logistic domain
/// by delta rules. Plainly: context mixing over phase codes, after PAQ (Mahoney 2005). No back-propagation, no
/// training beforehand. Whole numbers: the same bits on every machine. Fixed memory.
/// </summary>
sealed class ByteRhythm
{
    // Rings: spans 1 … 6 and 8 bytes; the word so far; word before and this one; two words before; byte before last alone; sparse pair.
    const int Rings = 12, PerRing = 3, EchoInputs = 2, Inputs = 40;
    const int MostEcho = 1 << 16, LeastEcho = 5, MapRate = 7, Maps = 8 * 4 * 32;

    readonly ContourCells[] _cells;
    readonly int[] _slot = new int[Rings], _expectedRing = new int[Rings];
    readonly uint[] _phase = new uint[Rings];

    // What last followed a ring's phase, and how often in a row: check (16), run (8), byte (8).
    readonly uint[][] _runs;
    readonly int[] _runAt = new int[Rings], _runCell = new int[Rings], _mapCell = new int[Rings];

    // Reliability: what came of a cell's probability at its count; what came of a run; what came of an echo.
    readonly ushort[] _map = new ushort[Rings * Maps], _runMap = new ushort[Rings * 64 * 2], _echoMap = new ushort[64 * 2];

    readonly WideMixer _mixer;
    readonly Correction _byOne = new(65536, 6), _byTwo = new(65536, 6);

    readonly byte[] _history;
    readonly int[] _echoes;
    readonly int _mask;
    int _at, _echo, _echoLength, _echoCell;
    uint _word, _lastWord, _beforeWord;
    ulong _recent;

    /// <param name="bits">Memory of each ring: 2^bits cells of four bytes.</param>
    /// <param name="historyBits">Bytes remembered for echoes, as a power of two.</param>
    public ByteRhythm(int bits = 22, int historyBits = 22)
    {
        _cells = [.. Enumerable.Range(0, Rings).Select(r => new ContourCells(r == 0 ? Math.Min(bits, 16) : bits))];
        _runs = [.. Enumerable.Range(0, Rings).Select(_ => new uint[1 << (bits - 4)])];
        _mixer = new WideMixer(Inputs, [256, 256, 8 * 32, 256], 256, 65536 * 2 / 10, 3, 1);
        (_history, _echoes, _mask) = (new byte[1 << historyBits], new int[1 << 18], (1 << historyBits) - 1);
        for (int i = 0; i < _map.Length; i++)
            _map[i] = (ushort)Logistic.Squash((((i & 31) * 2) + 1 - 32) * 2047 / 32);
        for (int i = 0; i < _runMap.Length; i++)
            _runMap[i] = (ushort)((i & 1) == 0 ? 16384 : 49152);
        for (int i = 0; i < _echoMap.Length; i++)
            _echoMap[i] = (ushort)((i & 1) == 0 ? 8192 : 57344);
        Byte();
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
        int expected = _echoLength > 0 ? _history[_echo & _mask] | 256 : 0;
        for (int i = 7; i >= 0; i--)
        {
            if (i == 3)
                Nibble(partial);
            int node = i >= 4 ? partial : (partial & ((1 << (3 - i)) - 1)) | (1 << (3 - i));
            // Where the echo has failed within this byte it is silent.
            int echoBit = expected != 0 && (expected >> (i + 1)) == partial ? (expected >> i) & 1 : -1;
            int order = Gather(node, partial, i, echoBit);
            int c1 = (int)(_recent & 255), echo = echoBit < 0 ? 0 : Math.Min(1 + (_echoLength / 8), 3);
            _mixer.Choose(0, partial);
            _mixer.Choose(1, c1);
            _mixer.Choose(2, (order * 4 + echo) * 8 + i);
            _mixer.Choose(3, (int)(_recent >> 8) & 255);
            int logit = _mixer.Mix(partial), mixed = Logistic.Squash(logit);
            int one = _byOne.Look(logit, partial | c1 << 8), two = _byTwo.Look(logit, (int)(((_recent & 0xFFFF) * 0x9E3779B1u >> 8) ^ (uint)partial * 0x6F4Bu) & 0xFFFF);
            int p = Math.Clamp(((mixed * 2) + one + two) >> 2, 16, 65520);

            int bit = coder.Code((value >> i) & 1, p, default, 0);

            cost += BitCost.Of(bit != 0 ? p : 65536 - p);
            _mixer.Learn(bit, mixed);
            _byOne.Learn(bit);
            _byTwo.Learn(bit);
            Learn(node, bit);
            partial = partial << 1 | bit;
        }
        Cost = cost / 65536.0;
        value = partial & 255;
        Take(value);
        return value;
    }

    /// <summary>Fills the mixer with what rings and echo say about a decision.</summary>
    /// <returns>How many of the rings of growing span know this context, 0…7.</returns>
    int Gather(int node, int partial, int i, int echoBit)
    {
        int[] inputs = _mixer.Inputs;
        int order = 0;
        for (int r = 0; r < Rings; r++)
        {
            uint cell = _cells[r].Cells[_slot[r] + node];
            int count = (int)(cell & ContourCells.MostCount), p16 = (int)(cell >> 16), at = r * PerRing;
            if (count == 0)
            {
                (inputs[at], inputs[at + 1], _mapCell[r]) = (0, 0, -1);
            }
            else
            {
                int logit = Logistic.Stretch(p16), level = count < 4 ? count - 1 : Math.Min(1 + BitOperations.Log2((uint)count), 7);
                int map = (r * Maps) + (((level * 4) + ((int)(cell >> 8) & 3)) * 32) + ((logit + 2048) >> 7);
                _mapCell[r] = map;
                inputs[at] = logit;
                inputs[at + 1] = Logistic.Stretch(_map[map]);
                order += r < 7 ? 1 : 0;
            }
            uint run = _runs[r][_runAt[r]];
            int follows = (int)(run & 255) | 256;
            if (_expectedRing[r] != 0 && (follows >> (i + 1)) == partial)
            {
                int expected = (follows >> i) & 1, length = (int)(run >> 8) & 63;
                _runCell[r] = (((r * 64) + length) * 2) + expected;
                inputs[at + 2] = Logistic.Stretch(_runMap[_runCell[r]]);
            }
            else
                (_runCell[r], inputs[at + 2]) = (-1, 0);
        }
        const int Echo = Rings * PerRing;
        if (echoBit >= 0)
        {
            int length = _echoLength < 16 ? _echoLength : Math.Min(12 + BitOperations.Log2((uint)_echoLength), 31);
            _echoCell = (length * 2) + echoBit;
            int said = Logistic.Stretch(_echoMap[_echoCell]);
            (inputs[Echo], inputs[Echo + 1]) = (said, echoBit != 0 ? Math.Min(_echoLength, 32) * 16 : -Math.Min(_echoLength, 32) * 16);
        }
        else
            (_echoCell, inputs[Echo], inputs[Echo + 1]) = (-1, 0, 0);
        inputs[Echo + EchoInputs] = 256;
        return order;
    }

    void Learn(int node, int bit)
    {
        int full = (bit << 16) - bit;
        for (int r = 0; r < Rings; r++)
        {
            ContourCells.Learn(ref _cells[r].Cells[_slot[r] + node], bit);
            if (_mapCell[r] >= 0)
                Move(ref _map[_mapCell[r]], full, MapRate);
            if (_runCell[r] >= 0)
                Move(ref _runMap[_runCell[r]], full, MapRate);
        }
        if (_echoCell >= 0)
            Move(ref _echoMap[_echoCell], full, MapRate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Move(ref ushort p, int full, int rate) => p = (ushort)(p + ((full - p) >> rate));

    /// <summary>A byte has come: it kicks the rings, and the echo goes on or is looked for anew.</summary>
    void Take(int value)
    {
        for (int r = 0; r < Rings; r++)
        {
            ref uint run = ref _runs[r][_runAt[r]];
            uint check = run & 0xFFFF0000;
            run = _expectedRing[r] != 0 && (run & 255) == (uint)value ? check | Math.Min(((run >> 8) & 63) + 1, 63) << 8 | (uint)value : (uint)(PhaseCode.Address(_phase[r], r + 64) & 0xFFFF0000) | (uint)value;
        }
        _history[_at & _mask] = (byte)value;
        _at++;
        _recent = _recent << 8 | (uint)value;
        // A letter goes on with the word; anything else ends it: the burst that resets the phase of the word rings.
        int low = value is >= 'A' and <= 'Z' ? value + 32 : value;
        if (low is >= 'a' and <= 'z' || value >= 128)
            _word = PhaseCode.Kicked(_word, low);
        else if (_word != 0)
            (_beforeWord, _lastWord, _word) = (_lastWord, _word, 0);
        Byte();
        FollowEcho(value);
    }

    /// <summary>New phases for all rings, and their slots for the high nibble.</summary>
    void Byte()
    {
        uint phase = 0;
        ulong bytes = _recent;
        for (int span = 1; span <= 8; span++, bytes >>= 8)
        {
            phase = PhaseCode.Kicked(phase, (int)(bytes & 255));
            if (span <= 6)
                _phase[span - 1] = phase;
        }
        int last = (int)(_recent & 255);
        _phase[6] = phase;
        _phase[7] = PhaseCode.Kicked(_word, last);
        _phase[8] = PhaseCode.Kicked(_word + (_lastWord * 0x2C1B3C6D), last);
        _phase[9] = _word + (_lastWord * 0x2C1B3C6D) + (_beforeWord * 0x297A2D39);
        _phase[10] = PhaseCode.Kicked(0, (int)(_recent >> 8 & 0xFFFF)) * 3;
        _phase[11] = PhaseCode.Kicked(_lastWord, (int)(_recent >> 8 & 255)) * 5;
        for (int r = 0; r < Rings; r++)
        {
            uint address = PhaseCode.Address(_phase[r], r);
            _slot[r] = _cells[r].Find(address);
            _runAt[r] = (int)(address >> 32 - BitOperations.Log2((uint)_runs[r].Length));
            _expectedRing[r] = ((_runs[r][_runAt[r]] ^ PhaseCode.Address(_phase[r], r + 64)) & 0xFFFF0000) == 0 ? 1 : 0;
        }
    }

    /// <summary>Slots for the low nibble.</summary>
    void Nibble(int partial)
    {
        for (int r = 0; r < Rings; r++)
            _slot[r] = _cells[r].Find(PhaseCode.Address(_phase[r] + ((uint)partial * 0x3D4D51CB), r + 16));
    }

    void FollowEcho(int value)
    {
        if (_echoLength > 0 && _history[_echo & _mask] == value)
            (_echo, _echoLength) = (_echo + 1, Math.Min(_echoLength + 1, MostEcho));
        else
            _echoLength = 0;
        ref int seen = ref _echoes[PhaseCode.Address(_phase[5], 99) >> 14];
        if (_echoLength == 0 && seen > 0 && _at - seen < _mask)
        {
            int length = 0;
            while (length < 32 && length < seen && _history[(seen - 1 - length) & _mask] == _history[(_at - 1 - length) & _mask])
                length++;
            if (length >= LeastEcho)
                (_echo, _echoLength) = (seen, length);
        }
        seen = _at;
    }
}
