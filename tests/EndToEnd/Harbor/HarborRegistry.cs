using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.EndToEnd.Integrations;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Harbor;

/// <summary>
/// A real <c>docker-registry</c> that lets in a robot alone (htpasswd), behind a proxy on loopback that writes down what it is asked and by whom.
/// </summary>
internal sealed partial class HarborRegistry : IAsyncDisposable
{
    public const string User = "robot$scanner-1";
    public const string Password = "Rob0t-pass:word";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-harbor-");
    private readonly ConcurrentQueue<RegistryRequest> _requests = new();
    private readonly TaskCompletionSource<string> _behind = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private Process? _process;
    private LoopbackRegistry? _proxy;

    /// <summary>Host and port of the proxy.</summary>
    public string Host => _proxy!.Host;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<RegistryRequest> Requests => [.. _requests];

    public static string Basic => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";

    /// <summary>Starts both. Skips the running test where the programs are not installed.</summary>
    public static async Task<HarborRegistry> StartAsync(CancellationToken cancellationToken)
    {
        OnPath.Require("docker-registry");
        OnPath.Require("htpasswd");
        var registry = new HarborRegistry();
        await registry.BeginAsync(cancellationToken);
        registry._proxy = await LoopbackRegistry.StartAsync(registry.ForwardAsync, cancellationToken);
        return registry;
    }

    /// <summary>Puts an image there.</summary>
    public async Task PushAsync(string repository, MadeImage image, CancellationToken cancellationToken)
    {
        DirectoryInfo layout = _folder.CreateSubdirectory("layout");
        MadeLayout.Write(layout, image);
        await Skopeo.CopyAsync(
            $"oci:{layout.FullName}",
            $"docker://{await _behind.Task}/{repository}:1",
            cancellationToken,
            "--dest-tls-verify=false",
            "--preserve-digests",
            $"--dest-creds={User}:{Password}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        string users = Path.Combine(_folder.FullName, "htpasswd");
        using (Process made = Process.Start("htpasswd", ["-Bbc", users, User, Password]))
        {
            await made.WaitForExitAsync(cancellationToken);
            Assert.Equal(0, made.ExitCode);
        }

        string configuration = Path.Combine(_folder.FullName, "config.yml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {Path.Combine(_folder.FullName, "data")}
            http:
              addr: 127.0.0.1:0
            auth:
              htpasswd:
                realm: harbor
                path: {users}
            """,
            cancellationToken);

        // It ends with this process, too, since its standard input ends then.
        var command = new ProcessStartInfo("/bin/sh", ["-c", "docker-registry serve \"$0\" & cat >/dev/null; kill $!; wait", configuration])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = command };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (ListeningOn().Match(line.Data ?? "") is { Success: true } match)
            {
                _behind.TrySetResult(match.Groups[1].Value);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _behind.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    private async Task ForwardAsync(HttpContext context)
    {
        _requests.Enqueue(RegistryRequest.Of(context.Request));
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"http://{await _behind.Task}{context.Request.Path}{context.Request.QueryString}");
        foreach (string name in (string[])["Authorization", "Accept", "Range"])
        {
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)context.Request.Headers[name]!);
        }

        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Transfer-Encoding");
        foreach ((string name, IEnumerable<string> values) in headers)
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (context.Request.Method != "HEAD")
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningOn();
}
