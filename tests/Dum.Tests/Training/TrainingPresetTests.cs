using System.Globalization;
using Dum.Training;
using Xunit;

namespace Dum.Tests.Training;

/// <summary>The tables of the guides against the presets: a person chooses a size by them.</summary>
public class TrainingPresetTests
{
    [Fact]
    public void The_guide_gives_every_scene_presets_parameters()
    {
        string[] lines = File.ReadAllLines(Path.Combine(HouseTests.Root, "docs", "scenes.md"));
        foreach (TrainingPreset preset in TrainingPreset.All.Where(p => p.Scene is not null))
        {
            string[] cells = lines.Single(l => l.StartsWith($"| {preset.Name} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
            double told = double.Parse(cells[2].Split(' ')[0], CultureInfo.InvariantCulture), is_ = preset.Scene!.With(preset.Lexicon + 1, preset.Context).Parameters / 1e6;
            Assert.True(Math.Abs(told - is_) <= (told < 10 ? 0.051 : 0.51), $"{preset.Name}: {told} M is told, it is {is_:0.00} M");
            Assert.Equal(preset.Scene.Pairs, int.Parse(cells[6], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        }
    }
}
