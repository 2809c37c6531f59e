using System.Runtime.CompilerServices;

namespace Dum.Lexicon.Foreign;

/// <summary>
/// The rule by which a published tokenizer cuts a text into pieces before it merges inside each piece. Written by
/// hand over UTF-8, without regular expressions, and equal to the published pattern on every valid text (Unicode
/// categories are those of .NET; a character newer than the peer's tables may be classed differently there).
/// Stateless and thread-safe.
/// </summary>
public abstract class PreTokenizer
{
    private protected PreTokenizer(string name) => Name = name;

    /// <summary>The whole text is one piece (SentencePiece).</summary>
    public static PreTokenizer None { get; } = new WholeText();

    /// <summary>GPT-2, r50k_base, p50k_base (Radford et al. 2019, <c>encoder.py</c>).</summary>
    public static PreTokenizer Gpt2 { get; } = new Gpt2Splitter();

    /// <summary>cl100k_base, GPT-3.5 and GPT-4 (tiktoken, <c>openai_public.py</c>).</summary>
    public static PreTokenizer Cl100k { get; } = new Cl100kSplitter("cl100k", maxDigits: 3, keepsLastSpaces: true);

    /// <summary>Llama 3: the cl100k pattern in its first form, where line ends at the end of a text stand apart from spaces behind them.</summary>
    public static PreTokenizer Llama3 { get; } = new Cl100kSplitter("llama3", maxDigits: 3, keepsLastSpaces: false);

    /// <summary>Qwen 2 and 2.5: like Llama 3, but every digit is a piece.</summary>
    public static PreTokenizer Qwen2 { get; } = new Cl100kSplitter("qwen2", maxDigits: 1, keepsLastSpaces: false);

    /// <summary>o200k_base, GPT-4o (tiktoken, <c>openai_public.py</c>).</summary>
    public static PreTokenizer O200k { get; } = new O200kSplitter("o200k", contractions: true);

    /// <summary>o200k's pattern without English contractions: stage 1 of the current SuperBPE scripts.</summary>
    public static PreTokenizer SuperBpeStage1 { get; } = new O200kSplitter("superbpe-stage1", contractions: false);

    /// <summary>The SuperBPE tokenizers of the paper (Liu et al. 2025, OLMo2 8B SuperBPE): runs of digits stand apart, in threes from the right.</summary>
    public static PreTokenizer SuperBpe { get; } = new DigitSplitter("superbpe", words: false);

    /// <summary>The plain twin of those tokenizers (OLMo2 8B BPE): the same digits, and GPT-2's words between them.</summary>
    public static PreTokenizer SuperBpeTwin { get; } = new DigitSplitter("superbpe-twin", words: true);

    /// <summary>Stage 2 of the current SuperBPE scripts (<c>extend_tokenizer.sh</c>).</summary>
    public static PreTokenizer SuperBpeStage2 { get; } = new SuperBpeStage2Splitter();

    /// <summary>All rules, by the names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<PreTokenizer> All { get; } =
        [None, Gpt2, Cl100k, Llama3, Qwen2, O200k, SuperBpe, SuperBpeTwin, SuperBpeStage1, SuperBpeStage2];

    /// <summary>The names of all rules, for messages and help.</summary>
    public static string Names => string.Join(", ", All.Select(rule => rule.Name));

    /// <summary>Short name, for example <c>o200k</c>.</summary>
    public string Name { get; }

    /// <summary>The rule of that name.</summary>
    /// <exception cref="DumException">No rule has it.</exception>
    public static PreTokenizer Find(string name) =>
        All.FirstOrDefault(rule => rule.Name == name) ??
        throw new DumException(Tongue.Say(
            $"there is no pre-tokenizer '{name}': choose one of {Names}", $"правила разбивки «{name}» нет: выберите одно из {Names}"));

    /// <summary>Where the piece ends that starts at <paramref name="start"/>; valid UTF-8, <paramref name="start"/> &lt; <paramref name="end"/>.</summary>
    internal abstract int Next(ref byte text, int start, int end);

    /// <summary>
    /// Where a run of white space ends as a piece under <c>\s+(?!\S)|\s+</c>: before its last character if something
    /// else follows, so that the last space goes with the word behind it.
    /// </summary>
    private protected static int LeaveLastSpace(ref byte text, int start, int runEnd, int end)
    {
        if (runEnd == end)
            return runEnd;
        int last = runEnd - 1;
        while (last > start && (Unsafe.Add(ref text, last) & 0xC0) == 0x80)
            last--;
        return last > start ? last : runEnd;
    }

    sealed class WholeText() : PreTokenizer("none")
    {
        internal override int Next(ref byte text, int start, int end) => end;
    }
}
