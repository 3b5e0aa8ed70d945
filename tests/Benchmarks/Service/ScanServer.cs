using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;

namespace ImageScan.Benchmarks.Service;

/// <summary>
/// <c>imagescan serve</c> as a process of its own, asked over HTTP. It ends when disposed, and also when this process dies, since its
/// standard input ends then.
/// </summary>
internal sealed class ScanServer : IAsyncDisposable
{
    private const string Start = "\"$@\" 2>&1 & echo $!; cat >/dev/null; kill $!; wait";

    // The one that runs this program; what is first on the path may be a script.
    private static readonly string Host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private readonly Process _shell;
    private readonly Task _rest;
    private readonly HttpClient _http;

    private ScanServer(Process shell, int processId, Uri address)
    {
        _shell = shell;
        ProcessId = processId;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(15) };

        // Warnings, so that it never waits for a reader.
        _rest = CopyAsync(shell.StandardOutput);
    }

    public int ProcessId { get; }

    /// <summary>Seconds of CPU that it has used so far, in hundredths.</summary>
    public double Cpu => ProcessFigures.CpuOf(ProcessId);

    /// <summary>Starts it on a free port of 127.0.0.1 and waits until it listens.</summary>
    /// <param name="storage">A connection string.</param>
    /// <param name="settings">By the names of environment variables.</param>
    public static async Task<ScanServer> StartAsync(string storage, params (string Name, string Value)[] settings)
    {
        string[] arguments = [Host, Path.Combine(AppContext.BaseDirectory, "imagescan.dll"), "serve", "--urls", "http://127.0.0.1:0"];
        var start = new ProcessStartInfo("/bin/sh", ["-c", Start, "sh", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AzureWebJobsStorage"] = storage;
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        Process shell = Process.Start(start)!;
        int processId = 0;
        while (await shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (processId == 0)
            {
                processId = int.TryParse(line, out int id) ? id : 0;
            }
            else if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["API", var address, ..])
            {
                return new ScanServer(shell, processId, new Uri(address));
            }
            else if (line.StartsWith("Error:", StringComparison.Ordinal))
            {
                shell.StandardInput.Close();
                throw new InvalidOperationException($"imagescan serve: {line}");
            }
        }

        throw new InvalidOperationException("imagescan serve ended before it listened.");
    }

    /// <summary>The scan of an image, waited for as a caller of StackRox does; returns the bytes of the answer. Throws if it is no 200.</summary>
    public async Task<int> ScanAsync(string image, bool force = false)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync("/v1/images/scan", new { imageName = image, force });
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK
            ? body.Length
            : throw new InvalidOperationException($"{image}: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _shell.StandardInput.Close();
        await _rest;
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static async Task CopyAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.Contains("warn:", StringComparison.Ordinal) || line.Contains("fail:", StringComparison.Ordinal))
            {
                Console.Error.WriteLine(line);
            }
        }
    }
}
