namespace Dum.Lexicon.Foreign;

/// <summary>Where a tokenizer comes from: what the readers need for names, rules and complaints.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">The tokenizer's name.</param>
/// <param name="Rule">The pre-tokenizer that the caller asked for.</param>
sealed record TokenizerSource(string File, string Name, PreTokenizer? Rule)
{
    /// <summary>
    /// True where text is taken as it is although the tokenizer asks for Unicode's composed form: nearly all text is in
    /// that form already, and llama.cpp does the same. Counts of other text then differ from the original's.
    /// </summary>
    public bool TakesTextAsIs { get; init; }

    /// <summary>What is wrong with the file, in one line.</summary>
    public DumException Bad(string english, string russian) =>
        new(Tongue.Say($"{File} is not a tokenizer that can be read: {english}", $"{File}: токенизатор не читается: {russian}"));

    /// <summary>The pre-tokenizer that goes with the name, or null.</summary>
    public PreTokenizer? RuleByName()
    {
        string name = (Name + "/" + Path.GetFileName(File)).ToLowerInvariant().Replace("-", "").Replace("_", "");
        foreach ((string part, PreTokenizer rule) in (ReadOnlySpan<(string, PreTokenizer)>)
        [
            ("o200k", PreTokenizer.O200k), ("gpt4o", PreTokenizer.O200k), ("cl100k", PreTokenizer.Cl100k),
            ("llama3", PreTokenizer.Llama3), ("qwen", PreTokenizer.Qwen2), ("superbpe", PreTokenizer.SuperBpe),
            ("bpe200k", PreTokenizer.SuperBpeTwin), ("gpt2", PreTokenizer.Gpt2), ("r50k", PreTokenizer.Gpt2), ("p50k", PreTokenizer.Gpt2),
        ])
            if (name.Contains(part, StringComparison.Ordinal))
                return rule;
        return null;
    }

    /// <summary>Complains that nothing says how this tokenizer cuts text.</summary>
    public DumException UnknownRule(string english, string russian) => new(Tongue.Say(
        $"{File}: {english}; name the pre-tokenizer that belongs to it ({PreTokenizer.Names})",
        $"{File}: {russian}; назовите его правило разбивки ({PreTokenizer.Names})"));
}
