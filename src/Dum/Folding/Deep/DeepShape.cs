using Dum.Coding;

namespace Dum.Folding.Deep;

/// <summary>How a group's hyperwords are spread over the model's sequences. Stands in the file.</summary>
/// <param name="Lanes">Runs coded side by side, 1 … <see cref="MostLanes"/>.</param>
/// <param name="Window">The most hyperwords that the model sees at once.</param>
/// <param name="Keep">How many of them are kept when a window is full, at least 2.</param>
readonly record struct DeepShape(int Lanes, int Window, int Keep)
{
    /// <summary>Rows that a session takes in one step.</summary>
    public const int MostLanes = 256;

    // More lanes read the weights for more text at once; each begins without knowing what went before.
    const int UsualLanes = 32, LeastPerLane = 2048;

    // Beyond it a lane's cache costs more memory than the context is worth.
    const int UsualWindow = 1024;

    /// <summary>What is taken for a number of hyperwords and a model's context.</summary>
    public static DeepShape For(int hyperwords, int context)
    {
        int window = Math.Min(context, UsualWindow);
        return new DeepShape(Math.Clamp(hyperwords / LeastPerLane, 1, UsualLanes), window, Math.Max(2, window / 4));
    }

    /// <summary>True where a model of this context can follow it.</summary>
    public bool Fits(int context) => Lanes is >= 1 and <= MostLanes && Window <= context && Keep >= 2 && Keep < Window;

    public void Write(ByteWriter to)
    {
        to.Number(Lanes);
        to.Number(Window);
        to.Number(Keep);
    }

    public static DeepShape Read(ref ByteReader from) => new((int)from.Number(MostLanes), (int)from.Number(int.MaxValue), (int)from.Number(int.MaxValue));
}
