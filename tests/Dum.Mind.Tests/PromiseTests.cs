using System.Text;
using System.Text.Json;
using Dum.Mind.Recall;
using Dum.Tests.App;
using Xunit;

namespace Dum.Mind.Tests;

/// <summary>Files that share conversations in several states, edited, forgotten from and repaired at random: what the memory promises holds after every step.</summary>
public class PromiseTests
{
    const int Conversations = 5, Files = 5, Steps = 14;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_memory_holds_what_its_files_hold_but_for_what_was_forgotten(int seed)
    {
        using var folder = new ScratchFolder();
        new Scenario(folder, new Random(seed)).Run();
    }

    sealed record Said(string Id, string Word);

    /// <summary>A conversation as a file holds it.</summary>
    sealed record State(string Key, bool IsChatGpt, string Id, List<Said> Turns);

    sealed class Scenario(ScratchFolder folder, Random random)
    {
        readonly Dictionary<string, List<State>> _files = [];
        readonly HashSet<string> _gone = [];
        readonly HashSet<(string Key, string Name)> _goneTurns = [];
        readonly HashSet<string> _words = [];
        int _memory, _edits;

        string Place => folder[$"memory{_memory}"];

        public void Run()
        {
            for (int f = 0; f < Files; f++)
                Edit(f);
            Import();
            for (int step = 0; step < Steps; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        Forget();
                        break;
                    case 1:
                        Assert.True(MindMemory.Repair(Place, folder[$"memory{_memory + 1}"]).IsWhole);
                        _memory++;
                        break;
                    default:
                        Edit(random.Next(Files));
                        Import();
                        break;
                }
                using MindMemory memory = MindMemory.Open(Place);
                Assert.True(memory.Check().IsSound);
                NothingForgottenIsLeft(memory);
            }
        }

        /// <summary>Writes a file anew with some conversations, each in a state that may be older or newer than elsewhere.</summary>
        void Edit(int file)
        {
            bool isLines = file % 2 == 0;
            var states = new List<State>();
            for (int c = 0; c < Conversations; c++)
                if (random.Next(2) == 0)
                {
                    bool isChatGpt = !isLines && c % 2 == 0;
                    List<Said> turns = [.. Enumerable.Range(0, random.Next(1, 5)).Select(t => new Said(c % 3 == 0 ? "" : $"m{c}-{t}", $"word{c}x{t}v{random.Next(2)}z"))];
                    states.Add(new State($"{(isChatGpt ? "chatgpt" : "turns")}:c{c}", isChatGpt, $"c{c}", turns));
                    _words.UnionWith(turns.Select(t => t.Word));
                }
            string name = isLines ? $"f{file}.jsonl" : $"f{file}.json", space = new(' ', random.Next(3));
            _files[name] = states;
            IEnumerable<string> records = states.Select(s => Json(s).Replace("\"title\"", space + "\"title\"", StringComparison.Ordinal));
            folder.Write(name, isLines ? string.Concat(records.Append("{\"id\":\"x\",\"turns\":[{\"t\":\"end\"}]}").Select(r => r + "\n")) : $"[{string.Join(",", records)}]");
            File.SetLastWriteTimeUtc(folder[name], DateTime.UnixEpoch.AddDays(1000 + _edits++));
        }

        static string Json(State state) => state.IsChatGpt
            ? JsonSerializer.Serialize(new { title = state.Id, mapping = state.Turns.Select((t, i) => (t, i)).ToDictionary(t => $"n{t.i}", t => new { id = $"n{t.i}", parent = t.i > 0 ? $"n{t.i - 1}" : null, message = new { id = t.t.Id, author = new { role = "user" }, content = new { content_type = "text", parts = new[] { $"the {t.t.Word} was said" } } } }), conversation_id = state.Id })
            : JsonSerializer.Serialize(new { id = state.Id, title = state.Id, turns = state.Turns.Select(t => new { id = t.Id, role = "user", content = $"the {t.Word} was said" }) });

