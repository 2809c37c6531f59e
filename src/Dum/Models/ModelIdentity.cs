using System.Security.Cryptography;
using Dum.Checkpoints;
using Dum.Files;
using Dum.Lexicon;

namespace Dum.Models;

/// <summary>Names a model by its whole content, so that what was coded with it is decoded with no other; <see cref="ModelId"/> is the quick name that adapters carry.</summary>
static class ModelIdentity
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>SHA-256 over configuration, weights and the lexicon's id, first 16 bytes, as 32 hexadecimal digits.</summary>
    /// <param name="folder">A folder that <c>dum train</c> made.</param>
    /// <param name="lexicon">Its lexicon.</param>
    /// <exception cref="DumException">A file is missing or cannot be read.</exception>
    public static string Of(string folder, LexiconFile lexicon)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (string file in (string[])[Path.Combine(folder, HuggingFaceFolder.Config), .. HuggingFaceFolder.Shards(folder)])
                using (FileStream stream = File.OpenRead(file))
                    hash.AppendData(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read the model {folder}: {FileFault.Reason(e)}", $"модель {folder} не читается: {FileFault.Reason(e)}"), e);
        }
        hash.AppendData(Convert.FromHexString(lexicon.Id));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Length));
    }
}
