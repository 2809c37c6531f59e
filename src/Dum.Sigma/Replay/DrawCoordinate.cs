using Dum.Numerics;

namespace Dum.Sigma.Replay;

/// <summary>Where a random draw lives: everything that made it, so that it can be made again.</summary>
/// <param name="Run">The run, the key.</param>
/// <param name="Domain">What it was for: initialisation, sampling, dropout and so on have domains of their own.</param>
/// <param name="Layer">Of the model, or of a sequence.</param>
/// <param name="Step">Of training, or of generation.</param>
/// <param name="Position">Inside the step.</param>
/// <param name="Lane">Which of the four words of 32 bits.</param>
public readonly record struct DrawCoordinate(ulong Run, uint Domain, uint Layer, uint Step, uint Position, int Lane)
{
    /// <summary>The draw, made again: 32 bits of Philox4x32-10.</summary>
    public uint Draw()
    {
        (uint a, uint b, uint c, uint d) = new Philox(Run, Domain).At(Layer, Step, Position);
        return Lane switch { 0 => a, 1 => b, 2 => c, _ => d };
    }
}
