using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Docs;

/// <summary><c>docs/recipes.md</c>, run from its first line to its last in one shell.</summary>
[Collection(PageServers.Name)]
public sealed partial class RecipesTests(SharedAzurite azurite) : IDisposable
{
    private const string Secret = "a-secret-that-senders-of-webhooks-know";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-recipes-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnswerAsTheySay()
    {
        foreach (string program in (string[])["bash", "curl", "jq", "openssl"])
        {
            OnPath.Require(program);
        }

        await using OidcServer issuer = await OidcServer.StartAsync(Token);
        await using ScanApp app = await StartAsync(issuer);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(PathOf("cosign.pub"), key.ExportSubjectPublicKeyInfoPem(), Token);

        string errors = await RunAsync(new Dictionary<string, string>
        {
            ["APP"] = app.Address.ToString().TrimEnd('/'),
            ["AUTH"] = "Authorization: Bearer nobody asks on loopback",
            ["IMAGE"] = app.Registry.Push("shop/web", "1", DemoImage.Build()),
            ["REGISTRY"] = app.Registry.Host,
            ["SECRET"] = Secret,
            ["ID_TOKEN"] = issuer.Token(issuer.Claims(DateTimeOffset.UtcNow)),
            ["cosign_pub"] = "cosign.pub",
        });

        IReadOnlyList<Recipe> recipes = Recipe.Read();
        string[] statuses = [.. Status().Matches(errors).Select(match => match.Groups[1].Value)];
        Assert.Equal(recipes.Count, statuses.Length);
        Assert.All(recipes.Zip(statuses), pair => Assert.True(pair.First.Statuses.Contains(pair.Second), $"{pair.Second}: {pair.First.Command}"));
        // No program of the page had anything to say against it.
        Assert.Equal("", Status().Replace(errors, "").Trim());
        Assert.All(
            ["pong.bin", "image.bin", "alerts.bin"],
            file => Assert.Contains("grpc-status: 0", File.ReadAllText(PathOf(file)), StringComparison.Ordinal));
    }

    private Task<ScanApp> StartAsync(OidcServer issuer) => ScanApp.StartAsync(
        azurite,
        ("Registries:0:Host", ScanApp.RegistryHost),
        ("Registries:0:Insecure", "true"),
        ("Secrets:Keys:0:Version", "a"),
        ("Secrets:Keys:0:Key", Convert.ToBase64String(new byte[32])),
        ("Webhooks:generic:Secret", Secret),
        ("Webhooks:generic:Registries", ScanApp.RegistryHost),
        ("Webhooks:cloudevents:Secret", Secret),
        ("Webhooks:cloudevents:Registries", ScanApp.RegistryHost),
        ("Webhooks:cloudevents:AllowedOrigin", "eventgrid.azure.net"),
        ("Access:Issuers:0:Issuer", issuer.Issuer),
        ("Access:Issuers:0:Audience", OidcServer.Audience),
        ("Access:Issuers:0:SubjectPattern", "repo:octo/.*"),
        ("Access:Issuers:0:Role", "scan"),
        ("Access:Issuers:0:AllowPrivateAddress", "true"));

    // Runs the page in a folder of its own; what comes back is all of standard error, in which every request leaves its status.
    private async Task<string> RunAsync(IReadOnlyDictionary<string, string> variables)
    {
        string script = """
            set -u
            curl() { command curl "$@" -w '%{stderr}\n#STATUS %{http_code}\n'; }

            """ + Recipe.Script();
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync(Token);
        string errors = await bash.StandardError.ReadToEndAsync(Token);
        await output;
        await bash.WaitForExitAsync(Token);
        return errors;
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    [GeneratedRegex(@"#STATUS (\d+)")]
    private static partial Regex Status();
}
