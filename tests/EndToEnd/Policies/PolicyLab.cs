using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Policies;

/// <summary>The API as it is deployed, with a registry and advisories of which <c>left-pad</c> before 1.3.0 has a critical one.</summary>
internal sealed class PolicyLab : IAsyncDisposable
{
    public const string Fixable = "Fixable Severity at least Important";

    private readonly TestAdvisories _advisories;

    private PolicyLab(TestRegistry registry, TokenServer server, TestAdvisories advisories)
    {
        Registry = registry;
        Server = server;
        _advisories = advisories;
    }

    public TestRegistry Registry { get; }

    public TokenServer Server { get; }

    public static async Task<PolicyLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings)
    {
        TestRegistry registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(TestAdvisories.Record("CVE-2024-1", "left-pad", "1.3.0"));
        TokenServer server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Advisories:Path", advisories.Path),
                ("Registries:0:Host", registry.Host),
                ("Registries:0:Insecure", "true"),
                .. settings,
            ]);
        return new PolicyLab(registry, server, advisories);
    }

    /// <summary>An image whose only finding can be mended.</summary>
    public string PushViolating(string tag = "1") => Registry.Push("made/violating", tag, TestImages.OfNpm("left-pad@1.2.0"));

    public Task<ApiAnswer> DetectAsync(object request, string query = "") =>
        Server.SendAsync("POST", $"/v1/detect/build{query}", TokenServer.Scanner, JsonContent.Create(request));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Registry.DisposeAsync();
        _advisories.Dispose();
    }

    /// <summary>The names of the policies of the alerts.</summary>
    public static string[] PoliciesOf(ApiAnswer answer) =>
        [.. answer.Json.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("policy").GetProperty("name").GetString()!)];
}
