using System.Globalization;
using Dum.Host.Fit;
using Dum.Numerics.Kernels;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>Where the time of a training step goes, beside what this machine can do at most.</summary>
static class TrainingProfile
{
    public static int Print((IReadOnlyList<KernelCost> Costs, double Seconds, double Processor, long Units) profile, TrainingOptions options, TextWriter output)
    {
        HostSpeed speed = HostBench.Measure();
        double known = profile.Costs.Sum(c => c.Seconds);
        output.WriteLine(Say(
            string.Create(CultureInfo.InvariantCulture, $"{profile.Units / profile.Seconds:0} units a second, {profile.Costs.Sum(c => c.Flops) / profile.Seconds / 1e9:0.0} GFLOP/s on {options.Threads} threads; this machine, measured now: {speed.Flops:0} GFLOP/s, {speed.Bandwidth:0.0} GB/s"),
            string.Create(CultureInfo.InvariantCulture, $"{profile.Units / profile.Seconds:0} единиц в секунду, {profile.Costs.Sum(c => c.Flops) / profile.Seconds / 1e9:0.0} GFLOP/s, потоков {options.Threads}; сама машина сейчас: {speed.Flops:0} GFLOP/s, {speed.Bandwidth:0.0} ГБ/с")));
        output.WriteLine($"{Say("operation", "операция"),-44}{Say("calls", "вызовы"),8}{Say("time", "время"),8}{"ms",10}{"GFLOP/s",10}{"GB/s",8}{Say("of peak", "от предела"),12}");
        foreach (KernelCost c in profile.Costs)
        {
            double flops = c.Flops / c.Seconds / 1e9, bytes = c.Bytes / c.Seconds / 1e9;
            // Whatever binds first: arithmetic or memory. Data in the caches can be faster than memory.
            double share = Math.Max(flops / speed.Flops, bytes / speed.Bandwidth);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Name,-44}{c.Calls,8}{c.Seconds / profile.Seconds,8:P1}{c.Seconds * 1e3,10:0.0}{flops,10:0.0}{bytes,8:0.0}{share,12:P0}"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Say("everything else", "всё остальное"),-44}{"",8}{(profile.Seconds - known) / profile.Seconds,8:P1}{(profile.Seconds - known) * 1e3,10:0.0}"));
        return Cli.Ok;
    }
}
