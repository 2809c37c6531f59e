using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dum.Sigma.Predict;

/// <summary>
/// What a study will do, fixed before it is done: the text of this record is hashed and the hash stands in the report, so that
/// nothing can be chosen after the results are known.
/// </summary>
/// <param name="Model">Its id.</param>
/// <param name="TextHash">SHA-256 of the text that is read.</param>
/// <param name="Tokens">Of it.</param>
/// <param name="Operations">Looked at.</param>
/// <param name="Format">Residuals of which rounding.</param>
/// <param name="Seed">Of all placebos.</param>
public sealed record Protocol(string Model, string TextHash, int Tokens, IReadOnlyList<string> Operations, string Format, ulong Seed)
{
    /// <summary>False alarms of the whole family.</summary>
    public double Alpha { get; init; } = 1e-3;

    /// <summary>The text that is hashed.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""
        protocol 2
        model {Model}
        text {TextHash}, first {Tokens} tokens
        operations {string.Join("; ", Operations)}
        residuals of rounding to {Format}, state kept in {Format}, in cells
        split: first 60 % of the residuals learn, a gap of 4096, the rest tests; one evaluation
        levels: L0 histogram of 256 bins; L0 the 8 residuals before; L1 the rounded value; L2 the rounded value against the root mean square of the 64 before; L3 weights and order
        score: bits of held-out log-loss saved; blocks of 4096; bootstrap 99 %, 2000 draws; Holm over the family at {Alpha}
        placebos: P1 shuffled, P2 shuffled inside equal rounded values, P3 xoshiro256**, P4 ChaCha20, P5 uniform dither; seed {Seed}
        positive controls: P6 a tilt of ten times the five-deviation limit, P7 randu, xorshift32 and mt19937 in the battery, P8 exact recomputation
        nulls: L0 histogram in P3 P4 P5; L0 before in P1 to P5; L1 and L2 in P1 P3 P4 P5
        void if a null is significant or a positive control is missed

        """);

    /// <summary>SHA-256 of <see cref="ToText"/>.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToText())));
}
