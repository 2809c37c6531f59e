namespace Dum.Numerics;

/// <summary>Draws whose addresses differ in their position only, in even steps. A draw is a block of four lanes of 32 bits.</summary>
/// <param name="Run">The run, which is the key.</param>
/// <param name="Domain">A <see cref="DrawDomain"/>, or a number of another program's.</param>
/// <param name="Layer">Of the model, or of a batch.</param>
/// <param name="Step">Of training, or of a pass.</param>
/// <param name="First">The first position.</param>
/// <param name="Count">Positions, at least 1.</param>
/// <param name="Stride">From one to the next, at least 1.</param>
public readonly record struct DrawStretch(ulong Run, uint Domain, uint Layer, uint Step, uint First, uint Count, uint Stride)
{
    /// <summary>The position behind the last one.</summary>
    internal ulong Next => First + ((ulong)Count * Stride);

    /// <summary>Whether a position is among them.</summary>
    internal bool Holds(uint position) => position >= First && position < Next && (position - First) % Stride == 0;
}
