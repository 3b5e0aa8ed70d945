using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>Images are read by the integrations that there are.</summary>
[Collection(StateServers.Name)]
public sealed class IntegrationUseTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (string? Id, string? Name, string? Mirror) SourceOf(ApiAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        JsonElement source = answer.Json.GetProperty("metadata").GetProperty("dataSource");
        return (source.GetProperty("id").GetString(), source.GetProperty("name").GetString(), source.GetProperty("mirror").GetString());
    }

    [Fact]
    public async Task ByTheFirstThatIsNotRefused()
    {
        await using IntegrationLab lab = await IntegrationLab.StartWithKeyAsync(azurite);
        await lab.MakeAsync(lab.Docker("a", "wrong", "\"skipTestIntegration\":true,"));
        string right = await lab.MakeAsync(lab.Docker("b"));
        lab.Registry.Misbehave(RegistryFaults.RequireBearer("token", "ann", IntegrationLab.Secret));
        string image = lab.Registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));

        ApiAnswer scanned = await lab.Server.ScanAsync(image);
        ApiAnswer again = await lab.Server.SendAsync("GET", $"/v1/images/{scanned.Id}", TokenServer.Reader);

        Assert.Equal((right, "b", ""), SourceOf(scanned));
        Assert.Equal((right, "b", ""), SourceOf(again));
        Assert.Contains(lab.Registry.Requests, request => request.Authorization == IntegrationLab.Basic("wrong"));
        Assert.Contains(lab.Registry.Requests, request => request.Authorization == IntegrationLab.Basic(IntegrationLab.Secret));
    }

    [Fact]
    public async Task AsTheyAreFromTheMomentOfAChangeOn()
    {
        await using IntegrationLab lab = await IntegrationLab.StartWithKeyAsync(azurite);
        lab.Registry.Misbehave(RegistryFaults.RequireBearer("token", "ann", IntegrationLab.Secret));
        string image = lab.Registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await lab.Server.ScanAsync(image)).Status);

        string id = await lab.MakeAsync(lab.Docker("ours"));
        Assert.Equal((id, "ours", ""), SourceOf(await lab.Server.ScanAsync(image)));

        // A token that was got with it opens nothing any more, neither when its password is another nor when it is gone.
        await lab.SendAsync("PUT", $"/{id}", lab.Docker("ours", "wrong", "\"skipTestIntegration\":true,"));
        ApiAnswer refused = await lab.Server.ScanAsync(image);
        Assert.Contains("the account of the integration \"ours\" may not read it or its password is wrong", refused.Message, StringComparison.Ordinal);
        await lab.SendAsync("DELETE", $"/{id}");
        Assert.Equal(HttpStatusCode.InternalServerError, (await lab.Server.ScanAsync(image)).Status);
    }

    [Fact]
    public async Task OnlyIfTheyAreForRegistries()
    {
        await using IntegrationLab lab = await IntegrationLab.StartWithKeyAsync(azurite);
        await lab.MakeAsync(lab.Docker("scanner", more: "\"skipTestIntegration\":true,").Replace("REGISTRY", "SCANNER", StringComparison.Ordinal));
        string image = lab.Registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));

        ApiAnswer scanned = await lab.Server.ScanAsync(image);

        Assert.Equal(lab.Registry.Host, SourceOf(scanned).Name);
    }

    [Fact]
    public async Task ThroughAMirrorFirst()
    {
        await using DockerRegistry origin = await DockerRegistry.StartAsync(Token);
        await using DockerRegistry mirror = await DockerRegistry.StartAsync(Token);
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        DirectoryInfo layout = Directory.CreateTempSubdirectory("imagescan-layout-");
        try
        {
            MadeLayout.Write(layout, TestImages.OfNpm("left-pad@1.3.0"));
            await Skopeo.CopyAsync($"oci:{layout.FullName}", $"docker://{origin.Host}/team/image:1", Token, "--dest-tls-verify=false");
            await Skopeo.CopyAsync($"oci:{layout.FullName}", $"docker://{mirror.Host}/cache/team/image:1", Token, "--dest-tls-verify=false");
            await Skopeo.CopyAsync($"oci:{layout.FullName}", $"docker://{origin.Host}/team/unmirrored:1", Token, "--dest-tls-verify=false");
        }
        finally
        {
            layout.Delete(recursive: true);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imageintegrations")
        {
            Content = new StringContent($$"""{"name":"ours","type":"docker","categories":["REGISTRY"],"mirror":"{{mirror.Host}}/cache","docker":{"endpoint":"{{origin.Host}}"} }"""),
        };
        ApiAnswer made = await app.SendAsync(request);
        Assert.Equal($"{mirror.Host}/cache", made.Json.GetProperty("mirror").GetString());
        int before = origin.AccessLog.Count;

        ApiAnswer scanned = await app.ScanAsync($"{origin.Host}/team/image:1");

        Assert.Equal((made.Id, "ours", $"{mirror.Host}/cache/team/image:1"), SourceOf(scanned));
        Assert.Equal(["left-pad 1.3.0"], scanned.Components);
        Assert.Empty(origin.AccessLog.Skip(before));
        Assert.NotEmpty(mirror.BlobReads);

        ApiAnswer unmirrored = await app.ScanAgainAsync($"{origin.Host}/team/unmirrored:1");
        Assert.Equal((made.Id, "ours", ""), SourceOf(unmirrored));
        Assert.NotEmpty(origin.AccessLog.Skip(before));
    }
}
