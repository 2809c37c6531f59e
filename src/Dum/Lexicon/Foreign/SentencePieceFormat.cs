namespace Dum.Lexicon.Foreign;

/// <summary>A SentencePiece <c>.model</c>: protocol buffers as in <c>sentencepiece_model.proto</c>. BPE with byte fallback and no normalisation (Llama, Mistral).</summary>
static class SentencePieceFormat
{
    const int Bpe = 2;

    /// <summary>True when the first field is a piece.</summary>
    public static bool Looks(ReadOnlySpan<byte> file)
    {
        var reader = new ProtobufReader(file);
        return reader.Next() && reader.Field == 1 && reader.WireType == 2 && !reader.Bytes().IsEmpty && !reader.Failed;
    }

    public static ForeignTokenizer Read(TokenizerSource source, byte[] file)
    {
        var pieces = new PieceList(source);
        var reader = new ProtobufReader(file);
        bool prefix = true, isBpe = false;
        while (reader.Next())
        {
            if (reader.WireType != 2 || reader.Field > 3)
            {
                reader.Skip();
                continue;
            }
            ReadOnlySpan<byte> message = reader.Bytes();
            if (reader.Field == 1)
                ReadPiece(source, pieces, message);
            else if (reader.Field == 2)
                isBpe |= ReadTrainer(source, message);
            else
                prefix = ReadNormalizer(source, message);
        }
        if (reader.Failed)
            throw source.Bad("it is cut short or damaged", "файл оборван или повреждён");
        if (!isBpe)
            throw source.Bad("it is a SentencePiece model of another kind (unigram, word or char); only BPE is supported", "это модель SentencePiece другого вида (unigram, word или char); поддерживается только BPE");
        return pieces.ToTokenizer(prefix);
    }

    static void ReadPiece(TokenizerSource source, PieceList pieces, ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        ReadOnlySpan<byte> text = default;
        float score = 0;
        int kind = PieceList.Normal;
        while (reader.Next())
        {
            if (reader is { Field: 1, WireType: 2 })
                text = reader.Bytes();
            else if (reader is { Field: 2, WireType: 5 })
                score = reader.Float();
            else if (reader is { Field: 3, WireType: 0 })
                kind = (int)Math.Min(reader.Varint(), 100);
            else
                reader.Skip();
        }
        if (reader.Failed)
            throw source.Bad("a piece is damaged", "один из кусков повреждён");
        pieces.Add(text, score, kind);
    }

    static bool ReadTrainer(TokenizerSource source, ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        bool isBpe = false;
        while (reader.Next())
        {
            if (reader is { Field: 3, WireType: 0 })
                isBpe = reader.Varint() == Bpe;
            else if (reader is { Field: 24, WireType: 0 })
            {
                if (reader.Varint() != 0)
                    throw source.Bad("it puts white space behind words; that is not supported", "пробелы ставятся после слов; это не поддерживается");
            }
            else
                reader.Skip();
        }
        return !reader.Failed ? isBpe : throw source.Bad("its training settings are damaged", "настройки обучения повреждены");
    }

    /// <returns>True when a space is put in front of the text.</returns>
    static bool ReadNormalizer(TokenizerSource source, ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        bool prefix = true, removesSpaces = true, escapes = true, maps = false;
        while (reader.Next())
        {
            if (reader is { Field: 2, WireType: 2 })
                maps = !reader.Bytes().IsEmpty;
            else if (reader is { Field: 3, WireType: 0 })
                prefix = reader.Varint() != 0;
            else if (reader is { Field: 4, WireType: 0 })
                removesSpaces = reader.Varint() != 0;
            else if (reader is { Field: 5, WireType: 0 })
                escapes = reader.Varint() != 0;
            else
                reader.Skip();
        }
        if (reader.Failed)
            throw source.Bad("its normalisation settings are damaged", "настройки нормализации повреждены");
        if (maps || removesSpaces || !escapes)
            throw source.Bad("it changes the text before merging (normalisation, spaces removed); only models that keep it are supported", "текст меняется до слияний (нормализация, удаление пробелов); поддерживаются только модели, которые его не меняют");
        return prefix;
    }
}
