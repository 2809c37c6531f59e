using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dum.Tests.Lexicon.Foreign;

/// <summary>Small tokenizer files of every format, made here: for tests of reading and of bad input.</summary>
static class SmallTokenizers
{
    public static byte[] Tiktoken(params string[] tokens)
    {
        var file = new StringBuilder();
        for (int b = 0; b < 256; b++)
            file.Append(CultureInfo.InvariantCulture, $"{Convert.ToBase64String([(byte)b])} {b}\n");
        for (int i = 0; i < tokens.Length; i++)
            file.Append(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens[i]))} {256 + i}\n");
        return Encoding.UTF8.GetBytes(file.ToString());
    }

    /// <summary>A byte-level vocabulary whose merges are over printable ASCII.</summary>
    public static string Vocabulary(params string[] tokens)
    {
        IEnumerable<string> bytes = Enumerable.Range(0, 256).Select(b => char.ToString((char)b)).Select(GptByte);
        return "{" + string.Join(",", bytes.Concat(tokens).Distinct().Select((token, id) => $"{Quote(token)}:{id}")) + "}";
    }

    public static string Merges(params string[] merges) => "#version: 0.2\n" + string.Join("\n", merges) + "\n";

    public static string HuggingFace(string vocabulary, string[] merges, string settings = "", string pipeline = "\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}") =>
        $"{{\"version\":\"1.0\",\"added_tokens\":[{{\"id\":9000,\"content\":\"<x>\",\"special\":true}}],{pipeline},\"model\":{{\"type\":\"BPE\",{settings}\"vocab\":{vocabulary},\"merges\":[{string.Join(",", merges.Select(Quote))}]}}}}";

    /// <summary>A SentencePiece model: unknown, control, 256 bytes, then these pieces with these scores.</summary>
    public static byte[] SentencePiece(params (string Piece, float Score)[] pieces)
    {
        var file = new List<byte>();
        Piece("<unk>", 0, 2);
        Piece("<s>", 0, 3);
        for (int b = 0; b < 256; b++)
            Piece($"<0x{b:X2}>", 0, 6);
        foreach ((string piece, float score) in pieces)
            Piece(piece, score, 1);
        file.AddRange([0x12, 2, 0x18, 2]); // trainer: BPE
        file.AddRange([0x1A, 4, 0x18, 1, 0x20, 0]); // normalizer: a space in front, none removed
        return [.. file];

        void Piece(string text, float score, byte kind)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var number = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(number, score);
            byte[] message = [0x0A, (byte)bytes.Length, .. bytes, 0x15, .. number, 0x18, kind];
            file.AddRange([0x0A, (byte)message.Length, .. message]);
        }
    }

    /// <summary>llama2.c's list: unknown, begin, end, 256 bytes, then these pieces with these scores.</summary>
    public static byte[] TokBin(params (string Piece, float Score)[] pieces)
    {
        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        writer.Write(16);
        IEnumerable<(string, float)> fixedOnes = ((string[])["<unk>", "\n<s>\n", "\n</s>\n"]).Concat(Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>")).Select(text => (text, 0f));
        foreach ((string text, float score) in fixedOnes.Concat(pieces))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            writer.Write(score);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
        return file.ToArray();
    }

    /// <summary>A GGUF file with a byte-level vocabulary.</summary>
    public static byte[] Gguf(string[] tokens, string[] merges)
    {
        var file = new MemoryStream();
        file.Write("GGUF"u8);
        Number(3, 4);
        Number(0, 8);
        Number(4, 8);
        Key("tokenizer.ggml.model", 8);
        Text("gpt2");
        Key("general.size", 4);
        Number(7, 4);
        Key("tokenizer.ggml.tokens", 9);
        List([.. Enumerable.Range(0, 256).Select(b => GptByte(char.ToString((char)b))), .. tokens]);
        Key("tokenizer.ggml.merges", 9);
        List(merges);
        return file.ToArray();

        void Number(ulong value, int size)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            file.Write(bytes, 0, size);
        }

        void Text(string text)
        {
            Number((ulong)Encoding.UTF8.GetByteCount(text), 8);
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        void Key(string key, ulong type)
        {
            Text(key);
            Number(type, 4);
        }

        void List(string[] items)
        {
            Number(8, 4);
            Number((ulong)items.Length, 8);
            foreach (string item in items)
                Text(item);
        }
    }

    static string GptByte(string b)
    {
        int moved = 0;
        for (int c = 0; c < 256; c++)
        {
            bool stays = c is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            if (c == b[0])
                return stays ? b : char.ToString((char)(256 + moved));
            moved += stays ? 0 : 1;
        }
        throw new InvalidOperationException();
    }

    static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
