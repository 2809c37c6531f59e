using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dum.Files;
using Dum.Lexicon;

namespace Dum.Ledger;

/// <summary>Whose folder of work it is: what was trained for other texts, another size or another time is never taken up.</summary>
static class WorkFolder
{
    const string FileName = "ledger.txt";

    /// <summary>Marks a folder as this ledger's.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="options">Of them size, minutes and threads decide what is trained; more seeds go on in the same folder.</param>
    /// <param name="texts">What is learned from.</param>
    /// <exception cref="DumException">Another ledger worked there.</exception>
    public static void Take(string folder, LedgerOptions options, IReadOnlyList<LexiconSource> texts)
    {
        var own = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{options.Preset} {options.Minutes} min {options.Threads} threads\n"));
        foreach (LexiconSource text in texts)
        {
            using Stream from = text.Open();
            own.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(from))} {text.Name}\n");
        }
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            SafeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(own.ToString())));
        else if (File.ReadAllText(path) != own.ToString())
            throw new DumException(Tongue.Say(
                $"{folder} holds the work of another ledger (other texts, preset, minutes or threads): give another folder with --work",
                $"в {folder} работа другого счёта (другие тексты, набор, минуты или потоки): укажите другую папку через --work"));
    }
}
