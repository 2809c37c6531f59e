using System.Numerics;
using Dum.Numerics;
using Dum.Rhythm.Memory;
using Dum.Tests.App;
using Xunit;

namespace Dum.Rhythm.Tests.Memory;

/// <summary>The rhythm memory: capacity, damage, forgetting, registers.</summary>
public class RhythmStoreTests
{
    static Complex[] Random(int length, uint number)
    {
        var p = new Philox(5, 2);
        return [.. Enumerable.Range(0, length).Select(i => Complex.FromPolarCoordinates(1, 2 * Math.PI * p.Unit(number, (uint)i, 0)))];
    }

    static Complex[] Damaged(Complex[] pattern, double share, uint key)
    {
        var p = new Philox(6, key);
        return [.. pattern.Select((z, i) => p.Unit(0, (uint)i, 0) < share ? Complex.FromPolarCoordinates(1, 2 * Math.PI * p.Unit(1, (uint)i, 0)) : z)];
    }

    [Fact]
    public void As_many_patterns_as_the_square_of_their_length_come_back_from_a_fifth_of_damage()
    {
        const int N = 64;
        var store = new RhythmStore(N, N * N);
        for (uint p = 0; p < N * N; p++)
            Assert.Equal((int)p, store.Write(Random(N, p), $"{p}"));
        for (uint p = 0; p < N * N; p += 97)
            Assert.Equal((int)p, store.Recall(Damaged(Random(N, p), 0.2, p), []).Slot);
    }

    [Fact]
    public void A_part_brings_back_the_whole_in_its_own_phase()
    {
        const int N = 48;
        var store = new RhythmStore(N, 100);
        for (uint p = 0; p < 100; p++)
            store.Write(Random(N, p), $"{p}");
        Complex turn = Complex.FromPolarCoordinates(1, 1.1);
        Complex[] whole = Random(N, 7), part = [.. whole.Select((z, i) => i < 16 ? z * turn : 0)], settled = new Complex[N];
        RhythmAnswer answer = store.Recall(part, settled);

        Assert.Equal("7", store.Facts(answer.Slot).Name);
        Assert.Equal(1, answer.Agreement, 5);
        for (int i = 0; i < N; i++)
            Assert.Equal(0, (settled[i] - (whole[i] * turn / Math.Sqrt(N))).Magnitude, 5);
    }

    [Fact]
    public void What_is_used_outlives_many_more_writes_than_there_is_room_for()
    {
        const int N = 32, Room = 64;
        var store = new RhythmStore(N, Room);
        store.Write(Random(N, 0), "kept");
        store.Write(Random(N, 1), "left");
        for (uint p = 2; p < 2000; p++)
        {
            store.Write(Random(N, p), "other");
            if (p % 40 == 0)
                store.Recall(Damaged(Random(N, 0), 0.1, p), []);
        }
        Assert.Equal(Room, store.Count);
        Assert.Equal("kept", store.Facts(store.Recall(Damaged(Random(N, 0), 0.2, 1), []).Slot).Name);
        Assert.DoesNotContain("left", Enumerable.Range(0, store.Count).Select(s => store.Facts(s).Name));
    }

    [Fact]
    public void What_resembles_a_slot_is_blended_into_it()
    {
        var store = new RhythmStore(40, 10, vigilance: 0.9);
        Complex[] pattern = Random(40, 1);
        store.Write(pattern, "one");
        store.Write([.. pattern.Select(z => z * Complex.FromPolarCoordinates(1, 0.4))], "turned");
        store.Write(Damaged(pattern, 0.03, 1), "scratched");
        store.Write(Random(40, 2), "two", after: 0);

        Assert.Equal(2, store.Count);
        Assert.Equal(3, store.Facts(0).Writes);
        Assert.Equal(1, store.Next(0));
        store.Forget(0);
        Assert.Equal("two", store.Facts(0).Name);
    }

    [Fact]
    public void A_saved_memory_answers_alike()
    {
        using var folder = new ScratchFolder();
        var store = new RhythmStore(33, 20);
        for (uint p = 0; p < 20; p++)
            store.Write(Random(33, p), $"no {p}", (int)p - 1);
        store.Save(folder["s"]);
        RhythmStore again = RhythmStore.Load(folder["s"]);

        for (uint p = 0; p < 20; p++)
            Assert.Equal(store.Recall(Damaged(Random(33, p), 0.3, p), []), again.Recall(Damaged(Random(33, p), 0.3, p), []));
        Assert.Equal(store.Next(3), again.Next(3));
        File.WriteAllBytes(folder["t"], File.ReadAllBytes(folder["s"])[..^9]);
        Assert.Throws<DumException>(() => RhythmStore.Load(folder["t"]));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(48)]
    public void Winding_registers_keep_their_number_in_noise(int count)
    {
        var noise = new Philox(3, 3);
        int held = 0, all = 0;
        for (uint trial = 0; trial < 5; trial++)
            for (int q = -count / 6 + 1; q < count / 6; q++)
            {
                var register = new WindingRegister(count, noise: 0.02, seed: trial);
                register.Write(q);
                register.Disturb([.. Enumerable.Range(0, count).Select(j => 0.3 * noise.Normal((uint)j, (uint)(q + 100), trial).First)]);
                register.Settle(20);
                held += register.Read() == q ? 1 : 0;
                all++;
            }
        Assert.Equal(all, held);
    }
}
