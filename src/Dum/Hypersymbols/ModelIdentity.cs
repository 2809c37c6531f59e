using System.Security.Cryptography;
using Dum.Checkpoints;
using Dum.Models;

namespace Dum.Hypersymbols;

/// <summary>Names a model by what it is: directions in its space mean nothing in another's.</summary>
static class ModelIdentity
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    /// <summary>The first 16 bytes of SHA-256 over configuration and weights as they lie in its folder, however they are kept in memory.</summary>
    /// <param name="model">A scene model.</param>
    /// <exception cref="DumException">Its files cannot be read any more.</exception>
    public static string Of(LanguageModel model)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var part = new byte[1 << 20];
            foreach (string name in new[] { HuggingFaceFolder.Config, HuggingFaceFolder.Single })
            {
                using FileStream file = File.OpenRead(Path.Combine(model.Path, name));
                for (int read; (read = file.Read(part)) > 0;)
                    hash.AppendData(part, 0, read);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot read {model.Path}: {e.Message}", $"не прочитать {model.Path}: {e.Message}"), e);
        }
    }
}
