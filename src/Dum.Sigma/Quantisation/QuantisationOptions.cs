namespace Dum.Sigma.Quantisation;

/// <summary>How codes are chosen.</summary>
public enum QuantisationMethod
{
    /// <summary>The nearest one: what the product does on loading.</summary>
    Nearest,

    /// <summary>Errors are fed back along the mean input alone, which corrects the bias of every output.</summary>
    Bias,

    /// <summary>Errors are fed back along the second moments of the inputs (GPTQ).</summary>
    Gptq,

    /// <summary>The same against the inputs of the model as quantised so far, towards the outputs of the model as it was (as Qronos, arXiv 2505.11695).</summary>
    Diffuse,
}

/// <summary>How a model is quantised.</summary>
public sealed record QuantisationOptions
{
    /// <summary>Bits of a code: 2, 3, 4 … 8. With <see cref="Mixed"/> the mean over the model.</summary>
    public int Bits { get; init; } = 4;

    /// <summary>How codes are chosen.</summary>
    public QuantisationMethod Method { get; init; } = QuantisationMethod.Gptq;

    /// <summary>Whether matrices get different numbers of bits under the same budget, by what their errors cost the model.</summary>
    public bool Mixed { get; init; } = true;

    /// <summary>Sweeps over the codes that follow; 0 for none.</summary>
    public int Sweeps { get; init; } = 4;

    /// <summary>Whether rows are turned by a Hadamard matrix before rounding; the product then keeps the result in bfloat16.</summary>
    public bool Rotate { get; init; }

    /// <summary>Rank of a whitened correction, paid from the same budget; the product then keeps the result in bfloat16.</summary>
    public int Rank { get; init; }

    /// <summary>Share of the mean second moment that is added to all, against what the calibration text does not show.</summary>
    public double Damping { get; init; } = 0.01;

    /// <summary>Placebo: the second moments are shuffled, so that feedback goes to the wrong weights.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Threads that run the model.</summary>
    public int Threads { get; init; } = 1;

    /// <exception cref="DumException">A number is out of range.</exception>
    internal void Check()
    {
        if (Bits is < 2 or > 8 || Sweeps is < 0 or > 100 || Rank is < 0 or > 256 || !(Damping is > 0 and <= 10) || Threads < 1)
            throw new DumException(Tongue.Say(
                "give 2 to 8 bits, at most 100 sweeps, a rank of at most 256 and damping above 0 and up to 10", "нужно от 2 до 8 бит, не больше 100 проходов, ранг не больше 256, сглаживание больше 0 и до 10"));
        if (Rank > 0 && !Mixed)
            throw new DumException(Tongue.Say("--rank and --uniform do not go together: matrices pay for the correction with bits of their own", "--rank и --uniform вместе не работают: матрицы платят за поправку своими битами"));
        if (Rotate && Rank > 0)
            throw new DumException(Tongue.Say("--rotate and --rank do not go together", "--rotate и --rank вместе не работают"));
    }
}
