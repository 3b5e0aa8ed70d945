using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Description;

/// <summary>
/// A browser without a window and one page in it, told what to do by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).
/// It is Debian's chromium; a test that needs it is skipped where there is none.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private string? _session;
    private int _lastId;

    private Browser(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Every address that the page has asked for.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = new();

    /// <summary>What the page's policy forbade, failed requests and uncaught errors, as the browser words them.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it. With a user and a password it answers a server that asks for them as a person would.</summary>
    public static async Task<Browser> StartAsync((string User, string Password)? credentials = null)
    {
        OnPath.Require("chromium");
        DirectoryInfo profile = Directory.CreateTempSubdirectory("imagescan-browser-");
        var start = new ProcessStartInfo("chromium") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var browser = new Browser(Process.Start(start)!, profile);
        try
        {
            await browser.ConnectAsync(credentials);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task GoToAsync(Uri address) => SendAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });

    /// <summary>What people can read on the page.</summary>
    public async Task<string> TextAsync()
    {
        JsonNode answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = "document.body ? document.body.innerText : ''" });
        return answer["result"]!["value"]?.GetValue<string>() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _writing.Dispose();
        DeleteProfile();
    }

    // A child of the browser may write its last file while the folder is removed.
    private void DeleteProfile()
    {
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Left in the temporary folder.
        }
    }

    private async Task ConnectAsync((string User, string Password)? credentials)
    {
        await _socket.ConnectAsync(await DebuggerAsync(), Token);
        _reading = ReadAsync(credentials);
        JsonNode target = await SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonNode attached = await SendAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true });
        _session = attached["sessionId"]!.GetValue<string>();
        foreach (string domain in (string[])["Page", "Network", "Log", "Runtime"])
        {
            await SendAsync($"{domain}.enable", []);
        }

        if (credentials is not null)
        {
            await SendAsync("Fetch.enable", new JsonObject { ["handleAuthRequests"] = true });
        }
    }

    private async Task<Uri> DebuggerAsync()
    {
        // It says where it listens and then what it likes; nobody reads on, so the pipe must not fill up.
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Listening, StringComparison.Ordinal) == true)
            {
                found.TrySetResult(new Uri(line.Data[Listening.Length..]));
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        return await found.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        int id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[id] = answer;
        await WriteAsync(id, method, parameters);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    private async Task WriteAsync(int id, string method, JsonObject parameters)
    {
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        await _writing.WaitAsync(_stop.Token);
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync((string User, string Password)? credentials)
    {
        var message = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (!_stop.IsCancellationRequested)
        {
            WebSocketReceiveResult part = await _socket.ReceiveAsync(buffer, _stop.Token);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                JsonNode json = JsonNode.Parse(message.ToArray())!;
                message.SetLength(0);
                await TakeAsync(json, credentials);
            }
        }
    }

    private async Task TakeAsync(JsonNode message, (string User, string Password)? credentials)
    {
        if (message["id"] is { } id)
        {
            if (_answers.TryRemove(id.GetValue<int>(), out TaskCompletionSource<JsonNode>? waiting))
            {
                _ = message["error"] is { } error
                    ? waiting.TrySetException(new InvalidOperationException(error.ToJsonString()))
                    : waiting.TrySetResult(message["result"]!);
            }

            return;
        }

        JsonNode? details = message["params"];
        switch (message["method"]?.GetValue<string>())
        {
            case "Network.requestWillBeSent":
                Requests.Enqueue(new Uri(details!["request"]!["url"]!.GetValue<string>()));
                break;
            case "Log.entryAdded" when details!["entry"]!["level"]!.GetValue<string>() == "error":
                Complaints.Enqueue(details["entry"]!["text"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
                Complaints.Enqueue(details!["exceptionDetails"]!.ToJsonString());
                break;
            case "Fetch.requestPaused":
                await WriteAsync(Interlocked.Increment(ref _lastId), "Fetch.continueRequest", new JsonObject { ["requestId"] = details!["requestId"]!.DeepClone() });
                break;
            case "Fetch.authRequired":
                await WriteAsync(Interlocked.Increment(ref _lastId), "Fetch.continueWithAuth", new JsonObject
                {
                    ["requestId"] = details!["requestId"]!.DeepClone(),
                    ["authChallengeResponse"] = new JsonObject
                    {
                        ["response"] = "ProvideCredentials",
                        ["username"] = credentials!.Value.User,
                        ["password"] = credentials.Value.Password,
                    },
                });
                break;
        }
    }
}
