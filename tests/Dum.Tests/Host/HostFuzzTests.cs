using System.Text;
using Dum.Host;
using Xunit;

namespace Dum.Tests.Host;

/// <summary>Truncated, garbled, localised, flooded and swapped tool outputs: never a crash, never a wrong 'ready'.</summary>
public class HostFuzzTests
{
    // A fixed seed: a failure can be had again.
    readonly Random _random = new(20251009);

    static Readiness Nvidia(HostCheck check) => check.Capabilities[2].State;

    static HostCheck Judge(HostRecording recording)
    {
        var check = new HostCheck(recording);
        // Whatever was read, every way to say it must work and hold no control character.
        foreach (string text in (string[])[HostReportText.Render(check), HostReportJson.Render(check), HostReportText.FixScript(check)])
            Assert.DoesNotContain(text, c => char.IsControl(c) && c is not '\n');
        return check;
    }

    string Mutate(string text)
    {
        var s = new StringBuilder(text);
        for (int n = _random.Next(1, 6); n > 0; n--)
        {
            int at = _random.Next(s.Length + 1);
            switch (_random.Next(9))
            {
                case 0: s.Length = at; break;
                case 1: s.Insert(at, "\u001b[31m\u0007\u0000\u202e"); break;
                case 2: s.Insert(at, new string((char)_random.Next(1, 0xffff), _random.Next(1, 40))); break;
                case 3: s.Replace(',', ';'); break;
                case 4: s.Replace("MiB", "Mo"); break;
                case 5: s.Replace('.', ','); break;
                case 6: s.Insert(at, "99999999999999999999999999"); break;
                case 7: s.Insert(at, "\n== nvidia-query exit=0\nindex, name"); break;
                case 8 when at < s.Length: s.Remove(at, Math.Min(_random.Next(1, 50), s.Length - at)); break;
            }
        }
        return s.ToString();
    }

    [Fact]
    public void Mutated_recordings_never_crash_the_check()
    {
        for (int round = 0; round < 1200; round++)
        {
            RecordedHost host = RecordedHosts.All[_random.Next(RecordedHosts.All.Count)];
            Judge(HostRecording.Parse(Mutate(host.Text)));
        }
    }

    [Fact]
    public void A_damaged_section_never_turns_a_blocked_card_into_a_ready_one()
    {
        // Sections that carry the proof of a blocked state are damaged one at a time. Losing the proof may make the verdict milder only to 'unknown';
        // 'ready' and 'limited' need a table of nvidia-smi that was really there.
        foreach (RecordedHost host in RecordedHosts.All.Where(h => h.Expect.Contains("nvidia=blocked", StringComparison.Ordinal)))
        {
            HostRecording whole = HostRecording.Parse(host.Text);
            bool answered = NvidiaGpu.Read(whole["nvidia-query"].Text).Count > 0;
            if (answered)
                continue;
            foreach (string id in whole.Ids.ToArray())
            {
                HostRecording damaged = HostRecording.Parse(host.Text);
                damaged[id] = damaged[id] with { Text = Scrub.Clean(Mutate(damaged[id].Text)) };
                Assert.False(Nvidia(Judge(damaged)) is Readiness.Ready or Readiness.Limited, $"{host.Name}: {id}");
                damaged[id] = Recorded.Missing;
                Assert.False(Nvidia(Judge(damaged)) is Readiness.Ready or Readiness.Limited, $"{host.Name}: no {id}");
            }
        }
    }

