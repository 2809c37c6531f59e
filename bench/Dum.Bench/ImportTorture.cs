using System.Text;
using System.Text.Json;
using Dum.Mind;
using Dum.Mind.Import;
using Dum.Mind.Store;

namespace Dum.Bench;

/// <summary>Files that no importer should be given, and text that was decoded wrongly.</summary>
static class ImportTorture
{
    static readonly string[] s_seeds =
    [
        "[{\"title\":\"a\",\"id\":\"c1\",\"current_node\":\"n2\",\"mapping\":{\"n1\":{\"id\":\"n1\",\"message\":{\"id\":\"m1\",\"author\":{\"role\":\"user\"},\"create_time\":1.7e9,\"content\":{\"content_type\":\"text\",\"parts\":[\"вопрос \\u0440\"]}}},\"n2\":{\"id\":\"n2\",\"parent\":\"n1\",\"message\":{\"id\":\"m2\",\"author\":{\"role\":\"assistant\"},\"content\":{\"content_type\":\"code\",\"text\":\"x\"}}}}},{\"title\":\"b\",\"id\":\"c2\",\"mapping\":{}}]",
        "[{\"uuid\":\"u1\",\"name\":\"n\",\"created_at\":\"2025-06-14T19:09:33Z\",\"chat_messages\":[{\"uuid\":\"m\",\"sender\":\"human\",\"text\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"t\"}]}]}]",
        "---\nnexus: nexus-ai-chat-importer\nprovider: chatgpt\nconversation_id: abc\ncreate_time: 2025-06-14T19:09:33.000Z\n---\n# Title: T\n\nCreated: 14.06.2025 at 21:09:33\n\n>[!nexus_user] **User** - 14.06.2025 at 21:09:33\n> Как?\n>> цитата\n<!-- UID: m1 -->\n### User, on 14.06.2025 at 21:09;\n> old\n<!-- UID: m2 -->\n",
        "{\"role\":\"user\",\"content\":\"привет\"}\n{\"turns\":[{\"r\":\"user\",\"t\":\"x\"}]}\n{\"id\":\"k\",\"messages\":[{\"role\":\"user\",\"content\":\"y\"}]}\n",
        "From a@b Sat Jun 14 21:09:00 2025\nSubject: =?utf-8?B?0JDQvdC90LA=?=\nContent-Type: multipart/mixed; boundary=\"q\"\n\n--q\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--q--\n\nFrom c@d Sat Jun 14 21:09:00 2025\nSubject: y\n\nbody\n",
        "# Heading\n\ntext ‚Üí and more\n\n```\ncode\n```\n",
    ];

    public static void Fuzz(Report report, int files)
    {
        string folder = Directory.CreateTempSubdirectory("dum-fuzz-").FullName;
        var random = new Random(20261121);
        (int exact, int broken, int thrown, int unbalanced) = (0, 0, 0, 0);
        try
        {
            for (int done = 0; done < files; done += 500)
            {
                string inside = Path.Combine(folder, $"in{done}");
                Directory.CreateDirectory(inside);
                for (int i = 0; i < Math.Min(500, files - done); i++)
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(s_seeds[i % s_seeds.Length]);
                    for (int k = random.Next(10); k > 0; k--)
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    File.WriteAllBytes(Path.Combine(inside, $"f{i}"), bytes[..random.Next(1, bytes.Length + 1)]);
                }
                try
                {
                    using MindMemory memory = MindMemory.Open(Path.Combine(folder, $"memory{done}"), create: true);
                    ImportReport imported = memory.Import([inside]);
                    unbalanced += imported.Bytes != imported.TurnBytes + imported.MetadataBytes + imported.UnknownBytes || imported.MetadataBytes < 0 ? 1 : 0;
                    CheckReport found = memory.Check();
                    (exact, broken) = (exact + found.Exact, broken + found.Broken.Count);
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine(e);
                    thrown++;
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var table = new Table("Fuzzed and cut files", ("files", "0"), ("stored and exact", "0"), ("not exact", "0"), ("imports with an exception", "0"), ("imports whose bytes do not add up", "0"));
        table.Add(files, exact, broken, thrown, unbalanced);
        report.Add(table);
        report.Note("Fuzzed files that are no text any more are listed as not understood and not stored: they are neither exact nor not.");
    }

    public static void Mojibake(Report report, string path)
    {
        var table = new Table("Mojibake, each case in the company of the others of its codec", ("read as", ""), ("cases", "0"), ("exact", "0"), ("exact, alone", "0"), ("undone exactly", "0"), ("good text changed", "0"));
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(path));
        string[] good = [.. cases.RootElement.EnumerateArray().Select(c => c.GetProperty("good").GetString()!)];
        foreach (string codec in (string[])["macroman", "macroman_apple_logo_dropped", "cp437", "cp850", "cp1252_sloppy", "latin1"])
        {
            string[] bad = [.. cases.RootElement.EnumerateArray().Select(c => c.GetProperty(codec).GetString()!)];
            table.Add(codec, bad.Length, bad.Where((b, i) => Dum.Mind.Repair.Mojibake.Repair(b, bad).Text == good[i]).Count(), bad.Where((b, i) => Dum.Mind.Repair.Mojibake.Repair(b).Text == good[i]).Count(),
                bad.Count(b => Dum.Mind.Repair.Mojibake.Repair(b, bad).Undo() == b), good.Count(g => Dum.Mind.Repair.Mojibake.Repair(g).Text != g));
        }
        report.Add(table);
    }
}
