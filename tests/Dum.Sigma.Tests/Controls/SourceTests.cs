using Dum.Sigma.Controls;
using Xunit;

namespace Dum.Sigma.Tests.Controls;

public class SourceTests
{
    /// <summary>RFC 8439, section 2.3.2.</summary>
    [Fact]
    public void ChaCha20_gives_the_block_of_its_standard()
    {
        var stream = new ChaCha20([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c], 1, [0x09000000, 0x4a000000, 0]);
        byte[] block = new byte[64];
        stream.Fill(block);
        Assert.Equal(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
            Convert.ToHexStringLower(block));
    }

    /// <summary>The reference code from the state 1, 2, 3, 4.</summary>
    [Fact]
    public void Xoshiro_gives_the_published_numbers()
    {
        var random = new Xoshiro256(1, 2, 3, 4);
        Assert.Equal([11520, 0, 1509978240, 1215971899390074240], Enumerable.Range(0, 4).Select(_ => random.Next()));
    }

    /// <summary>The 10,000th number from seed 5489, by which C++'s mt19937 is defined.</summary>
    [Fact]
    public void The_twister_gives_the_number_of_the_standard()
    {
        Func<uint> next = WeakSources.Twister(5489);
        Assert.Equal(3499211612, next());
        for (int i = 2; i < 10_000; i++)
            next();
        Assert.Equal(4123659995, next());
    }

    [Fact]
    public void There_are_forty_weak_sources_and_all_differ()
    {
        Assert.True(Source.All.Count(s => s.Weak) >= 40);
        Assert.Equal(Source.All.Count, Source.All.Select(s => s.Name).Distinct().Count());
        Assert.Equal(Source.All.Count, Source.All.Select(s => { byte[] b = new byte[4096]; s.Open(3)(b); return Convert.ToHexString(b); }).Distinct().Count());
    }
}
