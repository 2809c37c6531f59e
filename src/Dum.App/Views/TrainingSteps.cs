using System.Globalization;
using Dum.Training;
using static Dum.Tongue;

namespace Dum.App.Views;

/// <summary>The line that moves while something is trained.</summary>
sealed class TrainingSteps(Progress progress) : IProgress<TrainingStep>
{
    public void Report(TrainingStep s) => progress.Step(
        string.Create(CultureInfo.InvariantCulture, $"{s.Step}/{s.Steps}"), (double)s.Step / s.Steps,
        string.Create(CultureInfo.InvariantCulture, $"{s.Loss:0.000} ") + Say("nats", "нат")
            + string.Create(CultureInfo.InvariantCulture, $", {s.BitsPerByte:0.000} ") + Say("bits/byte", "бит/байт")
            + (s.Held is { } held ? Say(string.Create(CultureInfo.InvariantCulture, $" ({held:0.000} held out)"), string.Create(CultureInfo.InvariantCulture, $" ({held:0.000} на отложенном)")) : "")
            + string.Create(CultureInfo.InvariantCulture, $", {s.BytesPerSecond / 1e3:0.0} ") + Say("KB/s", "КБ/с")
            + string.Create(CultureInfo.InvariantCulture, $", {s.FlopsPerSecond / 1e9:0} GFLOP/s, ") + TrainingView.Time(s.SecondsLeft) + Say(" left", " осталось"));
}