        void Import()
        {
            using MindMemory memory = MindMemory.Open(Place, create: true);
            memory.Import([.. _files.Keys.Order().Select(f => folder[f])]);
            HashSet<string> held = [.. _files.Values.SelectMany(f => f).Select(s => s.Key).Where(k => !_gone.Contains(k))];
            held.Add("turns:x");
            Assert.Equal(held.Order(), memory.Conversations().Select(c => KeyOf(memory, c)).Order());
            string originals = Originals(memory);
            HashSet<string> now = [.. _files.Values.SelectMany(f => f).SelectMany(s => s.Turns).Select(t => t.Word)];
            Assert.DoesNotContain(_words, w => !now.Contains(w) && originals.Contains(w, StringComparison.Ordinal));
            foreach (ConversationRow row in memory.Conversations())
            {
                List<string> shown = [.. memory.Expand($"{row.Id}").Turns.Where(t => t.Text.Length > 0).Select(t => t.Text)];
                string key = KeyOf(memory, row);
                Assert.True(key == "turns:x" || _files.Values.SelectMany(f => f).Any(s => s.Key == key && shown.SequenceEqual(s.Turns.Where(t => !IsGone(s.Key, t)).Select(t => $"the {t.Word} was said"))), $"{key} shows what no file holds");
                string original = Encoding.UTF8.GetString(memory.Expand($"{row.Id}").Original);
                Assert.All(shown, text => Assert.Contains(text, original, StringComparison.Ordinal));
            }
        }

        void Forget()
        {
            using MindMemory memory = MindMemory.Open(Place);
            List<ConversationRow> rows = [.. memory.Conversations().Where(c => KeyOf(memory, c) != "turns:x" && c.Turns > 0)];
            if (rows.Count == 0)
                return;
            ConversationRow row = rows[random.Next(rows.Count)];
            string key = KeyOf(memory, row);
            IReadOnlyList<ExpandedTurn> turns = memory.Expand($"{row.Id}").Turns;
            int at = random.Next(turns.Count);
            if (random.Next(3) == 0 || turns.Count == 1)
            {
                _gone.Add(key);
                memory.Forget([$"{row.Id}"]);
            }
            else
            {
                if (turns[at].Text.Length > 0)
                    _goneTurns.Add((key, turns[at].SourceId.StartsWith('m') ? turns[at].SourceId : key.StartsWith("chatgpt", StringComparison.Ordinal) ? turns[at].SourceId : turns[at].Text));
                memory.Forget([$"{row.Id}.{at}"]);
            }
        }

        bool IsGone(string key, Said turn) => _goneTurns.Contains((key, turn.Id)) || _goneTurns.Contains((key, $"the {turn.Word} was said"))
            || (key.StartsWith("chatgpt", StringComparison.Ordinal) && turn.Id.Length == 0 && _goneTurns.Contains((key, $"n{turn.Word.Split('x', 'v')[1]}")));

        void NothingForgottenIsLeft(MindMemory memory)
        {
            string originals = Originals(memory);
            foreach (State state in _files.Values.SelectMany(f => f))
            {
                // the same words may be another conversation's under the other kind of key
                bool isElsewhere(Said t) => _files.Values.SelectMany(f => f).Any(s => s.Key != state.Key && !_gone.Contains(s.Key) && s.Turns.Any(o => o.Word == t.Word && !IsGone(s.Key, o)));
                foreach (Said turn in state.Turns.Where(t => (_gone.Contains(state.Key) || IsGone(state.Key, t)) && !isElsewhere(t)))
                    Assert.False(originals.Contains(turn.Word, StringComparison.Ordinal), $"{turn.Word} of {state.Key} was forgotten and is there");
            }
            Assert.DoesNotContain(memory.Conversations(), c => _gone.Contains(KeyOf(memory, c)));
        }

        static string KeyOf(MindMemory memory, ConversationRow row) => (string)memory.Store.Db.One("SELECT name FROM conversation WHERE id=@a", row.Id)!;

        static string Originals(MindMemory memory) => string.Concat(memory.Store.Db.Rows("SELECT id FROM piece", r => r.GetInt64(0)).Select(p => Encoding.UTF8.GetString(memory.Store.ReadPiece(p))))
            + string.Concat(memory.Store.Db.Rows("SELECT id FROM pack", r => r.GetInt64(0)).Select(p => Encoding.UTF8.GetString(memory.Store.OpenPack(p))));
    }
}
