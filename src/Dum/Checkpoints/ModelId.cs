using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dum.Checkpoints;

/// <summary>
/// Tells a model from any other of its shape: a hash of its tensors' names and sizes and of some rows of each. Training
/// changes every row, so a few are enough, and a model of many gigabytes has its id at once. The same weights in another
/// file format or rounding are another model. What must be the same to the last bit, as for an archive, is named by
/// <c>ModelIdentity</c> in Dum.Models, which reads the whole file.
/// </summary>
static class ModelId
{
    const int RowsOfEach = 4;

    /// <summary>64 hexadecimal digits.</summary>
    public static string Of(IEnumerable<StoredTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (StoredTensor tensor in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} {tensor.Format} {tensor.Rows}x{tensor.Columns}\n")));
            for (int i = 0; i < Math.Min(RowsOfEach, tensor.Rows); i++)
                hash.AppendData(tensor.RowBytes((int)((long)i * (tensor.Rows - 1) / Math.Max(1, RowsOfEach - 1))));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
