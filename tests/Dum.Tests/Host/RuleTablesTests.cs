using System.Text.RegularExpressions;
using Dum.Host;
using Xunit;

namespace Dum.Tests.Host;

/// <summary>Every row of the rule files has its shape, its source and its date.</summary>
public partial class RuleTablesTests
{
    static readonly RuleTables s_tables = RuleTables.Standard;

    static readonly (string Table, int Columns)[] s_columns =
        [("cuda", 5), ("arch", 7), ("pci", 4), ("branch", 4), ("cudnn", 4), ("wheel", 4), ("gfx", 7), ("apu", 4), ("bandwidth", 5)];

    [Fact]
    public void Every_fact_has_its_columns_a_source_and_a_date()
    {
        foreach ((string table, int columns) in s_columns)
        {
            Assert.NotEmpty(s_tables.Rows(table));
            foreach (string[] row in s_tables.Rows(table))
            {
                Assert.True(row.Length == columns, $"{table} {row[0]}: {row.Length} columns");
                Assert.Matches(@"^20\d\d-\d\d$", row[^1]);
                Assert.True(row[^2].Length >= 4, $"{table} {row[0]}: no source");
            }
        }
    }

    [Theory]
    [InlineData("cuda", 0)]
    [InlineData("cuda", 1)]
    [InlineData("arch", 0)]
    [InlineData("branch", 0)]
    public void Versions_can_be_read_and_grow(string table, int column)
    {
        DottedVersion?[] versions = [.. s_tables.Rows(table).Select(r => DottedVersion.From(r[column]))];
        Assert.DoesNotContain(null, versions);
        Assert.Equal(versions.OrderBy(v => v!.Value), versions);
    }

    [Fact]
    public void Device_ids_grow_and_name_a_known_family()
    {
        int[] ids = [.. s_tables.Rows("pci").Select(r => Convert.ToInt32(r[0], 16))];
        Assert.Equal(ids.Order(), ids);
        Assert.Equal("Ampere", s_tables.Arch(s_tables.CapabilityOf(0x2206))[1]);
        Assert.Equal("Blackwell", s_tables.Arch(s_tables.CapabilityOf(0x2bb1))[1]);
        Assert.Equal("Pascal", s_tables.Arch(s_tables.CapabilityOf(0x1b06))[1]);
    }

    // A target that a wheel holds has kernels of its own: no override, no 'none', no first version later than that wheel's and no last one before it.
    [Fact]
    public void Targets_agree_with_the_wheels_that_hold_them()
    {
        var last = new Dictionary<string, DottedVersion>();
        foreach (string[] wheel in s_tables.Rows("wheel").Where(r => r[0].StartsWith("rocm", StringComparison.Ordinal)))
        {
            DottedVersion version = DottedVersion.From(wheel[0]["rocm".Length..])!.Value;
            foreach (string target in wheel[1].Split(' '))
            {
                string[]? row = s_tables.Find("gfx", target);
                Assert.True(row is not null && row[2] is "official" or "maintenance" or "integrated", $"{wheel[0]} {target}: {row?[2] ?? "no row"}");
                Assert.True(DottedVersion.From(row![3]) <= version, $"{wheel[0]} {target}: from {row[3]} on");
                last[target] = version;
            }
        }
        // The last version of a target in maintenance is that of the newest wheel that holds it, and there are newer ones that do not.
        string[][] maintained = [.. s_tables.Rows("gfx").Where(r => r[2] == "maintenance")];
        Assert.NotEmpty(maintained);
        Assert.All(maintained, r => Assert.Equal(last[r[0]], DottedVersion.From(r[4])));
        Assert.All(maintained, r => Assert.True(last[r[0]] < last.Values.Max()));
        // What the newest wheels have left out is not called fully supported.
        Assert.All(last.Where(t => t.Value < last.Values.Max()), t => Assert.Equal("maintenance", s_tables.Find("gfx", t.Key)![2]));
    }

