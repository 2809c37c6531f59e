namespace Dum.Mind;

/// <summary>What is said of a memory that is damaged: what of it, and the one thing that helps.</summary>
static class Damage
{
    /// <param name="english">What is damaged.</param>
    /// <param name="russian">The same in Russian.</param>
    /// <param name="inner">What told it; null where nothing was thrown.</param>
    public static DumException Of(string english, string russian, Exception? inner = null)
    {
        string message = Tongue.Say($"{english}: {Advice()}", $"{russian}: {Advice()}");
        return inner is null ? new DumException(message) : new DumException(message, inner);
    }

    /// <summary>Every part of <c>Search</c> reads the index and may be the one that finds it damaged.</summary>
    public static DumException OfIndex() => Of("the memory's index is damaged", "указатель памяти повреждён");

    /// <summary>How what can be read is saved.</summary>
    /// <param name="memory">The folder of the memory; null where it is not known.</param>
    public static string Advice(string? memory = null)
    {
        string where = memory is null ? "" : " --memory " + memory;
        return Tongue.Say($"save what can be read with 'dum memory repair -o NEW{where}'", $"спасите, что читается: 'dum memory repair -o НОВАЯ{where}'");
    }
}
