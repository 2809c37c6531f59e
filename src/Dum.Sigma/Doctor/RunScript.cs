namespace Dum.Sigma.Doctor;

/// <summary>What a recorded run does: sequences cut from a text are read in part at once and in part one token a step, in batches.</summary>
public sealed record RunScript
{
    /// <summary>Sequences in all.</summary>
    public int Sequences { get; init; } = 8;

    /// <summary>Sequences of one step.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Tokens of every sequence that are read at once.</summary>
    public int Prompt { get; init; } = 32;

    /// <summary>Tokens that follow one a step, from the text too, so that runs stay comparable after they have parted.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>Threads that work.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether the first half of a prompt is in the cache before the rest comes, as where a prefix is kept.</summary>
    public bool Warm { get; init; }

    /// <summary>
    /// Whether batches grow from 1 to <see cref="Batch"/>, and prompts from 1 token to <see cref="Prompt"/>: then calls with every
    /// number of rows come in order, and the number at which two runs part is found exactly.
    /// </summary>
    public bool Ladder { get; init; }

    /// <summary>Tokens that a text must have.</summary>
    public long Tokens => (long)Sequences * (Prompt + Steps);

    /// <summary>Tokens of a sequence that are read at once.</summary>
    internal int PromptOf(int sequence) => Ladder ? Math.Min(Prompt, sequence + 1) : Prompt;

    /// <exception cref="DumException">A number is out of range.</exception>
    internal void Check(int context)
    {
        if (Sequences is < 1 or > 65536 || Batch is < 1 or > 256 || Prompt < 1 || Steps < 0 || Threads is < 1 or > 1024 || (long)Prompt + Steps > context)
            throw new DumException(Tongue.Say(
                $"give 1 to 65,536 sequences, batches of 1 to 256, a prompt of at least 1 token, and prompt and steps together within the model's context of {context}",
                $"нужно от 1 до 65 536 последовательностей, пакеты от 1 до 256, затравка хотя бы в 1 токен, а вместе с шагами не больше контекста модели ({context})"));
    }
}