    [Fact]
    public void Graphics_known_by_their_device_have_a_target_inside_a_processor()
    {
        Assert.All(s_tables.Rows("apu"), r => Assert.Matches("^[0-9a-f]{3}[0-9a-f?]$", r[0]));
        Assert.All(s_tables.Rows("apu"), r => Assert.True(r[1] == "-" || s_tables.Find("gfx", r[1])?[2] == "integrated", r[0]));
        Assert.Equal(s_tables.Rows("apu").Select(r => r[0]).Distinct().Order(StringComparer.Ordinal), s_tables.Rows("apu").Select(r => r[0]));
    }

    [Fact]
    public void Words_of_choice_are_the_known_ones()
    {
        Assert.All(s_tables.Rows("arch"), r => Assert.Contains(r[3], (string[])["no", "may", "must"]));
        Assert.All(s_tables.Rows("gfx"), r => Assert.Contains(r[2], (string[])["official", "override", "maintenance", "none", "integrated"]));
        Assert.All(s_tables.Rows("branch"), r => Assert.Matches(@"^(-|20\d\d-\d\d)$", r[1]));
    }

    [Fact]
    public void Every_problem_has_both_languages_a_rank_and_a_fix_for_any_system()
    {
        foreach (string[] row in s_tables.Rows("problem"))
        {
            Assert.True(row.Length == 8, row[0]);
            Assert.Matches(@"^\d+$", row[1]);
            Assert.Contains(row[2], (string[])["block", "limit", "note", "unknown"]);
            Assert.All(row[3].Split(' '), c => Assert.Contains(c, (string[])["cpu-infer", "cpu-train", "nvidia", "amd", "docker"]));
            Assert.Matches("[а-яА-Я]", row[5] + row[7]);
            // The same facts stand in both languages.
            Assert.Equal(Names(row[4]), Names(row[5]));
            Assert.Equal(Names(row[6]), Names(row[7]));
            bool recipe = row[0] is "nvidia.driver-missing" or "nvidia.driver-old" || row[0].StartsWith("torch.", StringComparison.Ordinal);
            Assert.True(recipe || HasFix(row[0]), "no fix for " + row[0]);
        }
        Assert.True(HasFix("install.open") && HasFix("install.closed") && HasFix("torch.cuda-wheel") && HasFix("torch.rocm-wheel"));
    }

