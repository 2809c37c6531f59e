using Dum.Numerics;

namespace Dum.Sigma.Quantisation;

/// <summary>Draws pieces of a text to calibrate on.</summary>
public static class CalibrationText
{
    /// <summary>Windows of a text at drawn places, one behind the other.</summary>
    /// <param name="ids">Tokens of the whole text.</param>
    /// <param name="tokens">How many are wanted; a shorter text is taken whole.</param>
    /// <param name="window">Tokens of a window.</param>
    /// <param name="draw">Every draw has other places.</param>
    public static int[] Draw(int[] ids, int tokens, int window, int draw)
    {
        if (ids.Length <= tokens)
            return ids;
        window = Math.Min(window, tokens);
        var random = new Philox((ulong)draw, DrawDomain.Calibration);
        var drawn = new int[tokens / window * window];
        for (int w = 0; w < drawn.Length / window; w++)
            Array.Copy(ids, (int)(random.Unit(0, 0, (uint)w) * (ids.Length - window)), drawn, w * window, window);
        return drawn;
    }
}
