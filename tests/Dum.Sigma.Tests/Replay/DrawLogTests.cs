using Dum.Numerics;
using Dum.Sigma.Replay;
using Dum.Tests.App;
using Xunit;

namespace Dum.Sigma.Tests.Replay;

public class DrawLogTests
{
    [Fact]
    public void A_draw_is_made_again_from_its_coordinate()
    {
        var at = new DrawCoordinate(0x299f31d0_a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 2);
        Assert.Equal(0x5001e420u, at.Draw());
        Assert.Equal(new Philox(7, 3).At(1, 2, 3).D, new DrawCoordinate(7, 3, 1, 2, 3, 3).Draw());
    }

    [Fact]
    public void A_log_comes_back_and_names_every_collision()
    {
        using var folder = new ScratchFolder();
        var log = new DrawLog();
        for (uint i = 0; i < 1000; i++)
            log.Take(new DrawCoordinate(1, 2, 3, i / 10, i % 10, (int)(i % 4)));
        Assert.Empty(log.Collisions);
        log.Take(new DrawCoordinate(1, 2, 3, 4, 5, 1));
        Assert.Equal([(45, 1000)], log.Collisions);
        log.Save(folder["draws"]);
        DrawLog again = DrawLog.Load(folder["draws"]);
        Assert.Equal(log.Draws, again.Draws);
        Assert.Equal(log.Collisions, again.Collisions);
    }

    [Fact]
    public void A_damaged_log_gets_a_sentence()
    {
        using var folder = new ScratchFolder();
        var log = new DrawLog();
        log.Take(new DrawCoordinate(1, 2, 3, 4, 5, 0));
        log.Save(folder["draws"]);
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
        Assert.Throws<DumException>(() => DrawLog.Load(folder["none"]));
    }
}