    // docs/check.md lists the ids by family: '| `amd.` | vfio, no-node |'.
    [Fact]
    public void The_guide_names_every_problem_and_no_other()
    {
        string[] guide = File.ReadAllLines(Path.Combine(RecordedHosts.Root, "docs", "check.md"));
        List<string> named = [];
        foreach (Match family in guide.Select(l => Family().Match(l)).Where(m => m.Success))
            named.AddRange(family.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries).Select(id => id.Contains('.', StringComparison.Ordinal) ? id : family.Groups[1].Value + id));
        Assert.Equal(s_tables.Rows("problem").Select(r => r[0]).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    static bool HasFix(string id) => s_tables.Rows("fix").Any(r => r[0] == id && r[1] is "any" or "=");

    static string[] Names(string text) => [.. Placeholder().Matches(text).Select(m => m.Value).Order()];

    [Fact]
    public void Every_fix_has_a_command_a_way_to_verify_and_an_owner()
    {
        HashSet<string> owners = [.. s_tables.Rows("problem").Select(r => r[0]), "install.open", "install.closed", "secure-boot.akmods", "torch.cuda-wheel", "torch.rocm-wheel"];
        foreach (string[] row in s_tables.Rows("fix"))
        {
            Assert.True(row.Length == 4 && row[2].Length > 0 && row[3].Length > 0, row[0] + " " + row[1]);
            Assert.Contains(row[0], owners);
            Assert.Matches("^(=|any|container|wsl|manjaro|(ubuntu|debian|fedora|rhel|arch|suse)[0-9]*)$", row[1]);
            if (row[1] == "=")
                Assert.True(HasFix(row[2]), row[0]);
        }
    }

    // Without -a modprobe takes every name behind the first for a parameter of that module.
    [Fact]
    public void Modprobe_gets_its_switch_when_it_loads_two_modules() =>
        Assert.All(s_tables.Rows("fix"), r => Assert.DoesNotMatch("modprobe [a-z_]+ [a-z_-]", r[2]));

    // A script of fixes that restarts half way leaves the rest undone, and a failed command is no reason to restart.
    [Fact]
    public void No_command_restarts_the_machine_by_itself() =>
        Assert.All(s_tables.Rows("fix"), r => Assert.DoesNotMatch(@"\breboot\b", r[2]));

    [Theory]
    [InlineData("nvidia.smi-hang")]
    [InlineData("nvidia.smi-failed")]
    [InlineData("nvidia.fell-off")]
    [InlineData("nvidia.fabric")]
    [InlineData("install.open")]
    public void A_container_is_told_what_its_host_must_do(string id) =>
        Assert.StartsWith("# on the host", s_tables.Rows("fix").First(r => r[0] == id && r[1] == "container")[2], StringComparison.Ordinal);

    // mokutil --test-key ends with 1 when the key is enrolled and with 0 when it is not.
    [Fact]
    public void An_enrolled_key_is_known_by_its_words_and_not_by_the_exit_status() =>
        Assert.All(s_tables.Rows("fix"), r => Assert.DoesNotMatch("--test-key [^|]*&&", r[3]));

    [Theory]
    [InlineData("nvidia-driver-580-open", true)]
    [InlineData("nvidia-dkms-580", true)]
    [InlineData("libnvidia-compute-580:i386", true)]
    [InlineData("libcuda1:amd64", true)]
    [InlineData("nvidia-container-toolkit", false)]
    [InlineData("libnvidia-container1:amd64", false)]
    [InlineData("nvidia-cuda-toolkit", false)]
    [InlineData("cuda-toolkit-12-8", false)]
    public void Only_the_driver_is_removed_from_wsl(string package, bool removed)
    {
        string command = s_tables.Rows("fix").First(r => r[0] == "wsl.linux-driver" && r[1] == "debian")[2];
        Assert.Equal(removed, Regex.IsMatch(package, command.Split('\'')[3]));
        // What it would remove is shown and asked about.
        Assert.DoesNotContain(" -y", command, StringComparison.Ordinal);
    }

    // With two cards in the machine a command without -i would change both.
    [Fact]
    public void A_command_that_changes_one_card_names_it() =>
        Assert.All(s_tables.Rows("fix"), r => Assert.DoesNotMatch(@"nvidia-smi (mig )?-(c|pl|mig|cgi) ", r[2]));

    [Fact]
    public void Only_options_that_exist_are_named() =>
        Assert.All(s_tables.Rows("fix").Where(r => r[2].Contains("dum check", StringComparison.Ordinal)),
            r => Assert.Matches("dum check (--models|--model|--context|--host)( |$)", r[2]));

    // A repository address is written out for a version that has one, never composed.
    [Fact]
    public void No_address_is_composed_from_a_version() =>
        Assert.All(s_tables.Rows("fix"), r => Assert.DoesNotContain("%osmajor%", r[2], StringComparison.Ordinal));

    [Theory]
    [InlineData("ID=kali\nID_LIKE=debian\nVERSION_ID=\"2025.3\"", "")]
    [InlineData("ID=linuxmint\nID_LIKE=debian\nVERSION_ID=\"12\"", "")]
    [InlineData("ID=debian", "")]
    [InlineData("ID=debian\nVERSION_ID=12", "x86_64")]
    [InlineData("ID=amzn\nID_LIKE=fedora\nVERSION_ID=2023", "")]
    [InlineData("ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\nVERSION_ID=16.0", "")]
    [InlineData("ID=fedora\nVERSION_ID=42\nVARIANT_ID=silverblue", "")]
    [InlineData("ID=fedora\nVERSION_ID=42", "x86_64")]
    [InlineData("ID=rocky\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=9.4", "x86_64")]
    [InlineData("ID=nixos\nVERSION_ID=25.05", "")]
    [InlineData("ID=alpine\nVERSION_ID=3.22", "")]
    [InlineData("ID=manjaro\nID_LIKE=arch", "")]
    [InlineData("ID=debian\nVERSION_ID=12\n== machine\naarch64", "")]
    public void Only_a_known_system_is_given_a_repository(string system, string address)
    {
        var host = HostRecording.Parse($"dum-host 1\n== os-release\n{system}\n== pci\n0000:01:00.0 vendor=0x10de device=0x2b85 class=0x030000 driver=\n== modules\n");
        string fix = new HostCheck(host).Problems.First(p => p.Id == "nvidia.driver-missing").Fix;
        Assert.Equal(address.Length > 0, fix.Contains("developer.download.nvidia.com", StringComparison.Ordinal));
        Assert.Equal(address.Length == 0, fix.StartsWith("# no command is tested on", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/usr/bin/python3", "/usr/bin/python3 -m venv ~/torch-env && ~/torch-env/bin/python -m pip install")]
    [InlineData("~/venv/bin/python", "~/venv/bin/python -m pip install")]
    public void A_system_python_is_left_alone(string python, string command)
    {
        string text = RecordedHosts.All.First(h => h.Name == "torch-cpu-build").Text.Replace("python=/usr/bin/python3", "python=" + python, StringComparison.Ordinal);
        string fix = new HostCheck(HostRecording.Parse(text)).Problems.First(p => p.Id == "torch.cpu-build").Fix;
        Assert.StartsWith(command, fix, StringComparison.Ordinal);
        Assert.Contains("torch torchvision torchaudio", fix, StringComparison.Ordinal);
    }

    // A wheel that is advised holds the kernels whose want it mends.
    [Theory]
    [InlineData("amd-mi50-torch-rocm7", "rocm6.4")]
    [InlineData("amd-strix-halo-torch-rocm64", "rocm7.1")]
    [InlineData("amd-torch-gfx1102", "rocm6.4")]
    public void The_wheel_advised_holds_the_target(string host, string wheel)
    {
        HostProblem problem = new HostCheck(HostRecording.Parse(RecordedHosts.All.First(h => h.Name == host).Text)).Problems.First(p => p.Id == "torch.gfx");
        Assert.EndsWith("/whl/" + wheel, problem.Fix, StringComparison.Ordinal);
        Assert.Contains(problem.What.Split(' ')[^1], s_tables.Find("wheel", wheel)![1].Split(' '));
    }

    [Theory]
    [InlineData("NVIDIA L40", 864.0)]
    [InlineData("NVIDIA L4", 300.0)]
    [InlineData("NVIDIA A100 80GB PCIe", 1935.0)]
    [InlineData("NVIDIA A100-SXM4-80GB", 2039.0)]
    [InlineData("NVIDIA GeForce RTX 3060 Ti", 448.0)]
    [InlineData("NVIDIA GeForce RTX 3070 Ti", 608.0)]
    [InlineData("Tesla P40", 346.0)]
    [InlineData("NVIDIA GeForce RTX 4090", 1008.0)]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU", 0.0)]
    [InlineData("NVIDIA GH200 480GB", 0.0)]
    [InlineData("NVIDIA RTX 9999", 0.0)]
    public void A_rate_belongs_to_a_whole_name(string name, double bandwidth) => Assert.Equal(bandwidth, s_tables.Speed(name)?.Bandwidth ?? 0);

    [Theory]
    [InlineData("570.26", "570.124.06", -1)]
    [InlineData("580.65.06", "580.65.6", 0)]
    [InlineData("550.54.14-open", "550.54.14", 0)]
    [InlineData("9.6", "10.0", -1)]
    public void Versions_compare_as_numbers(string a, string b, int sign) =>
        Assert.Equal(sign, Math.Sign(DottedVersion.From(a)!.Value.CompareTo(DottedVersion.From(b)!.Value)));

    [GeneratedRegex(@"^\| `([a-z]+\.)`[^|]* \| ([^|]*) \|$")]
    private static partial Regex Family();

    [GeneratedRegex("%[a-z]+%")]
    private static partial Regex Placeholder();
}
