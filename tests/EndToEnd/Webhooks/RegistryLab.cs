using System.Net;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>A real registry that tells the app of what happens in it, and the app; images come into it by skopeo.</summary>
internal sealed class RegistryLab : IAsyncDisposable
{
    private const string Secret = "the secret of a registry of these tests";

    private readonly SharedAzurite _azurite;
    private readonly (string Name, string Value)[] _settings;
    private readonly TestRegistry _source;
    private ScanApp? _app;

    private RegistryLab(SharedAzurite azurite, (string Name, string Value)[] settings, TestRegistry source)
    {
        _azurite = azurite;
        _settings = settings;
        _source = source;
    }

    /// <summary>The registry.</summary>
    public DockerRegistry Registry { get; private set; } = null!;

    /// <summary>The person that skopeo is; "" for nobody.</summary>
    public string Person { get; init; } = "";

    public ScanApp App => _app!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the registry, and the app unless it is to come later.</summary>
    /// <param name="azurite">The storage.</param>
    /// <param name="setup">How the registry is set up.</param>
    /// <param name="person">Who may push and read there, <c>name:password</c>; "" for everybody.</param>
    /// <param name="withoutApp">Whether the app is not up yet.</param>
    /// <param name="settings">More settings of the app.</param>
    public static async Task<RegistryLab> StartAsync(
        SharedAzurite azurite, DockerRegistrySetup setup, string person = "", bool withoutApp = false, params IEnumerable<(string Name, string Value)> settings)
    {
        string host = $"127.0.0.1:{FreePort.Find()}";
        string urls = $"http://127.0.0.1:{FreePort.Find()}";
        (string, string)[] all =
        [
            ("Urls", urls),
            ("Storage:Prefix", ScanApp.NewPrefix()),
            ("Webhooks:distribution:Secret", Secret),
            ("Webhooks:distribution:Registries", host),
            .. person.Length == 0 ? [] : RegistryOf(host, person.Split(':', 2)),
            .. settings,
        ];
        var lab = new RegistryLab(azurite, all, await TestRegistry.StartAsync(Token)) { Person = person };
        try
        {
            if (!withoutApp)
            {
                await lab.StartAppAsync();
            }

            lab.Registry = await DockerRegistry.StartAsync(
                setup with { Port = new Uri($"http://{host}").Port, TellsTo = new Uri($"{urls}/v1/webhooks/distribution"), Secret = Secret }, Token);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async Task StartAppAsync() => _app = await ScanApp.StartAsync(_azurite, _settings);

    /// <summary>Starts the part of the app that takes requests, in place of the whole: nothing is scanned by it.</summary>
    public Task<TokenServer> StartReceiverAsync() => TokenServer.StartAsync(_azurite, _settings);

    /// <summary>Copies an image into the registry and returns its name there.</summary>
    public Task<string> PushAsync(string repository, string tag, MadeImage image)
    {
        _source.Push(repository, tag, image);
        return CopyAsync(repository, tag);
    }

    /// <summary>Copies an index with all its images into the registry and returns its name there.</summary>
    public Task<string> PushAsync(string repository, string tag, MadeBlob index, params IEnumerable<MadeImage> images)
    {
        foreach (MadeImage image in images)
        {
            _source.Push(repository, "one", image);
        }

        _source.Content.AddManifest(repository, tag, index);
        return CopyAsync(repository, tag, "--all");
    }

    /// <summary>The result of an image, as soon as it is there; of a look at what the app has, no scan is begun by it.</summary>
    public Task<ApiAnswer> ScannedAsync(Digest digest, Predicate<ApiAnswer>? isAwaited = null) => Eventually.GetAsync(
        () => App.GetAsync($"/v1/images/{digest}"), found => found.Status == HttpStatusCode.OK && (isAwaited?.Invoke(found) ?? true));

    public async ValueTask DisposeAsync()
    {
        if (Registry is not null)
        {
            await Registry.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private static (string, string)[] RegistryOf(string host, string[] person) =>
    [
        ("Registries:0:Host", host),
        ("Registries:0:Insecure", "true"),
        ("Registries:0:Username", person[0]),
        ("Registries:0:Password", person[1]),
    ];

    private async Task<string> CopyAsync(string repository, string tag, params IEnumerable<string> options)
    {
        string image = $"{Registry.Host}/{repository}:{tag}";
        string[] person = Person.Length > 0 ? ["--dest-creds", Person] : [];
        await Skopeo.CopyAsync(
            $"docker://{_source.Host}/{repository}:{tag}",
            $"docker://{image}",
            Token,
            ["--src-tls-verify=false", "--dest-tls-verify=false", "--preserve-digests", .. person, .. options]);
        return image;
    }
}
