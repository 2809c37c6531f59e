using System.Runtime.Intrinsics.X86;

namespace Dum.Numerics.Kernels;

/// <summary>
/// Which vector instructions the kernels use. The list is in order of preference; DUM_PATH=avx512, avx2 or plain forces one
/// (avx512 also where the processor lacks it, slowly, for tests). All give the same bits.
/// </summary>
sealed class InstructionPath
{
    /// <summary>In order of preference, with what a path asks for.</summary>
    static readonly (string Name, bool Runs, Func<InstructionPath> Make)[] s_paths =
    [
        // Not Vector512.IsHardwareAccelerated: it is false on the first processors with AVX-512, where these tiles still win.
        ("avx512", Avx512F.IsSupported && Avx2.IsSupported, () => new("avx512", new TileKernels512(), new IntegerTilesAvx2())),
        ("avx2", Avx2.IsSupported && Fma.IsSupported, () => new("avx2", new TileKernels256(), new IntegerTilesAvx2())),
        ("plain", true, () => new("plain", new TileKernels128(), new IntegerTilesPlain())),
    ];

    InstructionPath(string name, TileKernels tiles, IntegerTiles integers) => (Name, Tiles, Integers) = (name, tiles, integers);

    /// <summary>The forced path, or the first that runs here. Not a static field: its error would come out wrapped.</summary>
    public static InstructionPath Best => s_best ??= Choose(Environment.GetEnvironmentVariable("DUM_PATH"));

    static InstructionPath? s_best;

    public string Name { get; }
    public TileKernels Tiles { get; }
    public IntegerTiles Integers { get; }

    public static IEnumerable<string> Names => s_paths.Select(p => p.Name);

    /// <param name="forced">A name, or null for the first that runs here.</param>
    /// <exception cref="DumException">There is no such path.</exception>
    public static InstructionPath Choose(string? forced)
    {
        foreach ((string name, bool runs, Func<InstructionPath> make) in s_paths)
        {
            if (forced is null ? !runs : name != forced)
                continue;
            // The wide tiles run anywhere, in halves; the byte products of AVX2 do not.
            return runs ? make() : new(name, name == "avx512" ? new TileKernels512() : new TileKernels256(), Avx2.IsSupported ? new IntegerTilesAvx2() : new IntegerTilesPlain());
        }
        throw new DumException(Tongue.Say(
            $"DUM_PATH={forced}: give one of {string.Join(", ", Names)}", $"DUM_PATH={forced}: укажите одно из {string.Join(", ", Names)}"));
    }
}
