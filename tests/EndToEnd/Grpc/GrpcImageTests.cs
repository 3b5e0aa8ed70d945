using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client.Web;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Grpc;

/// <summary>Images over gRPC-Web, held to those of JSON.</summary>
[Collection(StateServers.Name)]
public sealed class GrpcImageTests(SharedAzurite azurite)
{
    private static readonly MadeImage Demo = DemoImage.Build();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("4.5", GrpcWebMode.GrpcWeb)]
    [InlineData("4.9", GrpcWebMode.GrpcWebText)]
    [InlineData("latest", GrpcWebMode.GrpcWeb)]
    public async Task AreThoseOfJsonFieldByField(string level, GrpcWebMode mode)
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite, ("Api:Level", level));
        string name = lab.Registry.Push("made/image", "1", Demo);
        ApiAnswer scanned = await lab.Server.ScanAsync(name);
        ApiAnswer stored = await lab.Server.SendAsync("GET", $"/v1/images/{scanned.Id}", TokenServer.Reader);

        Image scan = await lab.Images(mode).ScanImageAsync(new ScanImageRequest { ImageName = name }, GrpcLab.As(TokenServer.Scanner), cancellationToken: Token);
        Image get = await lab.Images(mode).GetImageAsync(new GetImageRequest { Id = scanned.Id }, GrpcLab.As(TokenServer.Reader), cancellationToken: Token);

        Assert.True(ProtoAgainstJson.CountOf(scanned.Json) > 300);
        Assert.Empty(ProtoAgainstJson.Differences(scan, scanned.Json));
        Assert.Empty(ProtoAgainstJson.Differences(get, stored.Json));
        EmbeddedVulnerability[] vulns = [.. scan.Scan.Components.SelectMany(component => component.Vulns)];
        Assert.Contains(vulns, vuln => vuln is { Cve: "CVE-2022-32221", FixedBy: "7.74.0-1.3+deb11u5" });
        Assert.Contains(vulns, vuln => vuln.CvssV3 is { Score: > 9 });
        Assert.Equal(level == "latest", vulns.Any(vuln => vuln.Origin != VulnOrigin.Other));
    }

    [Fact]
    public async Task TakeWhatARequestSays()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        string name = lab.Registry.Push("made/image", "1", Demo);
        Image first = await ScanAsync(lab, new ScanImageRequest { ImageName = name });
        int before = lab.Registry.BlobRequests.Count;
        await lab.Server.SendAsync("PATCH", "/v1/imagecves/suppress", TokenServer.Approver, new StringContent("""{"cves":["CVE-2022-32221"],"duration":"3600s"}"""));

        Image forced = await ScanAsync(lab, new ScanImageRequest { ImageName = name, Force = true, Namespace = "shop" });
        Image snoozed = await ScanAsync(lab, new ScanImageRequest { ImageName = name, IncludeSnoozed = true });
        Image brief = await lab.Images().GetImageAsync(
            new GetImageRequest { Id = first.Id["sha256:".Length..], StripDescription = true }, GrpcLab.As(TokenServer.Reader), cancellationToken: Token);

        Assert.Equal(Demo.Layers.Count + 1, lab.Registry.BlobRequests.Count - before);
        Assert.DoesNotContain("CVE-2022-32221", CvesOf(forced));
        Assert.Contains("CVE-2022-32221", CvesOf(snoozed));
        Assert.All(brief.Scan.Components.SelectMany(component => component.Vulns), vuln => Assert.Equal("", vuln.Summary));
        Assert.True(brief.Priority > 0);
    }

    [Fact]
    public async Task AreRefusedWithTheCodeAndTheTextOfJson()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        string missing = $"{lab.Registry.Host}/made/nothing:1";
        (object Json, ScanImageRequest Proto)[] requests =
        [
            (new { imageName = "" }, new ScanImageRequest()),
            (new { imageName = "ghcr.io/Foo/bar:1" }, new ScanImageRequest { ImageName = "ghcr.io/Foo/bar:1" }),
            (new { imageName = "ä \u001b%" }, new ScanImageRequest { ImageName = "ä \u001b%" }),
            (new { imageName = missing }, new ScanImageRequest { ImageName = missing }),
            (new { imageName = missing, cluster = "elsewhere" }, new ScanImageRequest { ImageName = missing, Cluster = "elsewhere" }),
        ];
        foreach ((object json, ScanImageRequest proto) in requests)
        {
            foreach (string? token in (string?[])[null, "nobody's", TokenServer.Reader, TokenServer.Scanner])
            {
                ApiAnswer said = await lab.Server.SendAsync("POST", "/v1/images/scan", token, new StringContent(JsonSerializer.Serialize(json)));

                RpcException refusal = await Assert.ThrowsAsync<RpcException>(
                    async () => await lab.Images().ScanImageAsync(proto, GrpcLab.As(token), cancellationToken: Token));

                Assert.Equal((said.Json.GetProperty("code").GetInt32(), said.Message), ((int)refusal.StatusCode, refusal.Status.Detail));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("scan")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task AreNotFoundInTheWordsOfJson(string id)
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);

        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await lab.Images().GetImageAsync(new GetImageRequest { Id = id }, GrpcLab.As(TokenServer.Reader), cancellationToken: Token));

        Assert.Equal(
            id.Length == 0 ? (StatusCode.InvalidArgument, "id must be specified: invalid arguments") : (StatusCode.NotFound, $"image with id \"{id}\" does not exist: not found"),
            (refusal.StatusCode, refusal.Status.Detail));
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task ComeBesideAPingThatIsOpenToAll(GrpcWebMode mode)
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);

        PongMessage pong = await lab.Pings(mode).PingAsync(new Empty(), cancellationToken: Token);

        Assert.Equal("ok", pong.Status);
    }

    [Fact]
    public async Task AreWaitedForAsLongAsTheCallerSays()
    {
        await using GrpcLab lab = await GrpcLab.StartAsync(azurite);
        MadeImage image = TestImages.OfNpm("lodash@4.17.20");
        string name = lab.Registry.Push("made/image", "1", image);
        var gate = new Gate();
        lab.Registry.Misbehave(gate.Before(image.Layers[0].Digest));

        // The client's own clock stops it at the same time, so the time is said without its knowledge.
        RawAnswer answer = await RoxctlRequest.SendAsync(
            lab.Server.Address, "/v1.ImageService/ScanImage", new ScanImageRequest { ImageName = name }, TokenServer.Scanner, ("Grpc-Timeout", "900m"));
        gate.Open();

        Assert.Equal((HttpStatusCode.OK, "4"), (answer.Status, answer.Trailers["grpc-status"]));
        Assert.StartsWith($"context deadline exceeded: The scan of {name} goes on and has taken more than ", answer.Trailers["grpc-message"], StringComparison.Ordinal);
        Assert.Contains("grpc-status-details-bin", answer.Trailers.Keys);
    }

    private static async Task<Image> ScanAsync(GrpcLab lab, ScanImageRequest request) =>
        await lab.Images().ScanImageAsync(request, GrpcLab.As(TokenServer.Scanner), cancellationToken: Token);

    private static IEnumerable<string> CvesOf(Image image) => image.Scan.Components.SelectMany(component => component.Vulns).Select(vuln => vuln.Cve);
}
