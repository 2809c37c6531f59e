using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// llama2.c's <c>tokenizer.bin</c> (karpathy/llama2.c, <c>tokenizer.py</c>): the longest token's length, then a score, a
/// length and the bytes of each token. Always a SentencePiece vocabulary of a fixed order: unknown, begin, end, the 256
/// bytes, the pieces; spaces stand for themselves.
/// </summary>
static class TokBinFormat
{
    const int FirstByte = 3, FirstPiece = FirstByte + 256, LongestToken = 1024;

    /// <summary>True when the whole file is such a list.</summary>
    public static bool Looks(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(file) is < 1 or > LongestToken)
            return false;
        int at = 4, count = 0;
        for (; at < file.Length; count++)
            if (!Next(file, ref at, out _, out _))
                return false;
        return count >= FirstPiece;
    }

    public static ForeignTokenizer Read(TokenizerSource source, ReadOnlySpan<byte> file)
    {
        var pieces = new PieceList(source);
        int at = 4;
        for (int id = 0; Next(file, ref at, out float score, out ReadOnlySpan<byte> text); id++)
        {
            if (id == 0)
                pieces.Add("<unk>"u8, score, PieceList.Unknown);
            else if (id < FirstByte)
                pieces.Add(id == 1 ? "<s>"u8 : "</s>"u8, score, PieceList.Control);
            else if (id < FirstPiece)
                pieces.Add(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<0x{id - FirstByte:X2}>")), score, PieceList.Byte);
            else
                pieces.Add(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace(' ', '▁')), score, PieceList.Normal);
        }
        return pieces.ToTokenizer(prefix: true, spaces: false);
    }

    static bool Next(ReadOnlySpan<byte> file, ref int at, out float score, out ReadOnlySpan<byte> text)
    {
        score = 0;
        text = default;
        if (file.Length - at < 8)
            return false;
        score = BinaryPrimitives.ReadSingleLittleEndian(file[at..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
        if (length is < 0 or > LongestToken || length > file.Length - at - 8)
            return false;
        text = file.Slice(at + 8, length);
        at += 8 + length;
        return true;
    }
}