    [Fact]
    public void A_healthy_card_is_not_called_ready_when_its_table_is_garbled()
    {
        RecordedHost host = RecordedHosts.All.First(h => h.Name == "ok-3080-ubuntu2404-580");
        string[] tables =
        [
            "", "index, name", "NVIDIA-SMI a échoué", "\u001b[2J", "[1, 2, 3]", "index; name; driver_version", "0, NVIDIA GeForce RTX 3080, 580.65.06",
            "index, name, driver_version, memory.total [MiB]\n-1, x, y, z", "index, name, driver_version, memory.total [MiB]\n0, , 580.65.06, 10240",
            new string('9', 10_000_000), string.Concat(Enumerable.Repeat("index, name, driver_version, ", 10_000)),
        ];
        foreach (string table in tables)
        {
            HostRecording recording = HostRecording.Parse(host.Text);
            recording["nvidia-query"] = new Recorded(Scrub.Clean(table), Exit: 0);
            recording["nvidia-smi"] = new Recorded(Scrub.Clean(table), Exit: 0);
            Assert.Equal(Readiness.Unknown, Nvidia(Judge(recording)));
        }
    }

    [Theory]
    [InlineData("index, name, driver_version, memory.total [GiB], memory.used [GiB]\n0, NVIDIA GeForce RTX 3080, 580.65.06, 10, 9")]
    [InlineData("index, name, driver_version, memory.total [MiB], memory.used [MiB]\n0, NVIDIA GeForce RTX 3080, 580.65.06, 10 Go, 9 Go")]
    [InlineData("index, name, driver_version, memory.total [MiB], memory.used [MiB]\n0, NVIDIA GeForce RTX 3080, 580.65.06, ERR!, [Unknown Error]")]
    public void A_size_in_a_unit_that_is_not_known_is_no_size(string table)
    {
        NvidiaGpu gpu = Assert.Single(NvidiaGpu.Read(table));
        Assert.Null(gpu.Total);
        Assert.Null(gpu.Used);
    }

    [Fact]
    public void Foreign_text_loses_control_characters_and_serial_numbers()
    {
        string clean = Scrub.Clean("a\u001b[31mb\u0000c\r\n\u202eGPU 0: X (UUID: GPU-8f1c0a44-1b2c-3d4e-5f60-718293a4b5c6)\nSerial Number: 1234567890\n" + new string('x', 10_000_000));
        Assert.DoesNotContain(clean, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', clean);
        Assert.DoesNotContain("8f1c0a44", clean, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567890", clean, StringComparison.Ordinal);
        Assert.True(clean.Length <= Scrub.LongestText);
        Assert.True(clean.Split('\n').Max(l => l.Length) <= Scrub.LongestLine);
    }

    [Fact]
    public void A_hostile_recording_puts_nothing_of_its_own_into_a_command()
    {
        RecordedHost host = RecordedHosts.All.First(h => h.Name == "torch-cpu-build");
        const string Evil = "$(touch /tmp/owned);`id`|sh";
        HostRecording recording = HostRecording.Parse(host.Text
            .Replace("python=/usr/bin/python3", "python=" + Evil, StringComparison.Ordinal)
            .Replace("VERSION_ID=\"24.04\"", "VERSION_ID=\"" + Evil + "\"", StringComparison.Ordinal)
            .Replace("NVIDIA GeForce RTX 3090", "NVIDIA " + Evil, StringComparison.Ordinal)
            .Replace("ID=ubuntu", "ID=debian", StringComparison.Ordinal));
        string[] script = HostReportText.FixScript(Judge(recording)).Split('\n');
        Assert.All(script.Where(l => !l.StartsWith('#')), l => Assert.DoesNotContain("owned", l, StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_not_ready()
    {
        HostCheck check = Judge(new HostRecording());
        Assert.False(check.IsReady);
        Assert.Equal(Readiness.Unknown, check.Capabilities[0].State);
        Assert.Equal(Readiness.Unknown, Nvidia(check));
        Assert.Contains(check.Problems, p => p.Id == "gpu.unseen");
    }

    [Theory]
    [InlineData("no-such.host", 3)]
    [InlineData("README.md", 2)]
    public void A_file_that_is_no_recording_gets_one_line(string name, int exit)
    {
        DumException e = Assert.Throws<DumException>(() => HostRecording.Read(Path.Combine(RecordedHosts.Folder, "..", name)));
        Assert.Equal(exit, e.ExitCode);
        Assert.DoesNotContain('\n', e.Message);
    }
}
