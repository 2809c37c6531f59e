using Dum.Host;
using Xunit;

namespace Dum.Tests.Host;

public class RecordedHostsTests
{
    public static TheoryData<string> Names => [.. RecordedHosts.All.Select(h => h.Name)];

    static RecordedHost Find(string name) => RecordedHosts.All.First(h => h.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recorded_host_gets_the_right_verdict_and_the_right_fix(string name)
    {
        RecordedHost host = Find(name);
        var check = new HostCheck(HostRecording.Parse(host.Text));
        Assert.Equal(host.Expect, RecordedHosts.Verdicts(check));
        Assert.Equal(host.Problems.Order(StringComparer.Ordinal), check.Problems.Select(p => $"{p.Id}:{p.FixId}").Order(StringComparer.Ordinal));
        Assert.Equal(host.Expect.Contains("=blocked", StringComparison.Ordinal) || host.Expect.Contains("=unknown", StringComparison.Ordinal), !check.IsReady);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_word_of_a_report_is_left_to_fill_in(string name)
    {
        var check = new HostCheck(HostRecording.Parse(Find(name).Text));
        foreach (HostProblem problem in check.Problems)
            Assert.DoesNotMatch("%[a-z]+%", problem.What + problem.Why + problem.Fix + problem.Verify);
        Assert.True(check.Problems.Select(p => p.Severity).SequenceEqual(check.Problems.Select(p => p.Severity).OrderDescending()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_survives_being_written_and_read(string name)
    {
        string once = HostRecording.Parse(Find(name).Text).ToText();
        Assert.Equal(once, HostRecording.Parse(once).ToText());
        Assert.Equal(RecordedHosts.Verdicts(new HostCheck(HostRecording.Parse(Find(name).Text))), RecordedHosts.Verdicts(new HostCheck(HostRecording.Parse(once))));
    }

    [Fact]
    public void A_recording_that_passed_through_Windows_reads_the_same()
    {
        foreach (RecordedHost host in RecordedHosts.All)
            Assert.Equal(host.Expect, RecordedHosts.Verdicts(new HostCheck(HostRecording.Parse(host.Text.Replace("\n", "\r\n", StringComparison.Ordinal)))));
    }

    [Fact]
    public void There_are_at_least_sixty_hosts_and_twenty_five_seeded_faults()
    {
        Assert.True(RecordedHosts.All.Count >= 60, $"{RecordedHosts.All.Count} hosts");
        Assert.True(RecordedHosts.All.Count(h => h.Fault is not null) >= 25, $"{RecordedHosts.All.Count(h => h.Fault is not null)} faults");
    }
}
