using System.Net.Sockets;
using System.Text;

namespace Dum.Host;

/// <summary>Looks for model servers that already run on this machine, by the ports they use by default.</summary>
static class LocalServers
{
    static readonly (string Name, int Port, string Path)[] s_known =
    [
        ("Ollama", 11434, "/api/version"), ("llama.cpp", 8080, "/props"), ("vLLM", 8000, "/version"), ("LM-Studio", 1234, "/v1/models"),
    ];

    /// <summary>Lines of <c>NAME PORT ANSWER</c>, where the answer is the first line of the body, at most 80 characters.</summary>
    public static Recorded Look(CancellationToken cancel)
    {
        var lines = new List<string>();
        foreach ((string name, int port, string path) in s_known)
        {
            // Only the loopback, only a GET, and not for longer than 300 ms: a silent port is nobody's fault.
            if (Ask(port, path, cancel) is { } answer)
                lines.Add($"{name} {port} {answer}");
        }
        return new Recorded(string.Join('\n', lines));
    }

    static string? Ask(int port, string path, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(300);
        try
        {
            using var socket = new TcpClient();
            socket.ConnectAsync("127.0.0.1", port, limit.Token).AsTask().GetAwaiter().GetResult();
            NetworkStream stream = socket.GetStream();
            stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"), limit.Token).AsTask().GetAwaiter().GetResult();
            var buffer = new byte[2048];
            int length = 0;
            while (length < buffer.Length)
            {
                int read = stream.ReadAsync(buffer.AsMemory(length), limit.Token).AsTask().GetAwaiter().GetResult();
                if (read == 0)
                    break;
                length += read;
            }
            return FirstLine(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    static string? FirstLine(string response)
    {
        int body = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (!response.StartsWith("HTTP/1", StringComparison.Ordinal) || body < 0 || response.Split(' ') is not [_, "200", ..])
            return null;
        string line = Scrub.Clean(response[(body + 4)..]).Trim().Split('\n')[0];
        return line.Length > 80 ? line[..80] : line;
    }
}
