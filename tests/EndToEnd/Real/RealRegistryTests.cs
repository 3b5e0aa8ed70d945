using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Real;

/// <summary>Real images, pushed by skopeo to the reference registry, asked for over HTTP.</summary>
[Collection(StateServers.Name)]
public sealed class RealRegistryTests(RealLab lab) : IClassFixture<RealLab>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alpine-3.4", "alpine:3.4")]
    [InlineData("alpine-3.9", "alpine:3.9")]
    [InlineData("debian-11", "debian:11")]
    public async Task FindsTheExpectedRowsAndNoOther(string image, string system)
    {
        string[] expected = ExpectedRows.Of(image);
        string name = await lab.PushAsync(image, $"rows/{image}:1");

        ImageReply reply = await lab.ScanAsync(name);

        Assert.Equal(expected, reply.Rows);
        Assert.Equal(system, reply.OperatingSystem);
        Assert.Equal(name, reply.Name);
        Assert.Empty(reply.ScanNotes);
    }

    [Theory]
    [InlineData("alpine-3.10", "alpine:3.10")]
    [InlineData("alpine-3.14", "alpine:3.14", "PARTIAL_SCAN_DATA", "OS_CVES_UNAVAILABLE")]
    [InlineData("alpine-3.20", "alpine:3.20", "PARTIAL_SCAN_DATA", "OS_CVES_UNAVAILABLE")]
    [InlineData("distroless-base12", "debian:12", "PARTIAL_SCAN_DATA", "OS_CVES_UNAVAILABLE")]
    public async Task FindsNothingAndSaysHowOldTheAdvisoriesAre(string image, string system, params string[] notes)
    {
        string name = await lab.PushAsync(image, $"nothing/{image}:1");

        ImageReply reply = await lab.ScanAsync(name);

        Assert.NotEmpty(reply.Packages);
        Assert.Empty(reply.Rows);
        Assert.Equal(system, reply.OperatingSystem);
        Assert.Equal(notes, reply.ScanNotes);
        Assert.Matches(@"^imagescan \S+, advisories up to 2026-08-22 \(\d+ days old\)", reply.ScannerVersion);
        // The newest of all is no news of this release, if there is anything for it.
        Assert.Equal(notes.Length == 0, reply.ScannerVersion.Contains($", for {system} up to 2020-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadsEveryPackageOfADistrolessImage()
    {
        string[] expected =
        [
            .. ArchiveFiles.Under(SharedData.Path("images", "distroless-base12.tar"), "var/lib/dpkg/status.d")
                .Select(file => DpkgStatus.Installed(file.Text).Single())
                .Select(package => $"{package.Name} {package.Version}")
                .Order(StringComparer.Ordinal),
        ];
        string name = await lab.PushAsync("distroless-base12", "packages/distroless:1");

        ImageReply reply = await lab.ScanAsync(name);

        Assert.Equal(expected, reply.Packages);
    }

    [Fact]
    public async Task ReadsBlobsOnceAndAgainOnlyWhenForced()
    {
        string name = await lab.PushAsync("alpine-3.4", "again/alpine:1");
        IReadOnlyList<string> before = await lab.BlobReadsAsync();

        ImageReply forced = await lab.ScanForcedAsync(name);
        IReadOnlyList<string> first = await lab.BlobReadsAsync();
        ImageReply remembered = await lab.ScanAsync(name);
        IReadOnlyList<string> second = await lab.BlobReadsAsync();
        ImageReply forcedAgain = await lab.ScanForcedAsync(name);
        IReadOnlyList<string> third = await lab.BlobReadsAsync();

        // The configuration and the only layer.
        Assert.Equal(2, first.Count - before.Count);
        Assert.Equal(first, second);
        Assert.Equal(2, third.Count - second.Count);
        Assert.Equal(forced.Json.GetRawText(), remembered.Json.GetRawText());
        Assert.NotEqual(forced.ScanTime, forcedAgain.ScanTime);
        Assert.Equal(forced.ComponentsWithoutTimes(), forcedAgain.ComponentsWithoutTimes());
    }

    [Fact]
    public async Task JoinsTheNameOfASecondTagWithoutReadingABlob()
    {
        string name = await lab.PushAsync("alpine-3.9", "tags/alpine:3.9");
        string other = await lab.PushAsync("alpine-3.9", "tags/alpine:latest");
        ImageReply first = await lab.ScanAsync(name);
        IReadOnlyList<string> before = await lab.BlobReadsAsync();

        ImageReply second = await lab.ScanAsync(other);
        IReadOnlyList<string> after = await lab.BlobReadsAsync();

        Assert.Equal(name, first.Name);
        Assert.DoesNotContain(other, first.Names);
        Assert.Equal(other, second.Name);
        Assert.Equal([.. first.Names, other], second.Names);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task GivesTheKeysInTheOrderOfStackRox()
    {
        string name = await lab.PushAsync("debian-11", "keys/debian:11");

        ImageReply reply = await lab.ScanAsync(name);

        StackRoxKeys.AssertOrdered(reply.Json);
        Assert.Equal(["digest"], reply.Json.GetProperty("metadata").GetProperty("v2").EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.image.rootfs.diff.tar.gzip", "--format", "v2s2")]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip", "--format", "oci")]
    [InlineData(
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.layer.v1.tar+zstd", "--format", "oci", "--dest-compress-format", "zstd")]
    public async Task FindsTheSameInEveryFormOfAnImage(string manifestType, string layerType, params string[] options)
    {
        string[] expected = ExpectedRows.Of("debian-11");
        // skopeo takes a layer that a registry has in another compression as it is, so each form needs a registry of its own.
        await using DockerRegistry registry = await DockerRegistry.StartAsync(Token);
        string name = await Skopeo.PushAsync(SharedData.Path("images", "debian-11.tar"), registry.Host, "forms/debian:11", Token, options);
        JsonElement manifest = await ManifestAsync(registry.Host, "forms/debian", "11");

        ImageReply reply = await lab.ScanForcedAsync(name);

        Assert.Equal(manifestType, manifest.GetProperty("mediaType").GetString());
        Assert.Equal(layerType, manifest.GetProperty("layers")[0].GetProperty("mediaType").GetString());
        Assert.Equal(expected, reply.Rows);
        Assert.Equal(426, reply.Packages.Length);
    }

    // As the registry gives it to a client that takes both forms.
    private static async Task<JsonElement> ManifestAsync(string host, string repository, string tag)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}/v2/{repository}/manifests/{tag}");
        request.Headers.Add("Accept", ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]);
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
