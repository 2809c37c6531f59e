using System.CommandLine;
using static Dum.Tongue;

namespace Dum.App.Commands;

/// <summary><c>dum sigma</c>: rounding as a signal, one subcommand a file.</summary>
static class SigmaCommand
{
    public static Command Create() => new("sigma", Say(
        "Rounding as a signal: is it random, what does it know, what is it good for — each answer beside its placebos.",
        "Округление как сигнал: случайно ли оно, что знает и на что годится — каждый ответ рядом с плацебо."))
    {
        SigmaBatteryCommand.Create(),
        SigmaSourceCommand.Create(),
        SigmaTapCommand.Create(),
        SigmaRecordCommand.Create(),
        SigmaCompareCommand.Create(),
        SigmaQuantiseCommand.Create(),
        SigmaReportCommand.Create(),
    };
}
