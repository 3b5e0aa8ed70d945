using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Registry;

public sealed class DockerRegistryTests
{
    [Fact]
    public async Task ServesAnArchiveThatSkopeoPushedAndLogsWhatWasRead()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string archive = SharedData.Path("images", "alpine-3.20.tar");
        await using DockerRegistry registry = await DockerRegistry.StartAsync(cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{registry.Host}") };

        string image = await Skopeo.PushAsync(archive, registry.Host, "lab/alpine:3.20", cancellationToken);
        string tags = await client.GetStringAsync("/v2/lab/alpine/tags/list", cancellationToken);

        Assert.Equal($"{registry.Host}/lab/alpine:3.20", image);
        Assert.Contains("\"3.20\"", tags, StringComparison.Ordinal);
        Assert.Empty(registry.BlobReads);
        Assert.Contains(registry.AccessLog, line => line.Contains("PUT /v2/lab/alpine/manifests/3.20", StringComparison.Ordinal));
    }
}
