using System.Diagnostics;

namespace Dum.App;

/// <summary>One line on standard error that shows how far long work is: share, rate, time left. Silent when nobody is watching.</summary>
sealed class Progress(string what) : IDisposable
{
    const int Every = 100, FirstAfter = 400;

    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly bool _shown = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
    readonly bool _colour = Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
    long _last = FirstAfter - Every;
    bool _drawn;

    /// <summary>Bytes done of <paramref name="all"/>; 0 when the whole is not known.</summary>
    public void Bytes(long done, long all)
    {
        if (!Due())
            return;
        double seconds = _clock.Elapsed.TotalSeconds, rate = done / seconds;
        string left = all > done && rate > 0 ? Tongue.Say($", {Time((all - done) / rate)} left", $", осталось {Time((all - done) / rate)}") : "";
        Draw(all > 0 ? (double)done / all : -1, $"{done / 1e6:0.0}{(all > 0 ? $" / {all / 1e6:0.0}" : "")} {Tongue.Say("MB", "МБ")}, {(rate >= 1e5 ? $"{rate / 1e6:0.0} {Tongue.Say("MB/s", "МБ/с")}" : $"{rate / 1e3:0.0} {Tongue.Say("KB/s", "КБ/с")}")}{left}");
    }

    /// <summary>A step of work and its share done.</summary>
    public void Step(string step, double fraction, string detail)
    {
        if (Due())
            Draw(fraction, $"{step}: {detail}");
    }

    public void Dispose()
    {
        if (_drawn)
            Console.Error.Write("\r\u001b[K");
    }

    bool Due()
    {
        long now = _clock.ElapsedMilliseconds;
        if (!_shown || now - _last < Every)
            return false;
        _last = now;
        return true;
    }

    void Draw(double fraction, string text)
    {
        _drawn = true;
        const int Cells = 24;
        string bar = "";
        if (fraction >= 0)
        {
            int full = (int)(Math.Clamp(fraction, 0, 1) * Cells);
            string done = new('━', full), rest = new('─', Cells - full);
            bar = (_colour ? $"\u001b[36m{done}\u001b[90m{rest}\u001b[0m" : done + rest) + $" {fraction * 100,3:0} % ";
        }
        int room = Math.Max(20, Width() - Cells - 10 - what.Length);
        Console.Error.Write($"\r\u001b[K{what} {bar}{(text.Length > room ? text[..room] : text)}");
    }

    static int Width()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    static string Time(double seconds) => seconds < 60 ? $"{seconds:0} {Tongue.Say("s", "с")}" : $"{(int)seconds / 60}:{(int)seconds % 60:00}";
}
