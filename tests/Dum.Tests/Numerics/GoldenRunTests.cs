using Dum.Numerics.Kernels;
using Dum.Tests.Models;
using Xunit;

namespace Dum.Tests.Numerics;

/// <summary>
/// Ten steps of training with a fixed seed against losses written down once, as the shortest digits that give back every bit. They guard refactors: the same arithmetic in
/// the same order gives the same bits on every machine. Whoever changes the arithmetic on purpose writes the new ones down
/// and says so in the log.
/// </summary>
public class GoldenRunTests
{
    static readonly double[] s_losses =
    [
        284.98641896247864, 232.62408566474915, 199.90625309944153, 173.3126368522644, 149.57352590560913,
        127.89274859428406, 109.42886471748352, 93.52805352210999, 79.70848083496094, 67.67188763618469,
    ];

    [Fact]
    public void Ten_steps_give_the_losses_written_down()
    {
        using var training = new SmallTraining(new CpuKernels(Grid.Pool(2)), Shapes.Small);
        double[] losses = new double[10];
        foreach (ref double loss in losses.AsSpan())
        {
            training.Step();
            loss = training.Loss;
        }
        Assert.Equal(string.Join('\n', s_losses), string.Join('\n', losses));
        Assert.True(losses[9] < 0.8 * losses[0]);
    }
}
