using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Dum.Lexicon;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum lexicon encode</c> and <c>decode</c>: a stream of bytes to a stream of ids and back.</summary>
static class LexiconEncodeCommand
{
    const int Piece = 1 << 20;

    public static Command CreateEncode()
    {
        var file = new Argument<string>("file") { Description = Say("a file; - for standard input", "файл; - для стандартного ввода") };
        var words = new Option<bool>("--words") { Description = Say("print the hyperwords themselves, one a line", "вывести сами гиперслова, по одному в строке") };
        Option<string?> lexicon = Shared.Lexicon();
        var command = new Command("encode", Say("Print the hyperword ids of a text, separated by spaces, a line per line of the text.", "Вывести номера гиперслов текста через пробел, строка на строку текста.")) { file, words, lexicon };
        command.Does((parsed, cancel) =>
        {
            using Stream input = Shared.Input(parsed.GetValue(file)!);
            using var output = new StreamWriter(StandardOutput.Open(), new UTF8Encoding(false), 1 << 16);
            Encode(Shared.Load(parsed.GetValue(lexicon)).Vocabulary, input, output, parsed.GetValue(words), cancel);
            return Cli.Ok;
        });
        return command;
    }

    public static Command CreateDecode()
    {
        var file = new Argument<string>("file") { Description = Say("ids as text, separated by white space; - for standard input", "номера текстом, через пробелы; - для стандартного ввода") };
        Option<string?> lexicon = Shared.Lexicon();
        var command = new Command("decode", Say("Print the text that hyperword ids stand for, byte for byte.", "Вывести текст по номерам гиперслов, байт в байт.")) { file, lexicon };
        command.Does((parsed, _) =>
        {
            using var input = new StreamReader(Shared.Input(parsed.GetValue(file)!));
            using Stream output = new BufferedStream(StandardOutput.Open(), 1 << 16);
            Vocabulary vocabulary = Shared.Load(parsed.GetValue(lexicon)).Vocabulary;
            while (input.ReadLine() is { } line)
                foreach (Range part in line.AsSpan().Split(' '))
                    if (line[part].Trim() is { Length: > 0 } id)
                        output.Write(vocabulary[Id(id, vocabulary.Count)]);
            return Cli.Ok;
        });
        return command;
    }

    static void Encode(Vocabulary vocabulary, Stream input, StreamWriter output, bool words, CancellationToken cancel)
    {
        var text = new byte[Piece];
        var ids = new int[Piece];
        int length = 0;
        bool first = true;
        for (bool final = false; !final;)
        {
            cancel.ThrowIfCancellationRequested();
            if (length == text.Length)
            {
                Array.Resize(ref text, length * 2);
                Array.Resize(ref ids, length * 2);
            }
            int read = input.Read(text, length, text.Length - length);
            final = read == 0;
            length += read;
            if (vocabulary.Encoder.Encode(text.AsSpan(0, length), ids, out int consumed, out int written, final) == OperationStatus.DestinationTooSmall)
                throw new InvalidOperationException("more ids than bytes");
            foreach (int id in ids.AsSpan(0, written))
            {
                if (words)
                    output.Write(LexiconPortrait.Display(vocabulary[id]) + "\n");
                else
                {
                    output.Write(first ? "" : " ");
                    output.Write(id);
                }
                // A line of ids per line of text: readable, and no line grows without end.
                first = !words && vocabulary[id][^1] == (byte)'\n';
                if (first)
                    output.Write('\n');
            }
            text.AsSpan(consumed, length - consumed).CopyTo(text);
            length -= consumed;
        }
        if (!first && !words)
            output.Write('\n');
    }

    static int Id(string text, int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id < count ? id : throw new DumException(Say(
            $"'{text}' is no hyperword id of this lexicon: ids are 0 to {count - 1}", $"«{text}» — не номер гиперслова этого лексикона: номера от 0 до {count - 1}"));
}
