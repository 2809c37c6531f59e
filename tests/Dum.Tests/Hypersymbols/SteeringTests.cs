using Dum.Hypersymbols;
using Dum.Models;
using Xunit;

namespace Dum.Tests.Hypersymbols;

public unsafe class SteeringTests
{
    static readonly int[] s_ids = SmallSceneModel.Model.Lexicon!.Vocabulary.Encoder.Encode(SmallSceneModel.Text)[..60];

    [Fact]
    public void Strength_nought_changes_no_bit_and_more_does()
    {
        float[] plain = Logits(null), nought = Logits(0), much = Logits(8);
        Assert.Equal(plain, nought);
        Assert.NotEqual(plain, much);
        // Set back, the same session is the plain one again.
        using LanguageSession session = SmallSceneModel.Model.NewSession(1);
        Steering.Excite(session, SmallSceneModel.Atlas, 3, 8);
        Steering.Excite(session, SmallSceneModel.Atlas, 3, 0);
        Assert.Equal(plain, session.Append(session.Open(), s_ids).ToArray());
    }

    [Fact]
    public void What_is_added_is_the_direction_times_the_strength()
    {
        float[] plain = Thoughts(0), led = Thoughts(2.5);
        ReadOnlySpan<float> direction = SmallSceneModel.Atlas.Direction(3);
        Assert.NotEmpty(plain);
        for (int i = 0; i < direction.Length; i++)
            Assert.Equal(plain[i] + (2.5f * direction[i]), led[i], 1e-4f);
    }

    [Fact]
    public void Reading_scenes_only_sees_what_generation_sees()
    {
        var session = (SceneSession)SmallSceneModel.Model.NewSession(1);
        using (session)
        {
            List<float> seen = [];
            session.Hook = (_, scenes) => seen.AddRange(new ReadOnlySpan<float>(scenes.Row(0), scenes.Columns));
            session.Append(session.Open(), s_ids);
            List<float> whole = [.. seen];
            seen.Clear();
            session.ReadScenes(session.Open(), s_ids);
            Assert.Equal(whole, seen);
        }
    }

    [Fact]
    public void The_vectors_of_a_document_do_not_depend_on_threads_or_on_what_was_read_before()
    {
        using var one = new SceneReader(SmallSceneModel.Model, 1);
        using var two = new SceneReader(SmallSceneModel.Model, 2);
        int[] ids = SmallSceneModel.Model.Lexicon!.Vocabulary.Encoder.Encode(SmallSceneModel.Text).AsSpan(0, 500).ToArray();
        SceneVectors first = one.Read(ids);
        two.Read(ids.AsSpan(100));
        SceneVectors second = two.Read(ids);
        Assert.Equal(first.Contents, second.Contents);
        Assert.Equal(first.Thoughts, second.Thoughts);
        Assert.Equal(first.Scenes, second.Scenes);
        Assert.Equal(first.Scenes.Count * one.Width, first.Contents.Length);
        // More than one window of 128: each begins with a scene that has nothing before it.
        Assert.InRange(first.Opens.Count(o => o), 4, 5);
    }

    static float[] Logits(double? strength)
    {
        using LanguageSession session = SmallSceneModel.Model.NewSession(1);
        if (strength is { } s)
            Steering.Excite(session, SmallSceneModel.Atlas, 3, s);
        return session.Append(session.Open(), s_ids).ToArray();
    }

    /// <summary>The first thought, after whatever hook stands has changed it.</summary>
    static float[] Thoughts(double strength)
    {
        using var session = (SceneSession)SmallSceneModel.Model.NewSession(1);
        Steering.Excite(session, SmallSceneModel.Atlas, 3, strength);
        SceneHook? steer = session.Hook;
        float[] first = [];
        session.Hook = (stage, scenes) =>
        {
            steer?.Invoke(stage, scenes);
            if (stage == SceneStage.Thought && first.Length == 0)
                first = new ReadOnlySpan<float>(scenes.Row(0), scenes.Columns).ToArray();
        };
        session.Append(session.Open(), s_ids);
        return first;
    }
}
