using Dum.Sigma.Statistics;
using Xunit;

namespace Dum.Sigma.Tests.Statistics;

public class SpecialTests
{
    /// <summary>Closed forms, and digits of Abramowitz and Stegun's tables.</summary>
    [Fact]
    public void Distributions_have_their_known_values()
    {
        Assert.Equal(0, Special.LogGamma(1), 1e-14);
        Assert.Equal(Math.Log(24), Special.LogGamma(5), 1e-14);
        Assert.Equal(Math.Log(Math.Sqrt(Math.PI)), Special.LogGamma(0.5), 1e-14);
        Assert.Equal(857.9336698258574, Special.LogGamma(200), 1e-10);
        Assert.Equal(0.1572992070502851, Special.Erfc(1), 1e-13);
        Assert.Equal(1.8427007929497149, Special.Erfc(-1), 1e-14);
        Assert.Equal(2.088487583762545e-45, Special.Erfc(10), 1e-57);
        Assert.Equal(Math.Exp(-3), Special.GammaQ(1, 3), 1e-14);
        Assert.Equal(Math.Exp(-2) * (1 + 2 + 2), Special.GammaQ(3, 2), 1e-14);
        Assert.Equal(0.05, Special.ChiSquareTail(3.841458820694124, 1), 1e-12);
        Assert.Equal(0.001, Special.ChiSquareTail(149.4492531418, 100), 1e-10);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.025, 1.959963984540054)]
    [InlineData(0.999, -3.090232306167813)]
    [InlineData(1e-10, 6.361340902404056)]
    public void Quantiles_undo_tails(double p, double z) => Assert.Equal(z, Special.TailQuantile(p), 1e-9);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(97)]
    [InlineData(360)]
    [InlineData(1024)]
    public void The_transform_is_its_definition(int n)
    {
        double[] re = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i * i * 0.3))], im = [.. Enumerable.Range(0, n).Select(i => Math.Cos(i * 1.1))];
        double[] fr = [.. re], fi = [.. im];
        new Fft(n).Forward(fr, fi);
        for (int k = 0; k < n; k += Math.Max(1, n / 13))
        {
            double sr = 0, si = 0;
            for (int j = 0; j < n; j++)
            {
                double angle = -2 * Math.PI * ((long)j * k % n) / n;
                sr += (re[j] * Math.Cos(angle)) - (im[j] * Math.Sin(angle));
                si += (re[j] * Math.Sin(angle)) + (im[j] * Math.Cos(angle));
            }
            Assert.Equal(sr, fr[k], 1e-9);
            Assert.Equal(si, fi[k], 1e-9);
        }
    }

    /// <summary>The example of Holm's paper's kind: steps are multiplied by how many are left, and never fall.</summary>
    [Fact]
    public void Corrections_are_theirs()
    {
        double[] adjusted = Family.Holm([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Equal(1 - Math.Pow(0.99, 10), Family.Sidak(0.01, 10), 1e-12);
        Assert.Equal(1e-10, Family.Sidak(1e-12, 100), 1e-20);
    }
}
