using Dum.Numerics;
using Dum.Sigma.Replay;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.Replay;

public class DrawLogTests
{
    /// <summary>The number of a draw is the known answer of Philox4x32-10 for the digits of π.</summary>
    [Fact]
    public void A_draw_is_a_function_of_its_address() =>
        Assert.Equal(new UInt128(0x24126ea1_5001e420, 0x94fdcceb_d16cfe09), DrawRecorder.Number(0x299f31d0_a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));

    [Fact]
    public void What_is_drawn_is_in_the_log_and_is_made_again()
    {
        using var folder = new ScratchFolder();
        var recorder = new DrawRecorder();
        var random = new Philox(7, DrawDomain.Sampling, recorder);
        for (uint i = 0; i < 1000; i++)
            random.Unit(i / 100, 0, 3 * (i % 100));
        random.Normal(50, 1, uint.MaxValue);
        random.Normal(50, 1, 4);
        DrawLog log = DrawLog.Of(recorder);
        Assert.Equal(1002, log.Draws);
        Assert.Equal(new DrawStretch(7, 3, 4, 0, 0, 100, 3), log.Stretches[4]);
        Assert.Equal(12, log.Stretches.Count);
        Assert.Empty(log.Collisions);
        Assert.True(log.Replay());
        log.Save(folder["draws"]);
        DrawLog again = DrawLog.Load(folder["draws"]);
        Assert.Equal(log.Stretches, again.Stretches);
        Assert.True(again.Replay());
        Assert.False((again with { Stretches = [.. again.Stretches.Take(11)] }).Replay());
        Assert.False((again with { Stretches = [again.Stretches[0] with { Run = 8 }, .. again.Stretches.Skip(1)] }).Replay());
    }

    [Fact]
    public void A_draw_that_is_used_twice_is_named()
    {
        using var folder = new ScratchFolder();
        var recorder = new DrawRecorder();
        var random = new Philox(7, DrawDomain.Candidates, recorder);
        for (uint i = 0; i < 20; i++)
            random.Unit(1, 2, 2 * i);
        random.Unit(1, 2, 6);
        random.Unit(1, 2, 7);
        random.Unit(2, 2, 6);
        new Philox(8, DrawDomain.Candidates, recorder).Unit(1, 2, 6);
        DrawLog.Of(recorder).Save(folder["draws"]);
        DrawLog log = DrawLog.Load(folder["draws"]);
        Assert.Equal([new DrawStretch(7, (uint)DrawDomain.Candidates, 1, 2, 6, 1, 1)], log.Collisions);
        Assert.Equal(23, log.Draws);
        Assert.True(log.Replay());
    }

    [Fact]
    public void Domains_never_meet() => Assert.Equal(Enum.GetValues<DrawDomain>().Length, Enum.GetValues<DrawDomain>().Distinct().Count());

    [Fact]
    public void A_damaged_log_gets_a_sentence()
    {
        using var folder = new ScratchFolder();
        var recorder = new DrawRecorder();
        new Philox(1, DrawDomain.Weights, recorder).Unit(3, 4, 5);
        DrawLog.Of(recorder).Save(folder["draws"]);
        byte[] bytes = File.ReadAllBytes(folder["draws"]);
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] torn = [.. bytes];
            torn[at] ^= 0x40;
            File.WriteAllBytes(folder["torn"], torn);
            Assert.Throws<DumException>(() => DrawLog.Load(folder["torn"]));
            File.WriteAllBytes(folder["torn"], bytes[..at]);
            Assert.Throws<DumException>(() => DrawLog.Load(folder["torn"]));
        }
        Assert.Equal(2, Assert.Throws<DumException>(() => DrawLog.Load(folder["none"])).ExitCode);
    }
}
