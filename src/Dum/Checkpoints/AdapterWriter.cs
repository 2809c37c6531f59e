using System.Text.Json;
using Dum.Files;

namespace Dum.Checkpoints;

/// <summary>Writes an adapter as Hugging Face's PEFT reads it.</summary>
public static class AdapterWriter
{
    /// <summary>Writes the weights and, last, the configuration: without it there is no adapter, so a kill leaves no mixture of two.</summary>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="rank">Of all parts.</param>
    /// <param name="alpha">What the product is multiplied by is this over the rank.</param>
    /// <param name="halves">lora_A and lora_B by the names of the base's matrices, such as <c>model.layers.0.self_attn.q_proj.lora_A.weight</c>.</param>
    /// <param name="basePath">Told to PEFT, which loads the base by it.</param>
    /// <param name="baseId">Told to us; see <see cref="AdapterFile.Base"/>.</param>
    /// <exception cref="DumException">The files cannot be written.</exception>
    public static void Write(string folder, int rank, double alpha, IReadOnlyList<WeightSource> halves, string basePath, string baseId)
    {
        string config = Path.Combine(folder, AdapterFile.Config);
        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(config);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DumException(Tongue.Say($"cannot write into the folder {folder}: {FileFault.Reason(e)}", $"не записать в папку {folder}: {FileFault.Reason(e)}"), e);
        }
        SafetensorsWriter.Write(Path.Combine(folder, AdapterFile.Weights), [.. halves.Select(h => h with { Spec = h.Spec with { Name = AdapterFile.Prefix + h.Spec.Name } })],
            StoredFormat.F32, new Dictionary<string, string> { [AdapterFile.BaseKey] = baseId });
        byte[] text = Text(rank, alpha, halves.Select(h => h.Spec.Name), basePath);
        SafeFile.Write(config, stream => stream.Write(text));
    }

    static byte[] Text(int rank, double alpha, IEnumerable<string> halves, string basePath)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteString("base_model_name_or_path", basePath);
            json.WriteNumber("r", rank);
            json.WriteNumber("lora_alpha", alpha);
            json.WriteNumber("lora_dropout", 0.0);
            json.WriteStartArray("target_modules");
            // "…self_attn.q_proj.lora_A.weight" adapts the module q_proj.
            foreach (string module in halves.Select(name => name.Split('.')[^3]).Distinct())
                json.WriteStringValue(module);
            json.WriteEndArray();
            json.WriteString("bias", "none");
            json.WriteBoolean("fan_in_fan_out", false);
            json.WriteBoolean("inference_mode", true);
            json.WriteBoolean("use_rslora", false);
            json.WriteEndObject();
        }
        return text.ToArray();
    }
}
